/* The scripted server: looks at its clients every tick, and lets the test answer each line. */
#include "fake.h"

#include "options.h"
#include "reports/report.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RULE "──────────────────────────────────────────────────────────────────"

const char FAKE_RIGHT[] = "U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ";
const char FAKE_NOTHING[] = RULE " 0 found\r\n?> ";

struct delayed {
    struct fake *f;
    struct sim_peer *peer;
    char bytes[];
};

static void send_delayed(void *arg)
{
    struct delayed *d = arg;
    if (!d->f->over && !sim_peer_closed(d->peer))
        sim_peer_send(d->peer, d->bytes, strlen(d->bytes));
    free(d);
}

static void delay(struct fake *f, struct fake_client *c, const char *bytes)
{
    struct delayed *d = malloc(sizeof *d + strlen(bytes) + 1);
    cr_assert_not_null(d);
    *d = (struct delayed){f, c->peer};
    memcpy(d->bytes, bytes, strlen(bytes) + 1);
    sim_at(sim_now_ns() + f->delay_ns, send_delayed, d);
}

void fake_send(struct fake *f, struct fake_client *c, const char *bytes)
{
    if (f->delay_ns > 0 && c->lines > 0) {
        delay(f, c, bytes);
        return;
    }
    size_t len = strlen(bytes), piece = f->cut > 0 ? f->cut : len;
    for (size_t at = 0; at < len; at += piece)
        sim_peer_send(c->peer, bytes + at, len - at < piece ? len - at : piece);
}

void fake_right(struct fake *f, struct fake_client *c)
{
    fake_send(f, c, FAKE_RIGHT);
}

void fake_close(struct fake_client *c)
{
    sim_peer_end(c->peer);
    c->gone = true;
}

static void accept_one(struct fake *f, struct sim_peer *peer)
{
    if (f->clients == f->capacity) {
        f->capacity = f->capacity * 2 + 64;
        f->client = realloc(f->client, f->capacity * sizeof(struct fake_client *));
        cr_assert_not_null(f->client);
    }
    struct fake_client *c = malloc(sizeof *c);
    cr_assert_not_null(c);
    *c = (struct fake_client){.peer = peer};
    f->client[f->clients++] = c;
    sim_peer_read_all(peer);
    if (f->accepted != NULL)
        f->accepted(f, c, f->connections);
    else
        fake_send(f, c, f->greeting != NULL ? f->greeting : "?> ");
    f->connections++;
}

static void serve(struct fake *f, struct fake_client *c)
{
    const char *end;
    while (!c->gone &&
           (end = memchr(sim_peer_text(c->peer) + c->taken, '\n', sim_peer_len(c->peer) - c->taken)) != NULL) {
        const char *line = sim_peer_text(c->peer) + c->taken;
        f->line_len = (size_t)(end - line);
        free(f->line);
        f->line = strndup(line, f->line_len);
        c->taken += f->line_len + 1;
        c->lines++;
        f->answer(f, c, f->requests++);
    }
}

static void tick(void *arg)
{
    struct fake *f = arg;
    struct sim_peer *peer;
    uint64_t now_ns = sim_now_ns();
    if (f->over)
        return;
    bool stopped = now_ns >= f->stops_ns && now_ns < f->goes_on_ns;
    for (;;) {
        int err = f->first_errors > 0 ? ECONNREFUSED : f->connect_error;
        if (stopped || (peer = sim_answer_connect(err)) == NULL)
            break;
        f->first_errors -= f->first_errors > 0;
        if (err == 0)
            accept_one(f, peer);
    }
    uint64_t before = f->requests;
    for (size_t i = 0; !stopped && i < f->clients; i++)
        serve(f, f->client[i]);
    /* Busy, it is quick: what has queued up is gone in no time. */
    uint64_t idle_ns = f->tick_ns > 0 ? f->tick_ns : 100000;
    sim_at(now_ns + (f->requests > before && f->tick_ns == 0 ? 1000 : idle_ns), tick, f);
}

void fake_config(struct config *config, const char *options)
{
    static char name[] = "mojiload", query[] = "--query=snowman without";
    char *text = strdup(options), *argv[64] = {name}, error[OPTIONS_ERROR];
    int argc = 1;
    if (strstr(options, "-q ") == NULL && strstr(options, "--mix") == NULL && strstr(options, "--raw") == NULL)
        argv[argc++] = query;
    for (char *word = strtok(text, " "); word != NULL && argc < 63; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    enum options_result result = options_parse(argc, argv, config, error);
    cr_assert_eq(result, OPTIONS_RUN, "%s", error);
    free(text);
}

void fake_begin(struct fake *f, const char *options)
{
    sim_begin(sim_seed(1));
    fake_config(&f->config, options);
    f->reactor = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert_not_null(f->reactor);
    tick(f);
}

void fake_execute(struct fake *f, struct run *run)
{
    run->config = &f->config;
    run->target = &f->config.target;
    run->reactor = f->reactor;
    cr_assert_eq(run_execute(run), 0);
}

void fake_run(struct fake *f, struct run *run, const char *options)
{
    fake_begin(f, options);
    *run = (struct run){0};
    fake_execute(f, run);
}

char *fake_report(const struct run *run)
{
    char *text = NULL;
    size_t len = 0;
    struct result result;
    result_of(&result, run, NULL);
    FILE *out = open_memstream(&text, &len);
    report_text_in(out, &(struct report){.config = run->config, .result = &result, .status = result.status}, false);
    fclose(out);
    return text;
}

void fake_done(struct fake *f, struct run *run)
{
    f->over = true;
    run_free(run);
    reactor_free(f->reactor);
    options_free(&f->config);
    free(f->line);
    for (size_t i = 0; i < f->clients; i++)
        free(f->client[i]);
    free(f->client);
    cr_expect_eq(sim_end(), 0);
}
