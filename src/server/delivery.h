/* delivery.h - an answer on its way through a conn: pulled as its peer takes it, never sooner. */
#ifndef SERVER_DELIVERY_H
#define SERVER_DELIVERY_H

#include "answer/answer.h"
#include "reactor/conn.h"
#include "reactor/reactor.h"

struct delivery {
    struct answer answer;
    struct conn *conn;          /* whose it is */
    struct reactor_timer grace; /* how long the status of an interrupted one waits for a timing mark */
    bool status_due;            /* interrupted, and that wait is over */
    bool whole;                 /* not a byte of it has left the output yet */
};

enum delivery_step {
    DELIVERY_FULL,   /* the output is full: go on when the peer has taken some */
    DELIVERY_AGAIN,  /* a slice of work is over: let others have a turn */
    DELIVERY_DONE,   /* the closing line is out */
    DELIVERY_REFUSED /* the line is no query: answer_refusal() */
};

/* The answer is open, and the next thing in c's output. */
void delivery_begin(struct delivery *d, struct conn *c);
/* Puts out the next part. */
enum delivery_step delivery_go_on(struct delivery *d);
/* Its reader has interrupted it: what is unsent is cut.  grace_ns: how long its status waits for a timing mark that
 * is to come, 0: not at all.  conn_wake() when that is over. */
void delivery_stop(struct delivery *d, uint64_t grace_ns);
/* Ends it, see answer_close(). */
void delivery_end(struct delivery *d, enum answer_ending why, struct answer_rest **rest);

#endif
