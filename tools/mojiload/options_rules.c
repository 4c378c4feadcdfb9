/* The rules between options, and what they come to together. */
#include "options_internal.h"

#include "dialogue/answers.h"
#include "units.h"

#include <string.h>

#define DEFAULT_PORT "2323"

/* "A:B/T" */
static bool parse_ramp(struct parse *p)
{
    char copy[96];
    struct schedule_config *s = &p->config->rate;
    if (strlen(p->ramp) >= sizeof copy)
        return options_fail(p, "--ramp: too long");
    memcpy(copy, p->ramp, strlen(p->ramp) + 1);
    char *colon = strchr(copy, ':'), *slash = strrchr(copy, '/');
    if (colon == NULL || slash == NULL || slash < colon)
        return options_fail(p, "--ramp: wants FROM:TO/TIME, as 0:20k/30s");
    *colon = *slash = '\0';
    if (!units_rate(copy, &s->from_per_s) || !units_rate(colon + 1, &s->to_per_s) ||
        !units_duration(slash + 1, true, &s->ramp_ns) || s->ramp_ns == 0)
        return options_fail(p, "--ramp: wants FROM:TO/TIME, as 0:20k/30s");
    if (s->from_per_s <= 0 && s->to_per_s <= 0)
        return options_fail(p, "--ramp: one of the rates must be above 0");
    return true;
}

static bool complete_rate(struct parse *p)
{
    struct config *config = p->config;
    struct schedule_config *s = &config->rate;
    s->seed = config->seed;
    config->open_loop = p->rate != NULL || p->ramp != NULL;
    if (p->rate != NULL && p->ramp != NULL)
        return options_fail(p, "--rate and --ramp exclude each other");
    if (p->rate != NULL && (!units_rate(p->rate, &s->to_per_s) || s->to_per_s <= 0))
        return options_fail(p, "--rate: wants requests a second (5k), not \"%.40s\"", p->rate);
    s->from_per_s = s->to_per_s;
    if (p->ramp != NULL && (config->finding || !parse_ramp(p)))
        return config->finding ? options_fail(p, "--find walks the rate itself: no --ramp") : false;
    if (config->open_loop && config->think_ns > 0)
        return options_fail(p, "--think is for the closed loop, without --rate");
    if (s->poisson && !config->open_loop && !config->finding)
        return options_fail(p, "--arrivals needs --rate");
    if (config->has_slo && slo_needs_rate(&config->slo) && !config->open_loop && !config->finding)
        return options_fail(p, "--slo: a share of the rate needs --rate");
    return true;
}

static bool complete_limits(struct parse *p)
{
    struct config *config = p->config;
    if (config->finding && !p->duration_given)
        config->duration_ns = 3 * NS_PER_S;
    else if (config->requests != UINT64_MAX && !p->duration_given)
        config->duration_ns = OPTIONS_HOURS(1); /* --requests alone: they end the run, this is the last resort */
    if (config->finding && p->versus != NULL)
        return options_fail(p, "--find and --versus exclude each other");
    if (p->versus != NULL && (config->requests != UINT64_MAX || p->ramp != NULL || config->pid != 0))
        return options_fail(p, "--versus loads both the same way in short turns: no --requests, --ramp or --pid");
    if (config->fail_if != 0 && p->versus == NULL)
        return options_fail(p, "--fail-if needs --versus, or compare");
    if (config->raw && (config->verify || config->classic))
        return options_fail(p, "--raw is another protocol: no --verify, no --classic");
    if (!config->raw && p->raw_given != NULL)
        return options_fail(p, "--%s needs --raw", p->raw_given);
    for (int i = 0; i < ROGUE_KINDS; i++) {
        double count = p->share[i] * config->clients;
        config->rogues[i] = count > 0 && count < 1 ? 1 : (uint32_t)(count + 0.5);
    }
    return true;
}

/* Standard output, and any file, takes one document. */
static bool complete_outputs(struct parse *p)
{
    const char *const path[] = {p->config->json_path, p->config->html_path, p->config->hgrm_path};
    static const char *const name[] = {"--json", "--html", "--hgrm"};
    for (int i = 0; i < 3; i++) {
        for (int k = i + 1; k < 3; k++) {
            if (path[i] != NULL && path[k] != NULL && strcmp(path[i], path[k]) == 0)
                return options_fail(p, "%s and %s cannot both go to %.80s", name[i], name[k],
                                    strcmp(path[i], "-") == 0 ? "standard output" : path[i]);
        }
    }
    return true;
}

static bool complete_target(struct parse *p, const char *text, struct target *out)
{
    if (text == NULL)
        return true;
    if (!target_find(text, p->port != NULL ? p->port : DEFAULT_PORT, out, p->error))
        return false;
    return p->config->sources == 0 || target_keep_family(out, p->config->source[0].ss_family, p->error);
}

static bool complete_targets(struct parse *p)
{
    struct target *target = &p->config->target;
    if (p->host != NULL && p->target != NULL)
        return options_fail(p, "--host %.80s and the target %.80s: want one of them", p->host, p->target);
    const char *text = p->host != NULL ? p->host : p->target != NULL ? p->target : "127.0.0.1";
    if (!complete_target(p, text, target))
        return false;
    const char *port = strrchr(target->name, ':') + 1;
    if (p->port != NULL && strcmp(port, p->port) != 0)
        return options_fail(p, "--port %.20s, but the target says %.20s", p->port, port);
    return true;
}

bool options_complete(struct parse *p)
{
    struct config *config = p->config;
    char mix_error[MIX_ERROR], shown[48];
    if (!complete_rate(p) || !complete_limits(p))
        return false;
    size_t len;
    const char *trailer = raw_trailer(&config->rules, &len);
    raw_add_errors_of_framing(&config->rules);
    if (config->raw && !mix_expect(&config->mix, p->expect, trailer, len, mix_error))
        return options_fail(p, "--expect: %s", mix_error);
    if (!p->mix_given && !mix_add_default(&config->mix, mix_error))
        return options_fail(p, "%s", mix_error);
    for (size_t i = 0; config->verify && i < config->mix.count; i++) {
        const struct mix_entry *e = &config->mix.entry[i];
        if (answer_kind_of(e->request, e->query_len, config->classic) == ANSWER_DIRECTIVE)
            return options_fail(p, "--verify knows the answers to queries, not what directives change: \"%.40s\"",
                                units_escape(e->request, e->query_len, shown, sizeof shown));
    }
    return complete_outputs(p) && complete_target(p, p->versus, &config->versus) && complete_targets(p);
}
