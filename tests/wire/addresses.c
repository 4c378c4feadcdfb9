/* --host: several, by name, IPv6; each is told in a line of its own. */
#include "wire.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(addresses, .timeout = TEST_TIMEOUT_S);

static bool have_ipv6(void)
{
    struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool have = fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0;
    if (fd >= 0)
        close(fd);
    return have;
}

/* Connects to a numeric address at the port that the log gives behind text. */
static void expect_prompt_at(const struct server *s, const char *address, const char *text)
{
    char prompt[sizeof PROMPT] = "";
    const char *at = find(&s->log, text);
    cr_assert(at, "no \"%s\" in \"%s\"", text, s->log.bytes);
    in_port_t port = htons((in_port_t)strtoul(at + strlen(text), NULL, 10));
    struct sockaddr_storage addr = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&addr;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&addr;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = port;
    } else {
        cr_assert(inet_pton(AF_INET6, address, &v6->sin6_addr) == 1);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = port;
    }
    int fd = socket(addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(connect(fd, (struct sockaddr *)&addr, addr.ss_family == AF_INET ? sizeof *v4 : sizeof *v6) == 0);
    cr_assert(recv(fd, prompt, sizeof prompt - 1, MSG_WAITALL) == sizeof prompt - 1);
    cr_assert_str_eq(prompt, PROMPT);
    close(fd);
}

Test(addresses, several_hosts)
{
    struct server s;
    SERVE(&s, "--host", "127.0.0.1", "--host", "127.0.0.2");
    server_await_log(&s, "listening on 127.0.0.2:", 0);
    server_await_log(&s, "\n", (size_t)(find(&s.log, "listening on 127.0.0.2:") - s.log.bytes));
    expect_prompt_at(&s, "127.0.0.1", "listening on 127.0.0.1:");
    expect_prompt_at(&s, "127.0.0.2", "listening on 127.0.0.2:");
    server_stop(&s);
}

Test(addresses, ipv6)
{
    struct server s;
    if (!have_ipv6())
        cr_skip_test("no IPv6 on this machine");
    SERVE(&s, "--host", "::1");
    expect_prompt_at(&s, "::1", "listening on [::1]:");
    server_stop(&s);
}

/* A wildcard of each family at the same port do not get in each other's way. */
Test(addresses, both_wildcards)
{
    struct server s, next;
    char port[8];
    if (!have_ipv6())
        cr_skip_test("no IPv6 on this machine");
    SERVE_PLAIN(&s); /* finds a free port */
    snprintf(port, sizeof port, "%d", s.port);
    server_stop(&s);
    server_start(&next, (const char *const[]){"--host", "0.0.0.0", "--host", "::", "--port", port, NULL}, NULL);
    server_await_log(&next, "listening on [::]:", 0);
    server_await_log(&next, "\n", (size_t)(find(&next.log, "listening on [::]:") - next.log.bytes));
    expect_prompt_at(&next, "127.0.0.1", "listening on 0.0.0.0:");
    expect_prompt_at(&next, "::1", "listening on [::]:");
    server_stop(&next);
}

Test(addresses, a_name)
{
    struct server s;
    SERVE(&s, "--host", "localhost");
    cr_assert(find(&s.log, "listening on 127.0.0.1:") || find(&s.log, "listening on [::1]:"), "\"%s\"", s.log.bytes);
    server_stop(&s);
}

/* A server just stopped leaves connections in TIME_WAIT: its port can be had again at once. */
Test(addresses, restart_on_the_same_port)
{
    struct server s, again;
    struct client c;
    char port[8];
    SERVE_PLAIN(&s);
    snprintf(port, sizeof port, "%d", s.port);
    client_greeted(&c, &s);
    server_stop(&s);
    server_start(&again, (const char *const[]){"--port", port, NULL}, NULL);
    cr_assert_eq(again.port, s.port);
    client_close(&c);
    client_greeted(&c, &again);
    client_close(&c);
    server_stop(&again);
}

/* As the log writes it; and an address asked for twice, in whatever form, is one. */
Test(addresses, brackets_and_one_address_twice)
{
    struct server s;
    struct bytes all;
    if (!have_ipv6())
        cr_skip_test("no IPv6 on this machine");
    SERVE(&s, "--host", "[::1]", "--host", "::1", "--host", "127.0.0.1", "--host=[0:0::1]", "--host=127.1");
    server_await_log(&s, "listening on 127.0.0.1:", 0);
    server_settle(&s);
    expect_prompt_at(&s, "::1", "listening on [::1]:");
    expect_prompt_at(&s, "127.0.0.1", "listening on 127.0.0.1:");
    all = s.log;
    cr_assert_eq(bytes_count(&all, "listening on "), 2, "\"%s\"", all.bytes);
    server_stop(&s);
}

/* One line that names the address and what is wrong with it, and status 1; no resolver is asked for what is no name. */
Test(addresses, what_cannot_be_listened_on)
{
    static const struct {
        const char *host, *reason;
    } wrong[] = {
        {"./x.sock", "not a path"},
        {"unix:/run/x.sock", "not a path"},
        {"[::1]:2323", "--port"},
        {"127.0.0.1:2323", "--port"},
        {"[127.0.0.1]", "brackets"},
        {"[", "brackets"},
        {"[]", "brackets"},
        {"[::1", "brackets"},
        {"[:", "brackets"},
        {"[:]", "cannot listen on [:]: "},
        {"::1]", "cannot listen on ::1]: "},
        {"192.0.2.1", "192.0.2.1"},
        {"[2001:db8::1]", "[2001:db8::1]"},
        {"no host\nat all", "no host?at all"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome o;
        RUN(&o, "--port", "0", "--host", wrong[i].host);
        cr_expect_eq(o.status, 1, "%s: status %d", wrong[i].host, o.status);
        cr_expect(find(&o.err, wrong[i].reason), "%s: \"%s\"", wrong[i].host, o.err.bytes);
        cr_expect_eq(bytes_count(&o.err, "\n"), 1, "%s: \"%s\"", wrong[i].host, o.err.bytes);
        cr_expect_eq(bytes_count(&o.err, "mojifinder: cannot listen on "), 1, "%s: \"%s\"", wrong[i].host, o.err.bytes);
        outcome_free(&o);
    }
    char endless[3000];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    struct outcome o;
    RUN(&o, "--host", endless);
    cr_expect_eq(o.status, 1);
    cr_expect_eq(bytes_count(&o.err, "\n"), 1);
    outcome_free(&o);
}

/* In a root without /dev/null it is that which is blamed, not the port. */
static void without_dev_null(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 && unshare(CLONE_NEWNS) < 0)
        _exit(77);
    if (mount("none", "/dev", "tmpfs", 0, NULL) < 0)
        _exit(77);
}

Test(addresses, no_dev_null)
{
    int err = file_with("", 0);
    struct bytes said = {0};
    int status = program_wait(program_spawn((const char *const[]){"--port", "0", NULL},
                                            (const int[3]){FD_NULL, FD_NULL, err}, without_dev_null));
    if (status == 77)
        cr_skip_test("no mount namespace of one's own here");
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, &said);
    bytes_append(&said, "", 0);
    cr_assert_eq(status, 1);
    cr_assert(find(&said, "/dev/null: No such file"), "\"%s\"", said.bytes);
    cr_assert_eq(bytes_count(&said, "\n"), 1, "\"%s\"", said.bytes);
    bytes_free(&said);
    close(err);
}
