#define _GNU_SOURCE
#include "CPseudoTerminal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int pseudo_terminal_open(int *slave) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return -1;
  *slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  fcntl(master, F_SETFL, O_NONBLOCK);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(*slave, F_SETFD, FD_CLOEXEC);
  return master;
}

void pseudo_terminal_resize(
    int master, int columns, int rows, int cell_width, int cell_height) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns,
                         .ws_xpixel = (unsigned short)(columns * cell_width),
                         .ws_ypixel = (unsigned short)(rows * cell_height)};
  ioctl(master, TIOCSWINSZ, &size);
}

int pseudo_terminal_modes(int slave, unsigned char *bytes, int capacity) {
  struct termios modes;
  memset(&modes, 0, sizeof modes);
  if (tcgetattr(slave, &modes) != 0 || (int)sizeof modes > capacity) return 0;
  memcpy(bytes, &modes, sizeof modes);
  return (int)sizeof modes;
}

pid_t pseudo_terminal_run(int slave, char *const arguments[], char *const environment[]) {
  pid_t process = fork();
  if (process != 0) return process;
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
  for (int descriptor = 0; descriptor < 3; descriptor++) dup2(slave, descriptor);
  // Dispositions and masks survive exec; the test runner's are not the command's.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  execve(arguments[0], arguments, environment);
  _exit(127);
}

int pseudo_terminal_status(pid_t process) {
  int status;
  if (waitpid(process, &status, WNOHANG) != process) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
