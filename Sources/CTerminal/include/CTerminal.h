#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Everything here that runs inside a signal handler uses only write, pread, tcsetattr, dup2,
/// sigaction and raise, on memory prepared beforehand. One terminal for a process.

/// Makes the terminal ours: saves its modes (the first time), switches to raw input, to the
/// alternate screen, mouse reports and bracketed paste, and moves standard error to `log_fd`
/// (unless that is negative). Also used to come back after `mien_terminal_leave`.
/// Returns 0, or an errno value.
int mien_terminal_enter(int tty_fd, int log_fd);

/// Gives the terminal back as it was found, standard error included. Safe in a signal handler,
/// does nothing when the terminal is not ours.
void mien_terminal_leave(void);

bool mien_terminal_is_entered(void);

/// Sets the modes of an entered terminal once more: after a stop that was not ours, which let
/// others use the terminal. Returns 0, or an errno value.
int mien_terminal_reclaim(void);

/// Raw input without anything else, for a moment: to ask the terminal a question outside of a
/// session. Returns 0, or an errno value. Ended by `mien_terminal_stop_listening`, or in exit().
int mien_terminal_listen(int tty_fd);
void mien_terminal_stop_listening(void);

/// The window: columns, rows, width and height in pixels (zero when unknown). 0, or an errno value.
int mien_terminal_size(int tty_fd, int size[4]);

/// Columns of a character by the C library, as ncurses counts them: 0, 1, 2, or -1.
int mien_character_width(unsigned int scalar);

/// A file without a name that vanishes when closed, or -1 with errno.
int mien_memory_file(void);

/// Further bytes to write at the beginning of leaving, such as those that delete pictures a
/// terminal keeps outside its screen. At most 256 bytes are kept.
void mien_terminal_set_farewell(const char *bytes, size_t count);

/// Installs the handlers: signals a program can act upon become bytes (the signal's number) in a
/// pipe, faults give the terminal back and then go on to whoever handled them before. Also makes
/// the process leave the terminal in exit(). Returns the reading end of the pipe, or -1 with errno.
int mien_terminal_catch_signals(void);

/// Puts back the handlers that `mien_terminal_catch_signals` replaced.
void mien_terminal_release_signals(void);

/// Stops the process as ctrl-Z does: the whole process group when `whole_group`, else only this
/// process. The terminal must have been left. Returns when the process goes on (or at once where
/// nobody could continue it, in an orphaned process group).
void mien_terminal_stop(bool whole_group);

/// Writes what was logged since the terminal was entered, at most its last 4 KB, to `fd`.
void mien_terminal_replay_log(int fd);
