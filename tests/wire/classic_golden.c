/* The classic dialect answers the 600 recorded requests byte for byte, wherever TCP cuts them. */
#include "golden.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <string.h>

TestSuite(classic_golden, .timeout = TEST_TIMEOUT_S);

static void expect_answer(struct client *c, const struct golden *g)
{
    char sha[65];
    const char *request = escaped(g->request.bytes, g->request.len);
    if (g->short_answer) {
        expect_bytes(c, g->answer.bytes, g->len);
        return;
    }
    while (c->got.len < g->len) {
        size_t more = client_receive(c);
        cr_assert(more > 0, "\"%s\": ended after %zu of %zu bytes", request, c->got.len, g->len);
    }
    sha256_hex(c->got.bytes, g->len, sha);
    cr_assert_str_eq(sha, g->sha, "\"%s\": another answer of %zu bytes: \"%s\"", request, g->len,
                     escaped(c->got.bytes, g->len));
    bytes_drop_front(&c->got, g->len);
}

Test(classic_golden, one_request_at_a_time)
{
    struct server s;
    struct client c;
    struct golden g = {0};
    FILE *file = golden_open();
    int count = 0;
    SERVE(&s, "--classic");
    client_greeted(&c, &s);
    while (golden_next(file, &g)) {
        client_send(&c, g.request.bytes, g.request.len);
        expect_answer(&c, &g);
        count++;
    }
    cr_assert_eq(count, 600);
    client_shut(&c);
    expect_end(&c);
    fclose(file);
    golden_free(&g);
    client_close(&c);
    server_stop(&s);
}

/* All requests typed ahead, then half-closed; requests are written while answers are read. */
Test(classic_golden, everything_pipelined)
{
    struct server s;
    struct client c;
    struct golden g = {0};
    struct bytes all = {0};
    size_t sent = 0;
    FILE *file = golden_open();
    while (golden_next(file, &g))
        bytes_append(&all, g.request.bytes, g.request.len);
    rewind(file);
    SERVE(&s, "--classic");
    client_greeted(&c, &s);
    while (golden_next(file, &g)) {
        while (c.got.len < g.len) {
            sent += client_stuff(&c, all.bytes + sent, all.len - sent);
            cr_assert(client_receive(&c) > 0);
        }
        expect_answer(&c, &g);
    }
    sent += client_stuff(&c, all.bytes + sent, all.len - sent);
    cr_assert_eq(sent, all.len);
    client_shut(&c);
    expect_end(&c);
    fclose(file);
    golden_free(&g);
    bytes_free(&all);
    client_close(&c);
    server_stop(&s);
}

/* Requests that are not plain ASCII, and one in twelve of the others, cut at each byte boundary in turn. */
Test(classic_golden, cut_at_every_byte)
{
    struct server s;
    struct client c;
    struct golden g = {0};
    FILE *file = golden_open();
    SERVE(&s, "--classic");
    client_greeted(&c, &s);
    for (int number = 0; golden_next(file, &g); number++) {
        bool ascii = true;
        for (size_t i = 0; i < g.request.len; i++)
            ascii = ascii && (unsigned char)g.request.bytes[i] < 0x80;
        if (g.len > 2000 || (ascii && number % 12 != 0))
            continue;
        for (size_t cut = 1; cut < g.request.len; cut++) {
            client_send(&c, g.request.bytes, cut);
            sched_yield(); /* lets the server see the first part alone; the answer is the same if it does not */
            client_send(&c, g.request.bytes + cut, g.request.len - cut);
            expect_answer(&c, &g);
        }
        client_dribble(&c, g.request.bytes, g.request.len);
        expect_answer(&c, &g);
    }
    fclose(file);
    golden_free(&g);
    client_close(&c);
    server_stop(&s);
}
