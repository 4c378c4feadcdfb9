/* The live view: progress, rates, latencies of the last second, errors, a sparkline. */
#include "live.h"

#include "glyphs.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BAR_WIDTH = 24
};

void live_init(struct live *l, FILE *out, bool quiet)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    *l = (struct live){.out = out, .quiet = quiet, .unicode = glyphs_unicode()};
    l->terminal = isatty(fileno(out)) && !dumb;
    l->colour = l->terminal && (no_color == NULL || no_color[0] == '\0');
}

static const char *phase_name(const struct run *run)
{
    switch (run->phase) {
    case RUN_SETUP: return "connecting";
    case RUN_WARMUP: return "warm-up";
    case RUN_MEASURE: return "";
    case RUN_DRAIN: return "draining";
    case RUN_DONE: return "done";
    }
    return "";
}

/* Errors by class, or "no errors". */
static void show_errors(FILE *out, const uint64_t outcome[OUTCOMES])
{
    bool any = false;
    char count[UNITS_TEXT];
    for (int o = OUTCOME_WRONG; o < OUTCOMES; o++) {
        if (outcome[o] > 0)
            fprintf(out, "%s%s %s", any ? ", " : "", units_show_count(outcome[o], count),
                    outcome_title((enum outcome)o));
        any |= outcome[o] > 0;
    }
    if (!any)
        fputs("no errors", out);
}

static void show_rate(FILE *out, const struct slice *s)
{
    char rate[UNITS_TEXT], asked[UNITS_TEXT];
    double seconds = (double)s->length_ns / 1e9;
    fprintf(out, "%s/s", units_show_rate(seconds > 0 ? (double)s->outcome[OUTCOME_OK] / seconds : 0, rate));
    if (s->asked_per_s > 0)
        fprintf(out, " of %s/s", units_show_rate(s->asked_per_s, asked));
}

static void show_times(FILE *out, const struct slice *s)
{
    char p50[UNITS_TEXT], p99[UNITS_TEXT], max[UNITS_TEXT];
    fprintf(out, "p50 %s  p99 %s  max %s", units_show_ns(s->p50_ns, p50), units_show_ns(s->p99_ns, p99),
            units_show_ns(s->max_ns, max));
}

/* ---- plain lines ---- */

static void tell(struct live *l, const struct run *run)
{
    const struct series *s = &run->tally->series;
    for (; l->told < s->count; l->told++) {
        const struct slice *slice = &s->slice[l->told];
        fprintf(l->out, "%s%s%5.0f s  ", l->label, l->label[0] != '\0' ? " " : "",
                (double)(slice->start_ns + slice->length_ns) / 1e9);
        show_rate(l->out, slice);
        fputs("  ", l->out);
        show_times(l->out, slice);
        fputs("  ", l->out);
        show_errors(l->out, slice->outcome);
        fputs(slice->warmup ? "  (warm-up)\n" : "\n", l->out);
    }
}

/* ---- on a terminal ---- */

static double progress(const struct run *run)
{
    const struct config *c = run->config;
    if (run->phase == RUN_SETUP)
        return 0;
    double by_time = (double)(reactor_now_ns(run->reactor) - run->epoch_ns) / (double)(c->warmup_ns + c->duration_ns);
    double by_count = c->requests != UINT64_MAX ? (double)run->issued / (double)c->requests : 0;
    double share = by_time > by_count ? by_time : by_count;
    return share > 1 || run->phase >= RUN_DRAIN ? 1 : share;
}

static void draw_bar(const struct live *l, const struct run *run)
{
    char bar[3 * BAR_WIDTH + 1];
    double share = progress(run);
    glyphs_bar(l->unicode, share, BAR_WIDTH, bar, sizeof bar);
    size_t cells = 0; /* UTF-8: continuation bytes take no cell */
    for (const char *p = bar; *p != '\0'; p++)
        cells += ((unsigned char)*p & 0xC0) != 0x80;
    fprintf(l->out, "\x1b[K%s%s[%s%*s] %3.0f %%  %s\n", l->label, l->label[0] != '\0' ? " " : "", bar,
            (int)(BAR_WIDTH - cells), "", share * 100, phase_name(run));
}

static void draw_sparkline(const struct live *l, const struct run *run)
{
    const struct series *s = &run->tally->series;
    double rate[LIVE_SPARKS];
    char text[3 * LIVE_SPARKS + 1];
    size_t count = s->count < LIVE_SPARKS ? s->count : LIVE_SPARKS;
    for (size_t i = 0; i < count; i++)
        rate[i] = (double)s->slice[s->count - count + i].outcome[OUTCOME_OK];
    fprintf(l->out, "\x1b[K%s\n", glyphs_sparkline(l->unicode, rate, count, text, sizeof text));
}

/* The last whole second, or what there is of the first. */
static struct slice last_second(const struct run *run)
{
    const struct series *s = &run->tally->series;
    if (s->count > 0 || run->phase == RUN_SETUP)
        return s->count > 0 ? s->slice[s->count - 1] : (struct slice){0};
    struct slice part = s->now;
    part.length_ns = reactor_now_ns(run->reactor) - run->epoch_ns;
    part.p50_ns = hist_quantile(&s->response, 0.5);
    part.p99_ns = hist_quantile(&s->response, 0.99);
    part.max_ns = s->response.max_ns;
    return part;
}

static void draw(struct live *l, const struct run *run)
{
    const struct slice last = last_second(run);
    if (l->lines > 0)
        fprintf(l->out, "\x1b[%uA\r", l->lines);
    draw_bar(l, run);
    fputs("\x1b[K", l->out);
    show_rate(l->out, &last);
    fputs("  ", l->out);
    show_times(l->out, &last);
    fputs("\n\x1b[K", l->out);
    bool errors = tally_errors(run->tally) > 0;
    fputs(errors && l->colour ? "\x1b[31m" : "", l->out);
    show_errors(l->out, run->tally->outcome);
    fputs(errors && l->colour ? "\x1b[0m\n" : "\n", l->out);
    draw_sparkline(l, run);
    l->lines = 4;
}

void live_look(const struct run *run, void *context)
{
    struct live *l = context;
    if (l->quiet)
        return;
    if (l->terminal)
        draw(l, run);
    else
        tell(l, run);
    fflush(l->out);
}

void live_end(struct live *l)
{
    if (l->lines > 0) {
        fprintf(l->out, "\x1b[%uA\r\x1b[J", l->lines);
        fflush(l->out);
    }
    l->lines = 0;
    l->told = 0;
}
