#pragma once
#define NCURSES_WIDECHAR 1
#if !__has_include(<curses.h>)
#error "mien needs <curses.h>: install it with  apt-get install libncursesw5-dev"
#endif
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <term.h>

// What Swift cannot reach: macros, and globals that it takes for shared mutable state.

static const attr_t mien_attribute_bold = A_BOLD;
static const attr_t mien_attribute_dim = A_DIM;
static const attr_t mien_attribute_reverse = A_REVERSE;
static const attr_t mien_attribute_underline = A_UNDERLINE;

static inline WINDOW *mien_stdscr(void) { return stdscr; }
static inline WINDOW *mien_curscr(void) { return curscr; }
static inline int mien_color_count(void) { return COLORS; }
static inline int mien_pair_count(void) { return COLOR_PAIRS; }

/// Sets attributes and a colour pair whose number may exceed what fits into a short.
static inline int mien_set_style(WINDOW *window, attr_t attributes, int pair) {
  return wattr_set(window, attributes, (short)(pair & 0x7fff), &pair);
}

/// A terminal description by name without a screen: its number of colours, or -1 when unknown.
static inline int mien_terminfo_colors(const char *name) {
  int error = 0;
  TERMINAL *before = cur_term;
  if (setupterm((char *)name, 1, &error) != OK) return -1;
  int colors = tigetnum((char *)"colors");
  TERMINAL *mine = cur_term;
  set_curterm(before);
  if (mine != before) del_curterm(mine);
  return colors < 0 ? 0 : colors;
}
