/* mojiload: loads a line server and tells the truth about it.  This file: from the command line to the exit status. */
#include "app.h"
#include "options.h"
#include "reports/compare.h"
#include "reports/sink.h"

#include "unicode/index.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* As many descriptors as the system allows: a thousand clients are more than the usual soft limit. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool write_reports(struct sinks *sinks, const struct report *report)
{
    bool whole = sinks->json.file == NULL || report_json(sinks->json.file, report);
    if (!whole)
        fprintf(stderr, "mojiload: cannot write %s: %s\n", sinks->json.path, strerror(ENOMEM));
    if (sinks->html.file != NULL)
        report_html(sinks->html.file, report);
    if (sinks->hgrm.file != NULL)
        report_hgrm(sinks->hgrm.file, report->result);
    if (sinks->json.file != stdout && sinks->html.file != stdout && sinks->hgrm.file != stdout)
        report_text(stdout, report);
    return sinks_close(sinks) && whole;
}

static int run(const struct config *config)
{
    struct app app;
    struct sinks sinks;
    struct proc_sample sample;
    if (config->pid != 0 && !proc_sample(config->pid, &sample)) {
        fprintf(stderr, "mojiload: --pid %d: %s\n", (int)config->pid,
                strerror(errno != 0 && errno != ENOENT ? errno : ESRCH));
        return STATUS_USAGE;
    }
    if (!sinks_open(&sinks, config))
        return STATUS_USAGE;
    struct app_outcome *outcome = calloc(1, sizeof *outcome);
    if (outcome == NULL || app_init(&app, config) != 0) {
        fprintf(stderr, "mojiload: cannot start: %s\n", strerror(errno));
        free(outcome);
        return STATUS_USAGE;
    }
    int status = STATUS_USAGE;
    if (app_execute(&app, outcome) != 0)
        fprintf(stderr, "mojiload: cannot run: %s\n", strerror(errno));
    else if (write_reports(&sinks, &outcome->report))
        status = (int)outcome->report.status;
    app_outcome_free(outcome);
    free(outcome);
    app_free(&app);
    return status;
}

/* Standard output ends here for --help, --version and compare. */
static int close_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "mojiload: standard output: %s\n", strerror(errno));
    return STATUS_USAGE;
}

int main(int argc, char **argv)
{
    static struct config config;
    char error[OPTIONS_ERROR];
    int status;
    signal(SIGPIPE, SIG_IGN);
    switch (options_parse(argc, argv, &config, error)) {
    case OPTIONS_HELP: options_help(stdout); return close_output(STATUS_FINE);
    case OPTIONS_VERSION:
        printf("mojiload %s (Unicode %s, %s)\n", MOJIFINDER_VERSION, index_unicode_version(index_builtin()),
               index_source(index_builtin()));
        return close_output(STATUS_FINE);
    case OPTIONS_COMPARE:
        return close_output(compare_files(stdout, config.json_path, config.html_path, config.fail_if));
    case OPTIONS_BAD: fprintf(stderr, "mojiload: %s\nTry 'mojiload --help'.\n", error); return STATUS_USAGE;
    case OPTIONS_RUN: break;
    }
    raise_descriptor_limit();
    status = run(&config);
    options_free(&config);
    return status;
}
