/* The values of options that are more than a number. */
#include "options_internal.h"

#include "reports/versus.h"
#include "units.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

/* "5%@1KiB/s" */
bool options_set_slow(struct parse *p, const char *name, const char *text)
{
    (void)name;
    char copy[64];
    if (strlen(text) >= sizeof copy)
        return options_fail(p, "--slow: too long");
    memcpy(copy, text, strlen(text) + 1);
    char *at = strchr(copy, '@');
    if (at != NULL)
        *at = '\0';
    if (!units_share(copy, &p->share[ROGUE_SLOW]))
        return options_fail(p, "--slow: wants a share and a speed, as 5%%@1KiB/s");
    if (at != NULL && (!units_bytes(at + 1, &p->config->slow_bytes_per_s) || p->config->slow_bytes_per_s == 0))
        return options_fail(p, "--slow: no speed: \"%.40s\" (1KiB/s)", at + 1);
    return true;
}

static bool parse_pattern(struct parse *p, const char *option, const char *text, struct until_pattern *out)
{
    char bytes[4 * UNTIL_MAX];
    size_t len = strlen(text);
    len = len > sizeof bytes ? SIZE_MAX : units_unescape(text, len, bytes);
    if (len == SIZE_MAX || !until_compile(out, bytes, len))
        return options_fail(p, "--%s: wants 1 to %d bytes, with C escapes", option, UNTIL_MAX);
    return true;
}

/* An address of this machine?  Otherwise every connection would fail, one by one. */
static bool can_bind(const struct sockaddr_storage *addr)
{
    int fd = socket(addr->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && bind(fd, (const struct sockaddr *)addr, sizeof *addr) == 0;
    int err = errno;
    if (fd >= 0)
        close(fd);
    errno = err;
    return good;
}

bool options_set_source(struct parse *p, const char *name, const char *list)
{
    (void)name;
    struct config *config = p->config;
    while (*list != '\0') {
        char host[CONFIG_HOST];
        size_t len = strcspn(list, ",");
        if (len == 0 || len >= sizeof host || config->sources == CONFIG_SOURCES)
            return options_fail(p, "--source: wants 1 to %d addresses, with commas between", CONFIG_SOURCES);
        memcpy(host, list, len);
        host[len] = '\0';
        struct sockaddr_storage *source = &config->source[config->sources];
        if (target_resolve(host, NULL, AI_NUMERICHOST, source, 1, p->error) == 0)
            return false;
        if (!can_bind(source))
            return options_fail(p, "--source: %.60s: %s", host, strerror(errno));
        if (source->ss_family != config->source[0].ss_family)
            return options_fail(p, "--source: addresses of IPv4 and of IPv6; want one kind");
        config->sources++;
        list += len + (list[len] == ',');
    }
    return true;
}

bool options_set_greeting(struct parse *p, const char *name, const char *value)
{
    p->raw_given = name;
    return parse_pattern(p, name, value, &p->config->greeting);
}

/* --until BYTES is --framing until:BYTES. */
bool options_set_framing(struct parse *p, const char *name, const char *value)
{
    char text[512], why[FRAME_TEXT];
    p->raw_given = name;
    snprintf(text, sizeof text, "%s%s", name[0] == 'u' ? "until:" : "", value);
    if (strlen(value) > 256 || !framing_parse(&p->config->rules.framing, text, why))
        return options_fail(p, "--%s: %s", name, strlen(value) > 256 ? "too long" : why);
    return true;
}

bool options_set_expect(struct parse *p, const char *name, const char *value)
{
    p->raw_given = name;
    if (name[0] == 'e' && name[1] == 'x')
        p->expect = value;
    else if (!raw_add_error(&p->config->rules, value))
        return options_fail(p, "--%s: no pattern, too long, or more than %d of them", name, RAW_ERRORS);
    return true;
}

bool options_set_duration(struct parse *p, const char *name, const char *value)
{
    uint64_t *ns = &p->config->duration_ns;
    p->duration_given = units_duration(value, true, ns);
    if (p->duration_given && *ns >= NS_PER_MS && *ns <= OPTIONS_HOURS(240))
        return true;
    return options_fail(p, "--%s: wants a time from 1ms to 240h, not \"%.40s\"", name, value);
}

bool options_set_arrivals(struct parse *p, const char *name, const char *value)
{
    p->config->rate.poisson = strcmp(value, "poisson") == 0;
    return p->config->rate.poisson || strcmp(value, "fixed") == 0 || options_fail(p, "--%s: fixed or poisson", name);
}

bool options_set_pid(struct parse *p, const char *name, const char *value)
{
    uint64_t number;
    if (!units_count(value, INT_MAX, &number) || number == 0)
        return options_fail(p, "--%s: no process number: \"%.40s\"", name, value);
    p->config->pid = (pid_t)number;
    return true;
}

bool options_set_fail_if(struct parse *p, const char *name, const char *value)
{
    return verdicts_parse(value, &p->config->fail_if) ||
           options_fail(p, "--%s: wants worse, better, same, unknown, with commas between", name);
}

bool options_set_slo(struct parse *p, const char *name, const char *value)
{
    char why[SLO_TEXT];
    bool find = name[0] == 'f';
    *(find ? &p->config->finding : &p->config->has_slo) = true;
    return slo_parse(value, find ? &p->config->find : &p->config->slo, why) || options_fail(p, "--%s: %s", name, why);
}

/* --query, --mix and --raw add to one mix, but templates stand alone. */
bool options_set_mix(struct parse *p, const char *name, const char *value)
{
    struct config *config = p->config;
    char why[MIX_ERROR];
    bool raw = name[0] == 'r';
    if (p->mix_given && (raw || config->raw))
        return options_fail(p, "--raw stands alone, without --mix or --query");
    p->mix_given = true;
    config->raw = raw;
    bool good = name[0] == 'q' ? mix_add_query(&config->mix, value, why) : mix_add_file(&config->mix, value, raw, why);
    return good || options_fail(p, "--%s: %s", name, why);
}
