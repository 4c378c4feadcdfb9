/* worker: blocking calls in a thread, their results brought back to the loop.
 *
 *     worker FILE...
 *
 * Prints the bytes in each file, counted in a thread because a pipe or a network mount
 * blocks; meanwhile a timer of the loop tells how many are missing.
 *
 * What asyncio.to_thread is for: jobs go out through one locked list and come
 * back through another, and reactor_wakeup_send() - the one function of the
 * reactor another thread may call - says so.
 */
#include "reactor/reactor.h"

#include <pthread.h>
#include <stdio.h>

#define PERIOD_NS UINT64_C(200000000)
#define MAX_FILES 1000

struct job {
    struct job *next;
    const char *path;
    long long bytes; /* -1: could not be read */
};

struct list {
    pthread_mutex_t lock; /* guards the two below */
    pthread_cond_t more;
    struct job *first, **last;
};

static struct list to_do = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, &to_do.first};
static struct list done = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, &done.first};

/* The rest belongs to the loop's thread; result is sent to, not touched, by the worker. */
static struct reactor *loop;
static struct reactor_wakeup result;
static struct reactor_timer timer;
static int unfinished;

static void put(struct list *l, struct job *j)
{
    j->next = NULL;
    pthread_mutex_lock(&l->lock);
    *l->last = j;
    l->last = &j->next;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->lock);
}

static struct job *take(struct list *l, bool wait)
{
    pthread_mutex_lock(&l->lock);
    while (wait && l->first == NULL)
        pthread_cond_wait(&l->more, &l->lock);
    struct job *j = l->first;
    if (j != NULL && (l->first = j->next) == NULL)
        l->last = &l->first;
    pthread_mutex_unlock(&l->lock);
    return j;
}

static void *work(void *unused)
{
    char block[4096];
    for (struct job *j; (j = take(&to_do, true))->path != NULL;) { /* a job without path: no more */
        FILE *f = fopen(j->path, "r");
        j->bytes = f != NULL ? 0 : -1;
        for (size_t n; f != NULL && (n = fread(block, 1, sizeof block, f)) > 0;)
            j->bytes += (long long)n;
        if (f != NULL)
            fclose(f);
        put(&done, j);
        reactor_wakeup_send(&result);
    }
    return unused;
}

static void on_result(struct reactor_wakeup *w)
{
    (void)w;
    for (struct job *j; (j = take(&done, false)) != NULL; unfinished--) /* sends are merged: take all there are */
        printf("%lld %s\n", j->bytes, j->path);
    if (unfinished == 0)
        reactor_stop(loop);
}

static void on_timer(struct reactor_timer *t)
{
    printf("waiting for %d\n", unfinished);
    reactor_timer_start(loop, t, reactor_now_ns(loop) + PERIOD_NS);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    static struct job jobs[MAX_FILES + 1]; /* jobs[0]: the one without path */
    loop = argc > 1 && argc <= MAX_FILES + 1 ? reactor_new(NULL) : NULL;
    result = (struct reactor_wakeup){.fn = on_result, .name = "result"};
    timer = (struct reactor_timer){.fn = on_timer, .name = "waiting"};
    if (loop == NULL || reactor_wakeup_start(loop, &result) != 0 || pthread_create(&thread, NULL, work, NULL) != 0) {
        fprintf(stderr, "usage: worker FILE...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (unfinished = 0; unfinished < argc - 1; unfinished++) {
        jobs[unfinished + 1].path = argv[unfinished + 1];
        put(&to_do, &jobs[unfinished + 1]);
    }
    put(&to_do, &jobs[0]);
    reactor_timer_start(loop, &timer, reactor_now_ns(loop) + PERIOD_NS);
    int failed = reactor_run(loop);
    pthread_join(thread, NULL);
    reactor_wakeup_stop(&result); /* not before: the thread might be about to send */
    reactor_timer_stop(loop, &timer);
    reactor_free(loop);
    return failed == 0 ? 0 : 1;
}
