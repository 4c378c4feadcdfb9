/* --host: several, by name, IPv6; each is told in a line of its own. */
#include "wire.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(addresses, .timeout = TEST_TIMEOUT_S);

static bool have_ipv6(void)
{
    struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool have = fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0;
    if (fd >= 0)
        close(fd);
    return have;
}

/* Connects to a numeric address at the port that the log gives behind text. */
static void expect_prompt_at(const struct server *s, const char *address, const char *text)
{
    char prompt[sizeof PROMPT] = "";
    const char *at = find(&s->log, text);
    cr_assert(at, "no \"%s\" in \"%s\"", text, s->log.bytes);
    in_port_t port = htons((in_port_t)strtoul(at + strlen(text), NULL, 10));
    struct sockaddr_storage addr = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&addr;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&addr;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = port;
    } else {
        cr_assert(inet_pton(AF_INET6, address, &v6->sin6_addr) == 1);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = port;
    }
    int fd = socket(addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(connect(fd, (struct sockaddr *)&addr, addr.ss_family == AF_INET ? sizeof *v4 : sizeof *v6) == 0);
    cr_assert(recv(fd, prompt, sizeof prompt - 1, MSG_WAITALL) == sizeof prompt - 1);
    cr_assert_str_eq(prompt, PROMPT);
    close(fd);
}

Test(addresses, several_hosts)
{
    struct server s;
    SERVE(&s, "--host", "127.0.0.1", "--host", "127.0.0.2");
    server_await_log(&s, "listening on 127.0.0.2:", 0);
    server_await_log(&s, "\n", (size_t)(find(&s.log, "listening on 127.0.0.2:") - s.log.bytes));
    expect_prompt_at(&s, "127.0.0.1", "listening on 127.0.0.1:");
    expect_prompt_at(&s, "127.0.0.2", "listening on 127.0.0.2:");
    server_stop(&s);
}

Test(addresses, ipv6)
{
    struct server s;
    if (!have_ipv6())
        cr_skip_test("no IPv6 on this machine");
    SERVE(&s, "--host", "::1");
    expect_prompt_at(&s, "::1", "listening on [::1]:");
    server_stop(&s);
}

/* A wildcard of each family at the same port do not get in each other's way. */
Test(addresses, both_wildcards)
{
    struct server s, next;
    char port[8];
    if (!have_ipv6())
        cr_skip_test("no IPv6 on this machine");
    SERVE_PLAIN(&s); /* finds a free port */
    snprintf(port, sizeof port, "%d", s.port);
    server_stop(&s);
    server_start(&next, (const char *const[]){"--host", "0.0.0.0", "--host", "::", "--port", port, NULL}, NULL);
    server_await_log(&next, "listening on [::]:", 0);
    server_await_log(&next, "\n", (size_t)(find(&next.log, "listening on [::]:") - next.log.bytes));
    expect_prompt_at(&next, "127.0.0.1", "listening on 0.0.0.0:");
    expect_prompt_at(&next, "::1", "listening on [::]:");
    server_stop(&next);
}

Test(addresses, a_name)
{
    struct server s;
    SERVE(&s, "--host", "localhost");
    cr_assert(find(&s.log, "listening on 127.0.0.1:") || find(&s.log, "listening on [::1]:"), "\"%s\"", s.log.bytes);
    server_stop(&s);
}

/* A server just stopped leaves connections in TIME_WAIT: its port can be had again at once. */
Test(addresses, restart_on_the_same_port)
{
    struct server s, again;
    struct client c;
    char port[8];
    SERVE_PLAIN(&s);
    snprintf(port, sizeof port, "%d", s.port);
    client_greeted(&c, &s);
    server_stop(&s);
    server_start(&again, (const char *const[]){"--port", port, NULL}, NULL);
    cr_assert_eq(again.port, s.port);
    client_close(&c);
    client_greeted(&c, &again);
    client_close(&c);
    server_stop(&again);
}
