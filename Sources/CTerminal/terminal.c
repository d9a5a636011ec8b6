#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

// Entering: alternate screen, cleared; numeric keypad and cursor keys as plain CSI; presses,
// releases and drags of the mouse in SGR coordinates; bracketed paste; cursor hidden. 8452 leaves
// the cursor beside a sixel, which in foot and mlterm keeps one at the bottom from scrolling.
static const char enter_bytes[] =
    "\x1b[?1049h\x1b[?1l\x1b>\x1b[0m\x1b[r\x1b[?7h\x1b[4l\x1b[2J\x1b[H"
    "\x1b[?8452h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?25l";

// Leaving begins by ending whatever sequence was cut short: mlterm swallows everything after half
// a sixel until it sees a string terminator.
static const char leave_start[] = "\x18\x1b\\\x1b[?2026l";
static const char leave_bytes[] =
    "\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[?8452l\x1b[?1l\x1b>\x1b[0m"
    "\x1b[?25h\x1b[?1049l";

static struct termios saved_modes;
static bool have_saved_modes;
static int terminal_fd = -1;
static int saved_stderr = -1;
static int log_file = -1;
static off_t log_start;
static char farewell[256];
static size_t farewell_count;
static atomic_int entered;
static int signal_pipe[2] = {-1, -1};

bool mien_terminal_is_entered(void) { return atomic_load(&entered) != 0; }

// Writes all of it unless the terminal is gone or takes nothing for a second: leaving must not
// hang because nobody reads.
static void write_all(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int ready = poll(&p, 1, 1000);
    if (ready == 0) return;
    if (ready < 0 && errno != EINTR) return;
    if (ready < 0) continue;
    ssize_t written = write(fd, bytes, count < 256 ? count : 256);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
      return;
    }
  }
}

void mien_terminal_set_farewell(const char *bytes, size_t count) {
  farewell_count = 0;  // a signal between here and the end sends nothing rather than half of it
  if (count > sizeof farewell) return;
  memcpy(farewell, bytes, count);
  farewell_count = count;
}

static int take_modes(void) {
  struct termios raw = saved_modes;
  cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  while (tcsetattr(terminal_fd, TCSADRAIN, &raw) != 0)
    if (errno != EINTR) return errno;
  write_all(terminal_fd, enter_bytes, sizeof enter_bytes - 1);
  return 0;
}

int mien_terminal_enter(int tty_fd, int log_fd) {
  if (atomic_load(&entered)) return 0;
  if (!have_saved_modes) {
    if (tcgetattr(tty_fd, &saved_modes) != 0) return errno;
    have_saved_modes = true;
  }
  terminal_fd = tty_fd;
  if (log_fd >= 0) {
    if (log_file != log_fd) {
      log_file = log_fd;
      log_start = lseek(log_fd, 0, SEEK_END);
    }
    saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (saved_stderr >= 0) dup2(log_fd, STDERR_FILENO);
  }
  // Counted as entered from before the first change, so that a fault in between is cleaned up.
  atomic_store(&entered, 1);
  int error = take_modes();
  if (error != 0) mien_terminal_leave();
  return error;
}

static int listening_fd = -1;
static struct termios modes_before_listening;

int mien_terminal_listen(int tty_fd) {
  if (tcgetattr(tty_fd, &modes_before_listening) != 0) return errno;
  struct termios raw = modes_before_listening;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);  // signals stay: ctrl-C must still end us
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (tcsetattr(tty_fd, TCSADRAIN, &raw) != 0) return errno;
  listening_fd = tty_fd;
  return 0;
}

void mien_terminal_stop_listening(void) {
  if (listening_fd < 0) return;
  tcsetattr(listening_fd, TCSAFLUSH, &modes_before_listening);
  listening_fd = -1;
}

int mien_terminal_reclaim(void) { return atomic_load(&entered) ? take_modes() : 0; }

int mien_terminal_size(int tty_fd, int size[4]) {
  struct winsize window;
  if (ioctl(tty_fd, TIOCGWINSZ, &window) != 0) return errno;
  size[0] = window.ws_col;
  size[1] = window.ws_row;
  size[2] = window.ws_xpixel;
  size[3] = window.ws_ypixel;
  return 0;
}

int mien_character_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

int mien_memory_file(void) {
#ifdef __linux__
  return memfd_create("mien", MFD_CLOEXEC);
#else
  FILE *file = tmpfile();
  return file == NULL ? -1 : fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
#endif
}

void mien_terminal_leave(void) {
  if (atomic_exchange(&entered, 0) == 0) return;
  int error = errno;
  write_all(terminal_fd, leave_start, sizeof leave_start - 1);
  write_all(terminal_fd, farewell, farewell_count);
  write_all(terminal_fd, leave_bytes, sizeof leave_bytes - 1);
  // TCSAFLUSH drops mouse reports and query replies still on their way to us, which the shell
  // would otherwise read as typing.
  tcsetattr(terminal_fd, TCSAFLUSH, &saved_modes);
  if (saved_stderr >= 0) {
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    saved_stderr = -1;
  }
  errno = error;
}

void mien_terminal_replay_log(int fd) {
  if (log_file < 0) return;
  char chunk[512];
  off_t end = lseek(log_file, 0, SEEK_END), at = log_start;
  if (end < 0 || at < 0) return;
  if (end - at > 4096) at = end - 4096;
  while (at < end) {
    size_t want = (size_t)(end - at) < sizeof chunk ? (size_t)(end - at) : sizeof chunk;
    ssize_t count = pread(log_file, chunk, want, at);
    if (count <= 0) break;
    write_all(fd, chunk, (size_t)count);
    at += count;
  }
  log_start = end;
}

// MARK: Signals

static const int reported[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
enum { reported_count = sizeof reported / sizeof *reported };
enum { fault_count = sizeof faults / sizeof *faults };
static struct sigaction old_reported[reported_count], old_faults[fault_count];
static atomic_int ending, continued;
static bool catching;

static bool asks_to_end(int signal_number) {
  return signal_number == SIGTERM || signal_number == SIGHUP || signal_number == SIGINT
      || signal_number == SIGQUIT;
}

static void report_signal(int signal_number) {
  int error = errno;
  // The loop that should read the pipe may be stuck: the third request to end is taken literally.
  if (asks_to_end(signal_number) && atomic_fetch_add(&ending, 1) >= 2) {
    mien_terminal_leave();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
  }
  if (signal_number == SIGCONT) atomic_fetch_add(&continued, 1);
  char byte = (char)signal_number;
  // The pipe does not block: when it is full there is plenty to read already.
  if (write(signal_pipe[1], &byte, 1) < 0) { }
  errno = error;
}

static void handle_fault(int signal_number, siginfo_t *info, void *context) {
  (void)context;
  bool was_entered = mien_terminal_is_entered();
  mien_terminal_leave();
  if (was_entered) mien_terminal_replay_log(STDERR_FILENO);
  for (int i = 0; i < fault_count; i++)
    if (faults[i] == signal_number) sigaction(signal_number, &old_faults[i], NULL);
  // A faulting instruction is executed again on return and faults into the old handler with its
  // true context. A signal that was sent, or a trap that already passed, has to be sent again.
  if (info == NULL || info->si_code <= 0 || signal_number == SIGABRT || signal_number == SIGTRAP)
    raise(signal_number);
}

int mien_terminal_catch_signals(void) {
  if (signal_pipe[0] < 0) {
    if (pipe(signal_pipe) != 0) return -1;
    for (int i = 0; i < 2; i++) {
      fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
      fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
    }
    atexit(mien_terminal_leave);
  }
  if (catching) return signal_pipe[0];
  catching = true;
  atomic_store(&ending, 0);

  // A stack overflow leaves no stack to handle it on.
  stack_t stack;
  if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
    size_t size = 64 * 1024;
    void *memory = malloc(size);
    if (memory != NULL) {
      stack = (stack_t){.ss_sp = memory, .ss_size = size};
      sigaltstack(&stack, NULL);
    }
  }

  struct sigaction action = {0};
  sigfillset(&action.sa_mask);
  action.sa_handler = report_signal;
  // Without SA_RESTART, so that a write to a terminal that takes nothing is interrupted.
  action.sa_flags = SA_ONSTACK;
  for (int i = 0; i < reported_count; i++) sigaction(reported[i], &action, &old_reported[i]);

  action.sa_sigaction = handle_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int i = 0; i < fault_count; i++) sigaction(faults[i], &action, &old_faults[i]);
  return signal_pipe[0];
}

void mien_terminal_release_signals(void) {
  if (!catching) return;
  catching = false;
  for (int i = 0; i < reported_count; i++) sigaction(reported[i], &old_reported[i], NULL);
  for (int i = 0; i < fault_count; i++) sigaction(faults[i], &old_faults[i], NULL);
}

void mien_terminal_stop(bool whole_group) {
  struct sigaction ours, standard = {0};
  standard.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &standard, &ours);
  // Another thread may take the stop signal, and this one must not touch the terminal in the
  // moment before it halts too: wait until the process was continued, but not for ever, since in
  // an orphaned process group nothing stops.
  int before = atomic_load(&continued);
  if (whole_group) kill(0, SIGTSTP); else kill(getpid(), SIGTSTP);
  for (int i = 0; i < 30 && atomic_load(&continued) == before; i++) poll(NULL, 0, 10);
  sigaction(SIGTSTP, &ours, NULL);
}
