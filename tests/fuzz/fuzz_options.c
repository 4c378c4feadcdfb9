/* The command line, and the one answer it asks for.
 *
 * The input is a letter, then an argument a line: '' is the empty one, and what follows a line of just < is standard
 * input.  Bit 0 of the letter makes standard output a terminal, bit 1 lets it take no more than 1,000 bytes.
 *
 *     @--format\njson\ncat\nface
 *
 * Options are refused in one line on stderr; an answer is lines of UTF-8 on stdout (objects, in JSON); the exit status
 * is one of those that --help tells of.  Serving is left to others.
 */
#include "answers.h"

#include "../../src/server/oneshot.h"
#include "../../src/server/options.h"

#include "unicode/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    ARGUMENTS = 64,
    SHORT_BYTES = 1000,     /* what a full standard output takes … */
    ANSWER_BYTES = 64 << 10 /* … and one that is not: enough of an answer */
};

/* What is written to a stream. */
struct sink {
    char bytes[ANSWER_BYTES];
    size_t len, room;
    bool refused;
};

static FILE *real_stderr;
static int input_fd, terminal_fd, null_fd;
static struct sink out, err;

static void expect(bool truth, const char *what)
{
    if (truth)
        return;
    fprintf(real_stderr, "%s\nstdout: %.*s\nstderr: %.*s\n", what, (int)out.len, out.bytes, (int)err.len, err.bytes);
    abort();
}

static ssize_t sink_write(void *cookie, const char *bytes, size_t len)
{
    struct sink *sink = cookie;
    size_t n = len < sink->room - sink->len ? len : sink->room - sink->len;
    memcpy(sink->bytes + sink->len, bytes, n);
    sink->len += n;
    sink->refused |= n < len;
    return (ssize_t)n;
}

static FILE *sink_open(struct sink *sink, size_t room)
{
    sink->len = 0;
    sink->room = room;
    sink->refused = false;
    FILE *file = fopencookie(sink, "w", (cookie_io_functions_t){.write = sink_write});
    if (!file)
        abort();
    return file;
}

/* libFuzzer writes to descriptor 2 by a FILE of its own, and stderr is a variable like any other in glibc. */
int LLVMFuzzerInitialize(int *argc, char ***argv) // NOLINT(readability-non-const-parameter): so libFuzzer calls it
{
    (void)argc, (void)argv;
    real_stderr = stderr;
    input_fd = memfd_create("input", 0);
    null_fd = open("/dev/null", O_WRONLY);
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    terminal_fd = master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0
                      ? open(ptsname(master), O_RDWR | O_NOCTTY)
                      : dup(null_fd);
    if (input_fd < 0 || null_fd < 0 || terminal_fd < 0 || dup2(input_fd, STDIN_FILENO) < 0)
        abort();
    return 0;
}

/* ---- the command line ---- */

struct line {
    int argc;
    char *argv[ARGUMENTS + 1];
};

/* Each argument in memory of its own, for the sanitizer to see what is read behind it. */
static void add(struct line *line, const char *text, size_t len)
{
    if (len == 2 && memcmp(text, "''", 2) == 0)
        len = 0;
    line->argv[line->argc] = strndup(text, len);
    line->argv[++line->argc] = NULL;
}

static void give_input(const char *text, size_t len)
{
    if (ftruncate(input_fd, 0) < 0 || pwrite(input_fd, text, len, 0) != (ssize_t)len ||
        lseek(input_fd, 0, SEEK_SET) < 0)
        abort();
}

static void read_line(struct line *line, const char *text, size_t len)
{
    line->argc = 0;
    add(line, "mojifinder", 10);
    give_input("", 0);
    for (const char *end = text + len; text < end && line->argc < ARGUMENTS;) {
        const char *lf = memchr(text, '\n', (size_t)(end - text));
        size_t n = lf ? (size_t)(lf - text) : (size_t)(end - text);
        if (n == 1 && *text == '<' && lf) {
            give_input(lf + 1, (size_t)(end - lf - 1));
            return;
        }
        add(line, text, n);
        text += n + (lf != NULL);
    }
}

static void free_line(struct line *line)
{
    for (int i = 0; i < line->argc; i++)
        free(line->argv[i]); /* argp has moved them, no more */
}

/* ---- what comes of it ---- */

static void check_refused(void)
{
    expect(err.len > 0 && err.bytes[err.len - 1] == '\n', "refused without a word");
    expect(out.len == 0, "refused, and answered");
}

static void check_answer(const struct options *o, int status, bool full)
{
    const struct answers how = {
        .line_end = "\n", .json = o->settings.style.format == RENDER_JSON && o->ask != ASK_COUNT, .cut = out.refused};
    const char *fault = answers_fault(&how, out.bytes, out.len);
    expect(!fault, fault);
    expect(status >= EXIT_FOUND && status <= EXIT_UNWRITTEN, "no such exit status");
    expect(!out.refused || status == EXIT_UNWRITTEN, "what was not written is not told");
    expect(full || out.refused || status != EXIT_UNWRITTEN, "what was written is told not to be");
    if (status == EXIT_USAGE)
        check_refused();
}

static void run(struct line *line, bool full)
{
    struct options o;
    if (!options_parse(&o, line->argc, line->argv)) {
        check_refused();
        return;
    }
    expect(o.hosts > 0 && o.hosts <= OPTIONS_HOSTS_MAX && o.max_clients > 0 && o.max_line_bytes > 0, "no such options");
    if (o.mode == MODE_HELP)
        options_help(stdout);
    if (o.mode != MODE_ONESHOT)
        return;
    int status = oneshot(&o);
    fflush(stderr);
    check_answer(&o, status, full);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct line line;
    FILE *real_stdout = stdout;
    if (size == 0)
        return 0;
    bool full = data[0] & 2;
    int saved = dup(STDOUT_FILENO);
    dup2(data[0] & 1 ? terminal_fd : null_fd, STDOUT_FILENO);
    read_line(&line, (const char *)data + 1, size - 1);
    stdout = sink_open(&out, full ? SHORT_BYTES : ANSWER_BYTES);
    stderr = sink_open(&err, ANSWER_BYTES);
    setvbuf(stderr, NULL, _IONBF, 0);
    run(&line, full);
    fclose(stdout);
    fclose(stderr);
    stdout = real_stdout;
    stderr = real_stderr;
    dup2(saved, STDOUT_FILENO);
    close(saved);
    free_line(&line);
    return 0;
}
