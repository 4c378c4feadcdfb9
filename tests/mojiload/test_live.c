/* What is drawn on a terminal stays within its columns. */
#include "fake.h"

#include "reports/live.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void mostly_wrong(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number % 3 == 0 ? "nonsense\r\n?> " : number % 3 == 1 ? "! no\r\n?> " : FAKE_RIGHT);
}

/* The cells of the longest line, with an independent idea of what takes a cell: all but escape sequences, CR and
 * continuation bytes. */
static size_t widest(const char *text)
{
    size_t cells = 0, most = 0;
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            cells = 0;
        else if (*text == '\x1b')
            while (strchr("KAJm", *text) == NULL)
                text++;
        else if (*text != '\r' && ((unsigned char)*text & 0xC0) != 0x80)
            cells++;
        most = cells > most ? cells : most;
    }
    return most;
}

Test(live, does_not_wrap)
{
    static const unsigned columns[] = {2, 10, 20, 40, 63, 64, 80, 200};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        for (int unicode = 0; unicode < 2; unicode++) {
            struct fake f = {.answer = mostly_wrong};
            struct live l = {.terminal = true, .colour = true, .unicode = unicode, .columns = columns[i]};
            struct run run = {.observe = live_look, .observe_context = &l};
            char *text = NULL;
            size_t len = 0;
            strcpy(l.label, "12.5k/s");
            l.out = open_memstream(&text, &len);
            fake_begin(&f, "--rate 100 --clients 5 --duration 70s -q snowman");
            fake_execute(&f, &run);
            live_end(&l);
            fclose(l.out);
            cr_expect_lt(widest(text), columns[i], "%u columns: %zu", columns[i], widest(text));
            cr_expect(columns[i] < 64 || strstr(text, "max ") != NULL);
            cr_expect(columns[i] < 40 || (strstr(text, "max ") != NULL && strstr(text, "100/s") != NULL), "%s", text);
            free(text);
            fake_done(&f, &run);
        }
    }
}
