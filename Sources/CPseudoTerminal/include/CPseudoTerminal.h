#pragma once
#include <sys/types.h>

/// A pseudo-terminal: returns its master side, which does not block, and gives its
/// slave side; or -1.
int pseudo_terminal_open(int *slave);
void pseudo_terminal_resize(
    int master, int columns, int rows, int cell_width, int cell_height);
/// The modes as bytes to compare: how many there are, at most `capacity`.
int pseudo_terminal_modes(int slave, unsigned char *bytes, int capacity);
/// Starts a command in a session of its own whose terminal is the slave side; -1 when it cannot.
pid_t pseudo_terminal_run(int slave, char *const arguments[], char *const environment[]);
/// How the command ended, as a shell says it; -1 while it runs.
int pseudo_terminal_status(pid_t process);
