/* The report as one page: the text report, and three plots as SVG.  Nothing is loaded from anywhere. */
#include "reports/report.h"

#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 760,
    HEIGHT = 260,
    LEFT = 80, /* for the labels of the y axis */
    BOTTOM = 30,
    TOP = 12,
    RIGHT = 12,
    STEPS_PER_NINE = 50
};

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>mojiload report</title>\n<style>\n"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:800px;margin:2em auto;padding:0 "
    "1em;color:#222;background:#fff}\n"
    "pre{font:13px/1.3 ui-monospace,monospace;overflow-x:auto;background:#f5f5f5;padding:1em}\n"
    "svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#555}\n"
    ".grid{stroke:#ddd}.a{stroke:#0b62a4}.b{stroke:#c0392b}.c{stroke:#999}.a,.b,.c{fill:none;stroke-width:1.6}\n"
    "tspan.ka{fill:#0b62a4}tspan.kb{fill:#c0392b}tspan.kc{fill:#888}h2{font-size:1.05em;margin:1.6em 0 .3em}\n"
    "</style></head><body>\n";

/* A plot: data coordinates to the page's. */
struct plot {
    FILE *out;
    double x_max;
    double y_low, y_high; /* logarithms of ns when log_y */
    bool log_y;
};

static double page_x(const struct plot *p, double x)
{
    return LEFT + (p->x_max > 0 ? x / p->x_max : 0) * (WIDTH - LEFT - RIGHT);
}

static double page_y(const struct plot *p, double y)
{
    double at = p->log_y ? log10(y > 1 ? y : 1) : y;
    double share = p->y_high > p->y_low ? (at - p->y_low) / (p->y_high - p->y_low) : 0;
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

/* &, < and > in text become references; the report has no other use for markup. */
static void put_escaped(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '<')
            fputs("&lt;", out);
        else if (text[i] == '>')
            fputs("&gt;", out);
        else if (text[i] == '&')
            fputs("&amp;", out);
        else
            fputc(text[i], out);
    }
}

static void y_tick(const struct plot *p, double value, const char *label)
{
    double y = page_y(p, value);
    fprintf(p->out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y, y);
    fprintf(p->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 6, y + 4, label);
}

static void y_axis(const struct plot *p)
{
    char label[UNITS_TEXT];
    if (p->log_y) {
        for (int e = (int)ceil(p->y_low); e <= (int)p->y_high; e++)
            y_tick(p, pow(10, e), units_show_ns((uint64_t)(pow(10, e) + 0.5), label));
        return;
    }
    for (int i = 0; i <= 4; i++)
        y_tick(p, p->y_high * i / 4, units_show_rate(p->y_high * i / 4, label));
}

static void x_tick(const struct plot *p, double x, const char *label)
{
    fprintf(p->out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", page_x(p, x), HEIGHT - 10, label);
}

static void plot_begin(struct plot *p, const char *title, const char *legend)
{
    fprintf(p->out, "<h2>%s</h2>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", title, WIDTH, HEIGHT,
            title);
    y_axis(p);
    fprintf(p->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", WIDTH - RIGHT, TOP + 6, legend);
}

static void plot_end(const struct plot *p)
{
    fputs("</svg>\n", p->out);
}

/* ---- over time ---- */

typedef double slice_value(const struct slice *s);

static double value_rate(const struct slice *s)
{
    return s->length_ns > 0 ? (double)s->outcome[OUTCOME_OK] / ((double)s->length_ns / 1e9) : 0;
}
static double value_asked(const struct slice *s)
{
    return s->asked_per_s;
}
static double value_p50(const struct slice *s)
{
    return (double)s->p50_ns;
}
static double value_p99(const struct slice *s)
{
    return (double)s->p99_ns;
}
static double value_max(const struct slice *s)
{
    return (double)s->max_ns;
}

static double seconds_to(const struct slice *s)
{
    return (double)(s->start_ns + s->length_ns) / 1e9;
}

static double highest(const struct series *s, slice_value *value)
{
    double top = 0;
    for (size_t i = 0; i < s->count; i++)
        top = fmax(top, value(&s->slice[i]));
    return top;
}

static void curve(const struct plot *p, const struct series *s, slice_value *value, const char *class)
{
    fprintf(p->out, "<polyline class=\"%s\" points=\"", class);
    for (size_t i = 0; i < s->count; i++) {
        double y = value(&s->slice[i]);
        if (y > 0 || !p->log_y)
            fprintf(p->out, "%.1f,%.1f ", page_x(p, seconds_to(&s->slice[i])), page_y(p, y));
    }
    fputs("\"/>\n", p->out);
}

static void time_axis(const struct plot *p)
{
    char label[UNITS_TEXT];
    for (int i = 0; i <= 5; i++)
        x_tick(p, p->x_max * i / 5, units_show_ns((uint64_t)(p->x_max * i / 5 * 1e9), label));
}

static void plot_throughput(FILE *out, const struct series *s)
{
    double top = fmax(highest(s, value_rate), highest(s, value_asked));
    struct plot p = {.out = out, .x_max = seconds_to(&s->slice[s->count - 1]), .y_high = top > 0 ? top * 1.05 : 1};
    plot_begin(&p, "Right answers a second", "<tspan class=\"ka\">answered</tspan> <tspan class=\"kc\">asked</tspan>");
    curve(&p, s, value_asked, "c");
    curve(&p, s, value_rate, "a");
    time_axis(&p);
    plot_end(&p);
}

static void plot_latency(FILE *out, const struct series *s)
{
    double top = highest(s, value_max), low = top;
    for (size_t i = 0; i < s->count; i++) {
        if (s->slice[i].p50_ns > 0)
            low = fmin(low, (double)s->slice[i].p50_ns);
    }
    struct plot p = {.out = out, .x_max = seconds_to(&s->slice[s->count - 1]), .log_y = true};
    p.y_low = floor(log10(fmax(low, 1000)));
    p.y_high = ceil(log10(fmax(top, 10000)));
    plot_begin(&p, "Response time by second",
               "<tspan class=\"ka\">p50</tspan> <tspan class=\"kb\">p99</tspan> <tspan class=\"kc\">max</tspan>");
    curve(&p, s, value_max, "c");
    curve(&p, s, value_p99, "b");
    curve(&p, s, value_p50, "a");
    time_axis(&p);
    plot_end(&p);
}

/* ---- percentiles ---- */

/* x is the number of nines: 0 for the minimum, 1 for p90, 2 for p99 … */
static void distribution(const struct plot *p, const struct hist *h, const char *class)
{
    fprintf(p->out, "<polyline class=\"%s\" points=\"", class);
    for (int i = 0; i <= (int)p->x_max * STEPS_PER_NINE; i++) {
        double nines = (double)i / STEPS_PER_NINE;
        double value = (double)hist_quantile(h, 1 - pow(10, -nines));
        fprintf(p->out, "%.1f,%.1f ", page_x(p, nines), page_y(p, value));
    }
    fputs("\"/>\n", p->out);
}

static void plot_percentiles(FILE *out, const struct result *r)
{
    static const char *const labels[] = {"0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"};
    const struct hist *h = &r->tally->judged_response;
    double nines = floor(log10((double)h->count));
    struct plot p = {.out = out, .x_max = fmax(1, fmin(5, nines)), .log_y = true};
    p.y_low = floor(log10(fmax((double)h->min_ns, 1000)));
    p.y_high = ceil(log10(fmax((double)h->max_ns, 10000)));
    plot_begin(&p, "Times by percentile", "<tspan class=\"ka\">response</tspan> <tspan class=\"kb\">service</tspan>");
    distribution(&p, h, "a");
    distribution(&p, &r->tally->judged_service, "b");
    for (int i = 0; i <= (int)p.x_max; i++)
        x_tick(&p, i, labels[i]);
    plot_end(&p);
}

static void plots(FILE *out, const struct result *r)
{
    fputs("<h1 style=\"font-size:1.2em\">", out);
    put_escaped(out, r->target->name, strlen(r->target->name));
    fputs("</h1>\n", out);
    if (r->tally->series.count > 0) {
        plot_throughput(out, &r->tally->series);
        plot_latency(out, &r->tally->series);
    }
    if (r->tally->judged_response.count > 0)
        plot_percentiles(out, r);
}

static void text(FILE *out, const struct report *report)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&bytes, &len);
    if (memory == NULL)
        return;
    report_text_in(memory, report, true);
    if (fclose(memory) == 0) {
        fputs("<pre>", out);
        put_escaped(out, bytes, len);
        fputs("</pre>\n", out);
    }
    free(bytes);
}

void report_html(FILE *out, const struct report *report)
{
    fputs(head, out);
    text(out, report);
    plots(out, report->result);
    if (report->other != NULL)
        plots(out, report->other);
    fprintf(out, "<p>%s, mojiload %s.</p>\n</body></html>\n", report->result->finished, MOJIFINDER_VERSION);
}
