/* Names the outcome classes and sorts errors of the system into them. */
#include "outcome.h"

#include <errno.h>

static const struct {
    const char *title, *key;
} names[OUTCOMES] = {
    [OUTCOME_OK] = {"ok", "ok"},
    [OUTCOME_WRONG] = {"wrong", "wrong"},
    [OUTCOME_REFUSED] = {"refused", "refused"},
    [OUTCOME_BUSY] = {"busy", "busy"},
    [OUTCOME_ERROR_LINE] = {"error line", "error_line"},
    [OUTCOME_RESET] = {"reset", "reset"},
    [OUTCOME_EARLY_EOF] = {"early EOF", "early_eof"},
    [OUTCOME_TIMEOUT_FIRST] = {"timeout first", "timeout_first"},
    [OUTCOME_TIMEOUT_WITHIN] = {"timeout within", "timeout_within"},
    [OUTCOME_LOCAL] = {"local", "local"},
    [OUTCOME_UNSENT] = {"unsent", "unsent"},
};

const char *outcome_title(enum outcome o)
{
    return names[o].title;
}

const char *outcome_key(enum outcome o)
{
    return names[o].key;
}

enum outcome outcome_of_errno(int err)
{
    switch (err) {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN: return OUTCOME_REFUSED;
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED: return OUTCOME_RESET;
    case ETIMEDOUT: return OUTCOME_TIMEOUT_FIRST;
    default: return OUTCOME_LOCAL;
    }
}
