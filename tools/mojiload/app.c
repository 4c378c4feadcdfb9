/* Runs once, and does for all modes what they have in common: signals, live view, what the server costs. */
#include "app.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void interrupt(struct app *a)
{
    a->interrupted = true;
    if (a->current != NULL)
        run_interrupt(a->current);
}

static void on_signal(struct reactor_signal *s, int signo)
{
    (void)signo;
    interrupt(((struct app_signal *)s)->app); /* its first member */
}

/* Every way in which people end a program while it runs: Ctrl-C, kill, a terminal that is closed, Ctrl-\. */
static const int signals[APP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static int start_signals(struct app *a)
{
    struct sigaction old;
    for (int i = 0; i < APP_SIGNALS; i++) {
        bool nohup = signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
        a->signal[i] = (struct app_signal){.watcher = {.fn = on_signal, .name = "interrupt"}, .app = a};
        if (!nohup && reactor_signal_start(a->reactor, &a->signal[i].watcher, signals[i]) != 0)
            return -1;
    }
    return 0;
}

int app_init(struct app *a, const struct config *config)
{
    *a = (struct app){.config = config};
    a->reactor = reactor_new(NULL);
    if (a->reactor == NULL)
        return -1;
    live_init(&a->live, stderr, config->quiet);
    if (start_signals(a) == 0)
        return 0;
    int err = errno;
    app_free(a);
    errno = err;
    return -1;
}

void app_free(struct app *a)
{
    if (a->reactor == NULL)
        return;
    for (int i = 0; i < APP_SIGNALS; i++)
        reactor_signal_stop(&a->signal[i].watcher);
    reactor_free(a->reactor);
    a->reactor = NULL;
}

static void on_window(bool begins, void *context)
{
    struct app *a = context;
    if (begins)
        a->sampled = proc_sample(a->config->pid, &a->before);
    else
        a->sampled = a->sampled && proc_sample(a->config->pid, &a->after);
}

int app_load(struct app *a, const struct config *config, const struct target *target, struct run *run,
             struct result *result)
{
    struct proc_cost cost;
    run->config = config;
    run->target = target;
    run->reactor = a->reactor;
    run->observe = live_look;
    run->observe_context = &a->live;
    run->window = config->pid != 0 ? on_window : NULL;
    run->window_context = a;
    a->sampled = false;
    a->current = run;
    int rc = run_execute(run);
    a->current = NULL;
    live_end(&a->live);
    if (rc != 0)
        return -1;
    if (a->sampled)
        cost = proc_between(&a->before, &a->after);
    result_of(result, run, a->sampled ? &cost : NULL);
    return 0;
}

static int execute_one(struct app *a, struct app_outcome *out)
{
    if (app_load(a, a->config, &a->config->target, &out->run, &out->result) != 0)
        return -1;
    out->report.status = out->result.status;
    return 0;
}

int app_execute(struct app *a, struct app_outcome *out)
{
    memset(out, 0, sizeof *out);
    out->report = (struct report){.config = a->config, .result = &out->result};
    if (a->config->finding)
        return app_find(a, out);
    if (a->config->versus.name[0] != '\0')
        return app_versus(a, out);
    return execute_one(a, out);
}

void app_outcome_free(struct app_outcome *out)
{
    run_free(&out->run);
    run_free(&out->other_run);
}
