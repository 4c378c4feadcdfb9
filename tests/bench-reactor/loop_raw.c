/* loop_raw.c - bare epoll_wait(2) and an array: the floor of the chain
 * benchmark.  Its timeouts are all alike in length, so that a list in order of
 * activity is enough: the cheapest correct thing a program could do by hand. */
#include "bench.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#define EVENTS 256

struct node {
    struct node *next, *prev;
    uint64_t deadline_ns;
};

const char loop_name[] = "raw";
const bool loop_has_timers = false;

static int epoll_fd;
static bool timed;
static struct node *nodes, head = {&head, &head, 0};
static uint64_t now_ns;

void loop_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
}

static void append(struct node *n)
{
    n->deadline_ns = now_ns + UINT64_C(10000000000);
    n->next = &head;
    n->prev = head.prev;
    head.prev->next = n;
    head.prev = n;
}

void loop_watch_chain(bool with_timeouts)
{
    timed = with_timeouts;
    nodes = calloc((size_t)chain.pairs, sizeof *nodes);
    for (int i = 0; i < chain.pairs; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, chain.read_fd[i], &e);
        append(&nodes[i]);
    }
}

static void update_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    now_ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int wait_ms(void)
{
    if (!timed)
        return -1;
    uint64_t first_ns = head.next->deadline_ns;
    return first_ns <= now_ns ? 0 : (int)((first_ns - now_ns) / 1000000u + 1);
}

void loop_run_chain(void)
{
    static struct epoll_event events[EVENTS];
    while (chain.in_flight > 0) {
        int n = epoll_wait(epoll_fd, events, EVENTS, wait_ms());
        if (timed)
            update_clock();
        for (int k = 0; k < n; k++) {
            int i = (int)events[k].data.u32;
            chain_hop(i);
            if (timed) {
                nodes[i].prev->next = nodes[i].next;
                nodes[i].next->prev = nodes[i].prev;
                append(&nodes[i]);
            }
        }
    }
}

/* No timers but those of the chain. */
void loop_make_timers(int count)
{
    (void)count;
}

void loop_arm(int i, uint32_t after_ms)
{
    (void)i, (void)after_ms;
}

void loop_rearm(int i, uint32_t after_ms)
{
    (void)i, (void)after_ms;
}

void loop_cancel(int i)
{
    (void)i;
}

void loop_update_clock(void)
{
}

void loop_run_timers(long count)
{
    (void)count;
}
