/* Names the outcome classes and sorts errors of the system into them. */
#include "core/outcome.h"

#include <errno.h>

static const struct {
    const char *title, *key;
    bool unanswered;
} names[OUTCOMES] = {
    [OUTCOME_OK] = {"ok", "ok", false},
    [OUTCOME_WRONG] = {"wrong", "wrong", false},
    [OUTCOME_REFUSED] = {"refused", "refused", false},
    [OUTCOME_BUSY] = {"busy", "busy", false},
    [OUTCOME_ERROR_LINE] = {"error line", "error_line", false},
    [OUTCOME_RESET] = {"reset", "reset", true},
    [OUTCOME_EARLY_EOF] = {"early EOF", "early_eof", true},
    [OUTCOME_CUT] = {"cut", "cut", true},
    [OUTCOME_TIMEOUT_FIRST] = {"timeout first", "timeout_first", true},
    [OUTCOME_TIMEOUT_WITHIN] = {"timeout within", "timeout_within", true},
    [OUTCOME_LOCAL] = {"local", "local", false},
    [OUTCOME_UNSENT] = {"unsent", "unsent", true},
};

const char *outcome_title(enum outcome o)
{
    return names[o].title;
}

const char *outcome_key(enum outcome o)
{
    return names[o].key;
}

bool outcome_unanswered(enum outcome o)
{
    return names[o].unanswered;
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
