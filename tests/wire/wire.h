/* tests/wire/wire.h - what every wire test stands on: the real program as a
 * child process, clients that send and expect exact bytes.
 *
 * Nothing here knows the program's sources: it is driven through its options,
 * its sockets, its signals and its descriptors.  The path of the program comes
 * from the environment variable MOJIFINDER (default build/mojifinder).
 *
 * A function that cannot do what it says fails the running test, with what it
 * has seen, escaped.  GUARD_MS bounds each wait: it is there to end a hanging test,
 * and no test passes or fails by how long something takes within it.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
    GUARD_MS = 30000, /* the longest any single wait may take */
    TEST_TIMEOUT_S = 120
};

/* ---- what the contract says is sent ---- */

#define PROMPT       "?> "
#define RULE_6       "\u2500\u2500\u2500\u2500\u2500\u2500"
#define RULE         RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 RULE_6 /* 66 times U+2500 */
#define FOUND(count) RULE " " count " found\r\n"
/* Ten matches, and the one small answer nearly every test asks for. */
extern const char CAT_FACE[];    /* the answer to "cat face", without the prompt */
extern const char WEARY_CAT[];   /* the answer to "weary cat face" */
extern const char SERVER_FULL[]; /* what a newcomer too many is told */
#define CJK_FOUND 98263          /* matches of "cjk" in Unicode 15.0 */
#define CJK_BYTES 4000000        /* its answer is longer than this */

/* ---- bytes ---- */

/* A buffer that grows; bytes[len] is always a NUL that does not count. */
struct bytes {
    char *bytes;
    size_t len, room;
};

void bytes_append(struct bytes *b, const void *more, size_t len);
void bytes_add(struct bytes *b, const char *text);
void bytes_drop_front(struct bytes *b, size_t len);
void bytes_free(struct bytes *b);
/* How often needle stands in the buffer, not overlapping. */
size_t bytes_count(const struct bytes *b, const char *needle);
/* Printable ASCII of at most about 700 of the bytes, for messages, the rule as \R; the last four results are valid. */
const char *escaped(const void *bytes, size_t len);
/* memmem(3) for a terminated needle. */
char *find(const struct bytes *b, const char *needle);

/* ---- processes ---- */

/* Descriptors for a child: a number to take over, or one of these. */
enum {
    FD_NULL = -1,  /* /dev/null */
    FD_CLOSED = -2 /* closed at start */
};

/* Starts the program with args (NULL-terminated, without argv[0]); in_child, if any, runs before exec. */
pid_t program_spawn(const char *const *args, const int fds[3], void (*in_child)(void));
/* Waits for its end: exit status, or 128 + signal. */
int program_wait(pid_t pid);

/* What a run of the program left behind. */
struct outcome {
    int status;
    struct bytes out, err;
};

/* Runs it to its end with input (may be NULL: /dev/null) on a pipe, and collects stdout and stderr. */
void program_run(struct outcome *o, const char *input, size_t input_len, const char *const *args);
#define RUN(outcome, ...) program_run((outcome), NULL, 0, (const char *const[]){__VA_ARGS__, NULL})
void outcome_free(struct outcome *o);

/* An unlinked file with this in it, positioned at its start. */
int file_with(const char *text, size_t len);
/* Reads a descriptor to its end. */
void fd_read_all(int fd, struct bytes *into);

/* ---- a serving program ---- */

struct server {
    pid_t pid;  /* 0: gone and reaped */
    int log_fd; /* read end of its stderr, non-blocking */
    struct bytes log;
    in_port_t port; /* host order */
};

/* Serves on a free port of 127.0.0.1 with more options, and waits until it listens. */
#define SERVE(server, ...)  server_start((server), (const char *const[]){"--port", "0", __VA_ARGS__, NULL}, NULL)
#define SERVE_PLAIN(server) SERVE(server, NULL)
void server_start(struct server *s, const char *const *args, void (*in_child)(void));
/* Waits until the log holds text that stands behind its byte `from`. */
void server_await_log(struct server *s, const char *text, size_t from);
/* Reads what of the log is there now. */
void server_read_log(struct server *s);
void server_signal(const struct server *s, int signo);
/* Waits until it has seen what was sent to it before: two signals, one after the other, are answered in turns of its
 * loop of their own, and in between it has looked at its sockets. */
void server_settle(struct server *s);
/* Waits for its end, reads the rest of the log, and returns the exit status. */
int server_wait(struct server *s);
/* SIGTERM; the exit status must be 0. */
void server_stop(struct server *s);
/* A figure of /proc/PID/status, such as "VmRSS:", in KiB. */
long server_status_kb(const struct server *s, const char *key);
/* Its open descriptors now. */
int server_descriptors(const struct server *s);
/* Waits until it has count of them. */
void server_await_descriptors(const struct server *s, int count);

/* ---- a client ---- */

struct client {
    int fd;
    bool ended; /* its end of input, or a reset, was seen */
    bool reset;
    struct bytes got; /* received and not yet expected */
};

void client_open(struct client *c, const struct server *s);
/* The same with this little room for unread bytes in the client's kernel. */
void client_open_narrow(struct client *c, const struct server *s);
void client_close(struct client *c);
void client_send(struct client *c, const void *bytes, size_t len);
void client_say(struct client *c, const char *text);
/* One send(2) for each byte. */
void client_dribble(struct client *c, const void *bytes, size_t len);
/* Sends as much as is taken without blocking; returns how much. */
size_t client_stuff(struct client *c, const void *bytes, size_t len);
/* No more input from here. */
void client_shut(struct client *c);

/* Waits for these very bytes, next in the stream. */
#define expect_bytes(client, bytes, len) client_expect((client), (bytes), (len), __FILE__, __LINE__)
#define expect(client, text)             expect_bytes((client), (text), strlen(text))
void client_expect(struct client *c, const void *bytes, size_t len, const char *file, int line);
/* Waits for the end, with nothing before it.  A reset counts as an end. */
#define expect_end(client) client_expect_end((client), __FILE__, __LINE__)
void client_expect_end(struct client *c, const char *file, int line);
/* Receives until needle stands in got (and leaves all of it there); its place. */
#define await(client, needle) client_await((client), (needle), __FILE__, __LINE__)
char *client_await(struct client *c, const char *needle, const char *file, int line);
/* Receives until the end; all of it is then in got. */
void client_read_to_end(struct client *c);
/* Receives once, waiting for it: bytes taken, 0 at the end. */
size_t client_receive(struct client *c);
/* Connects, expects the prompt. */
void client_greeted(struct client *c, const struct server *s);

#endif
