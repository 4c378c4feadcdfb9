/* Debian's telnet client on a terminal of its own: what a person types and sees. */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(telnet_client, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct bytes screen; /* all that the terminal got since it was last looked at */
static int terminal;
static pid_t telnet_pid;

static void run_telnet(void)
{
    char port[8];
    snprintf(port, sizeof port, "%d", server.port);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("TERM", "dumb", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    execlp("telnet", "telnet", "127.0.0.1", port, (char *)NULL);
    _exit(127);
}

/* Reads the screen until it shows text; everything up to it is then forgotten. */
static void see(const char *text)
{
    char chunk[4096];
    char *at;
    while ((at = find(&screen, text)) == NULL) {
        struct pollfd ready = {.fd = terminal, .events = POLLIN};
        ssize_t got = poll(&ready, 1, GUARD_MS) == 1 ? read(terminal, chunk, sizeof chunk) : -1;
        cr_assert(got > 0, "no \"%s\" on the screen: \"%s\"", escaped(text, strlen(text)),
                  escaped(screen.bytes, screen.len));
        bytes_append(&screen, chunk, (size_t)got);
    }
    bytes_drop_front(&screen, (size_t)(at - screen.bytes) + strlen(text));
}

static void type(const char *keys)
{
    cr_assert(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static void begin(void)
{
    if (system("command -v telnet >/dev/null 2>&1") != 0)
        cr_skip_test("no telnet client here");
    SERVE(&server, "--log-level", "debug");
    telnet_pid = forkpty(&terminal, NULL, NULL, NULL);
    cr_assert(telnet_pid >= 0, "forkpty: %s", strerror(errno));
    if (telnet_pid == 0)
        run_telnet();
    see("Escape character");
    see(PROMPT);
}

/* The terminal goes away, and the client with it. */
static void finish(void)
{
    close(terminal);
    kill(telnet_pid, SIGKILL);
    waitpid(telnet_pid, NULL, 0);
    bytes_free(&screen);
    server_stop(&server);
}

static void see_weary_cat(void)
{
    see("U+1F640\t\U0001F640\tWEARY CAT FACE\r\n");
    see(RULE " 1 found\r\n");
    see(PROMPT);
}

Test(telnet_client, a_query)
{
    begin();
    type("weary cat face\r");
    see_weary_cat();
    type("weary cat face\r");
    see_weary_cat();
    finish();
}

/* A character typed arrives whole, once the client has been heard of: BINARY is in force. */
Test(telnet_client, a_character_typed)
{
    begin();
    type("\003"); /* makes the client send its first IAC */
    see(PROMPT);
    type("\u265A\r");
    see("found\r\n");
    see(PROMPT);
    cr_assert_eq(bytes_count(&screen, "not valid"), 0);
    server_await_log(&server, "\\xE2\\x99\\x9A", 0);
    finish();
}

/* ^C while an answer streams: it stops, the client does not swallow the words, and the session goes on. */
Test(telnet_client, interrupt)
{
    begin();
    for (int i = 0; i < 2; i++) {
        type("cjk\r");
        see("U+3402");
        type("\003");
        see(", stopped after ");
        see(PROMPT);
        type("weary cat face\r");
        see_weary_cat();
    }
    finish();
}

/* ^C twice with nothing typed is how to get out. */
Test(telnet_client, two_interrupts_close)
{
    begin();
    type("\003");
    see(PROMPT);
    type("\003");
    see("Connection closed by foreign host");
    finish();
}

/* IAC EOF, sent by the client's own command. */
Test(telnet_client, send_eof)
{
    begin();
    type("weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("send eof\r");
    see("Connection closed by foreign host");
    finish();
}

/* Are you there, and leaving. */
Test(telnet_client, send_ayt_and_quit)
{
    begin();
    type("\035");
    see("telnet> ");
    type("send ayt\r");
    see("# ");
    type("weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("quit\r");
    see("closed");
    finish();
}

/* The server's last words are on the screen before the client ends. */
Test(telnet_client, sees_why_the_server_closes)
{
    begin();
    server_signal(&server, SIGTERM);
    see("\r\n# ");
    see("Connection closed by foreign host");
    close(terminal);
    waitpid(telnet_pid, NULL, 0);
    cr_assert_eq(server_wait(&server), 0);
    bytes_free(&server.log);
    bytes_free(&screen);
}
