/* tests/sim/sim.h - a simulated world for programs on the reactor.
 *
 * The reactor makes every call to the world through a table of functions.
 * This one (sim_sys) is made of memory: a clock that moves only when the
 * loop waits, sockets whose other end is held by the test, descriptors that
 * run out, allocations that fail when told to.  A server runs in it as it is:
 *
 *     Test(my_server, answers_hello)
 *     {
 *         sim_begin(1);
 *         struct reactor *r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
 *         my_server_start(r, 2323);                    // listens in the simulated world
 *         struct sim_peer *peer = sim_connect(2323);   // a client
 *         sim_peer_send(peer, "hello\n", 6);
 *         sim_run(r, 1000);                            // at most 1000 turns
 *         cr_assert_str_eq(sim_peer_text(peer), "hi there\r\n");
 *         ...stop the server, reactor_free(r)...
 *         cr_assert_eq(sim_end(), 0);                  // nothing leaked
 *     }
 *
 * What it reproduces of Linux: lowest free descriptor number first; the
 * difference between level- and edge-triggered epoll (an edge comes with new
 * data, with the end, an error, and with room - a third of the window - after a write that
 * took less than it was given); POSIX
 * results of reading and writing at the end, after a reset, on a full buffer; recv stopping
 * short before an urgent byte; SIOCOUTQ; regular files, which epoll refuses.
 * Time passes only in epoll_wait, up to the timeout asked for or to
 * the next event of the script.
 *
 * Where chance decides (sim_set_faults) it is drawn from the seed given to sim_begin():
 * the same seed gives the same world.  SIM_TRACE=1 in the environment writes each call to stderr.
 *
 * One world at a time, one thread.  Errors in the use of this library abort with a message.
 */
#ifndef SIM_H
#define SIM_H

#include "reactor/reactor.h"
#include "reactor/sys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the world ---- */

/* The table to give to reactor_new(). */
extern const struct reactor_sys sim_sys;

/* Makes an empty world; what is left of an earlier one is forgotten. */
void sim_begin(uint64_t seed);
/* Ends it: the number of descriptors and allocations the program has not given
 * back, each named on stderr. */
unsigned sim_end(void);

/* The seed to use: that of the environment variable SEED, else fallback.
 * Print it when a test fails. */
uint64_t sim_seed(uint64_t fallback);
/* The next random number of this world; below limit. */
uint64_t sim_random(void);
uint64_t sim_random_below(uint64_t limit);
/* True in permille of 1000 cases. */
bool sim_chance(unsigned permille);

uint64_t sim_now_ns(void);
/* Lets time pass outside epoll_wait: a callback that takes long. */
void sim_spend_ns(uint64_t span_ns);
/* The same, but another process has the processor: the clock goes on, the thread's CPU time does not. */
void sim_preempt_ns(uint64_t span_ns);
/* Calls fn(arg) at a time, from inside epoll_wait, before what is ready then is
 * reported; in order of time, then of asking. */
void sim_at(uint64_t time_ns, void (*fn)(void *arg), void *arg);

/* Turns r until it is empty, until nothing is left but to wait for timers (no
 * descriptor ready, no script to come), or max_turns are over.  Returns the number of turns;
 * without a script no time passes. */
unsigned sim_run(struct reactor *r, unsigned max_turns);
/* Turns r until the time has come. */
void sim_run_until(struct reactor *r, uint64_t time_ns);

/* Descriptors the process may have; at most SIM_FDS, the default. */
enum {
    SIM_FDS = 1024
};
void sim_limit_fds(unsigned limit);
unsigned sim_open_fds(void);
/* Delivers a signal to whoever has it open. */
void sim_raise(int signo);

/* ---- calls and faults ---- */

enum sim_call {
    SIM_EPOLL_CTL,
    SIM_EPOLL_WAIT,
    SIM_SOCKET,
    SIM_ACCEPT,
    SIM_RECV,
    SIM_SEND, /* send and sendmsg */
    SIM_SENDFILE,
    SIM_READ,
    SIM_WRITE, /* write and writev */
    SIM_SHUTDOWN,
    SIM_SETSOCKOPT,
    SIM_GETSOCKOPT,
    SIM_CLOSE,
    SIM_OPEN_NULL,
    SIM_OUTQ,
    SIM_ALLOC, /* both kinds */
    SIM_CLOCK,
    SIM_CALLS
};
/* How often it was called since sim_begin(). */
unsigned long sim_calls(enum sim_call call);
/* The call after skip more of its kind fails with err (ENOMEM for
 * allocations), the next times others as well, times in all. */
void sim_fail(enum sim_call call, unsigned skip, unsigned times, int err);

/* The program has set TCP_NODELAY on this descriptor. */
bool sim_has_no_delay(int fd);

/* Bytes the program has allocated now. */
size_t sim_allocated_bytes(void);
/* The most it had at once since this was asked last. */
size_t sim_allocated_peak_bytes(void);

/* Chances, each per 1000 calls. */
struct sim_faults {
    unsigned short_recv;  /* recv gives a part, the rest "arrives" right after it */
    unsigned short_send;  /* send takes a part */
    unsigned again;       /* recv, send: EAGAIN, and readiness is reported anew */
    unsigned interrupted; /* recv, send, accept, epoll_wait: EINTR */
    unsigned reset;       /* recv, send: ECONNRESET, the peer has gone */
    unsigned no_buffers;  /* send, accept: ENOBUFS */
    unsigned no_memory;   /* allocations */
    unsigned no_watch;    /* epoll_ctl, adding: ENOSPC */
    uint64_t late_ns;     /* waits end up to this much later than asked */
};
/* NULL: none. */
void sim_set_faults(const struct sim_faults *faults);

/* ---- peers: the other ends, held by the test ---- */

struct sim_peer;

/* Connects to whoever listens on that port in this world (aborts when nobody does); accepted
 * or not, it can be sent to at once.  Peers belong to the world. */
struct sim_peer *sim_connect(unsigned short port);
/* A connected socket pair: *fd is the program's end. */
struct sim_peer *sim_socket(int *fd);
/* The program has called connect(2): the oldest one not answered yet is accepted (err 0) or
 * refused.  NULL when there is none. */
struct sim_peer *sim_answer_connect(int err);

/* Sends: there is no limit in this direction. */
void sim_peer_send(struct sim_peer *peer, const void *bytes, size_t len);
/* The same with MSG_OOB: the last byte is urgent (the program reads it inline). */
void sim_peer_send_urgent(struct sim_peer *peer, const void *bytes, size_t len);
/* Half-close: no more will be sent. */
void sim_peer_end(struct sim_peer *peer);
/* Reset: both ways are dead, what is unread is lost. */
void sim_peer_reset(struct sim_peer *peer);

/* Every peer that is connected resets. */
void sim_reset_all(void);

/* How much the program may have sent and the peer not read; default 64 KiB. */
void sim_peer_window(struct sim_peer *peer, size_t bytes);
/* Takes at most len of the bytes waiting, thereby acknowledging them; how many. */
size_t sim_peer_read(struct sim_peer *peer, size_t len);
/* From now on everything is read as it comes. */
void sim_peer_read_all(struct sim_peer *peer);
/* Bytes sent by the program and not read. */
size_t sim_peer_waiting(const struct sim_peer *peer);
/* All that was read so far, closed by a NUL. */
const char *sim_peer_text(const struct sim_peer *peer);
size_t sim_peer_len(const struct sim_peer *peer);
/* The program has shut its write side, or closed, and all before that was read. */
bool sim_peer_at_end(const struct sim_peer *peer);
/* The program has closed with bytes of the peer unread: TCP would have sent a reset. */
bool sim_peer_was_reset(const struct sim_peer *peer);
/* The program has closed its end. */
bool sim_peer_closed(const struct sim_peer *peer);

/* ---- files ---- */

/* A descriptor of a regular file with these contents (copied), at position 0; what is written is appended. */
int sim_file(const void *bytes, size_t len);
/* What it holds; valid until the next call that concerns it. */
const char *sim_file_text(int fd, size_t *len);

#endif
