/* The live view: progress, rates, latencies of the last second, errors, a sparkline. */
#include "reports/live.h"

#include "reports/glyphs.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    BAR_WIDTH = 24,
    NARROW = 64 /* columns that rate and times need on one line */
};

void live_init(struct live *l, FILE *out, bool quiet)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;
    *l = (struct live){.out = out, .quiet = quiet, .unicode = glyphs_unicode()};
    l->terminal = isatty(fileno(out)) && !dumb;
    l->columns = 80;
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

/* The length of the escape sequence that begins here; 0: none does. */
static size_t escape_len(const char *p)
{
    return *p == '\x1b' ? strcspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") + 1 : 0;
}

/* Continuation bytes of UTF-8 begin no cell. */
static bool begins_cell(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* The cells of a text, up to its end or to the end of the line. */
static size_t cells_of(const char *p)
{
    size_t cells = 0, escape;
    for (; *p != '\0' && *p != '\n'; p += escape > 0 ? escape : 1) {
        escape = escape_len(p);
        cells += escape == 0 && begins_cell(*p);
    }
    return cells;
}

/* Puts out one line, with '>' in the last of most cells when it is longer.  Escape sequences always go out: colours
 * must end.  Returns the start of the next line. */
static const char *put_line(FILE *out, const char *p, size_t most)
{
    bool cut = cells_of(p) > most;
    size_t cells = 0, escape;
    for (; *p != '\n'; p += escape > 0 ? escape : 1) {
        escape = escape_len(p);
        cells += escape == 0 && begins_cell(*p);
        if (escape > 0 || !cut || cells < most)
            fwrite(p, 1, escape > 0 ? escape : 1, out);
        else if (cells == most && begins_cell(*p))
            fputc('>', out);
    }
    fputc('\n', out);
    return p + 1;
}

static void draw_bar(const struct live *l, const struct run *run)
{
    char bar[3 * BAR_WIDTH + 1];
    double share = progress(run);
    unsigned width = l->columns < NARROW ? BAR_WIDTH / 2 : BAR_WIDTH;
    glyphs_bar(l->unicode, share, width, bar, sizeof bar);
    size_t cells = cells_of(bar);
    fprintf(l->out, "\x1b[K%s%s[%s%*s] %3.0f %%  %s\n", l->label, l->label[0] != '\0' ? " " : "", bar,
            (int)(width - cells), "", share * 100, phase_name(run));
}

static void draw_sparkline(const struct live *l, const struct run *run)
{
    const struct series *s = &run->tally->series;
    double rate[LIVE_SPARKS];
    char text[3 * LIVE_SPARKS + 1];
    size_t count = s->count < LIVE_SPARKS ? s->count : LIVE_SPARKS;
    if (count >= l->columns)
        count = l->columns - 1;
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

static void draw_all(const struct live *l, const struct run *run)
{
    const struct slice last = last_second(run);
    draw_bar(l, run);
    fputs("\x1b[K", l->out);
    show_rate(l->out, &last);
    fputs(l->columns < NARROW ? "\n\x1b[K" : "  ", l->out);
    show_times(l->out, &last);
    fputs("\n\x1b[K", l->out);
    bool errors = tally_errors(run->tally) > 0;
    fputs(errors && l->colour ? "\x1b[31m" : "", l->out);
    show_errors(l->out, run->tally->outcome);
    fputs(errors && l->colour ? "\x1b[0m\n" : "\n", l->out);
    draw_sparkline(l, run);
}

/* The terminal may have been made narrower or wider since the last time. */
static void measure(struct live *l)
{
    struct winsize size;
    if (ioctl(fileno(l->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        l->columns = size.ws_col;
}

static void draw(struct live *l, const struct run *run)
{
    char *text = NULL;
    size_t len = 0;
    struct live frame = *l;
    measure(l);
    frame.columns = l->columns;
    frame.out = open_memstream(&text, &len);
    if (frame.out == NULL)
        return;
    draw_all(&frame, run);
    bool whole = fclose(frame.out) == 0;
    if (whole && l->lines > 0)
        fprintf(l->out, "\x1b[%uA\r\x1b[J", l->lines);
    if (whole)
        l->lines = 0;
    for (const char *p = text; whole && *p != '\0'; l->lines++)
        p = put_line(l->out, p, l->columns - 1);
    free(text);
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
