/* A line without end: the error at once, 64 KiB skipped, then the connection is closed. */
#include "wire.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(long_lines, .timeout = TEST_TIMEOUT_S);

static char filler[1 << 16];

static void begin(struct server *s, struct client *c)
{
    memset(filler, 'x', sizeof filler);
    SERVE_PLAIN(s);
    client_greeted(c, s);
    client_send(c, filler, 4097);
    expect(c, "! line too long (limit 4096 bytes)\r\n");
}

Test(long_lines, nearly_64_kib_are_skipped)
{
    struct server s;
    struct client c;
    begin(&s, &c);
    client_send(&c, filler, 60000);
    client_say(&c, "\nweary cat face\n");
    expect(&c, PROMPT);
    expect(&c, WEARY_CAT);
    client_close(&c);
    server_stop(&s);
}

/* Bytes are sent until the server has closed: the kernel tells by refusing them. */
Test(long_lines, more_than_64_kib_close)
{
    struct server s;
    struct client c;
    size_t sent = 0;
    begin(&s, &c);
    while (sent < 64 * sizeof filler) {
        ssize_t n = send(c.fd, filler, sizeof filler, MSG_NOSIGNAL);
        if (n < 0)
            break;
        sent += (size_t)n;
    }
    client_read_to_end(&c);
    cr_assert_eq(bytes_count(&c.got, PROMPT), 0, "\"%s\"", escaped(c.got.bytes, c.got.len));
    client_close(&c);
    server_stop(&s);
}

/* The limit is what --max-line says, also far above the usual. */
Test(long_lines, a_line_of_a_megabyte)
{
    struct server s;
    struct client c;
    SERVE(&s, "--max-line", "1048576");
    client_greeted(&c, &s);
    for (int i = 0; i < 15; i++) {
        memset(filler, ' ', sizeof filler);
        client_send(&c, filler, sizeof filler);
    }
    client_say(&c, "weary cat face\n");
    expect(&c, WEARY_CAT);
    expect(&c, PROMPT);
    client_close(&c);
    server_stop(&s);
}
