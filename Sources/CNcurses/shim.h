#pragma once
#if !__has_include(<curses.h>)
#error "mien needs <curses.h>: install it with  apt-get install libncursesw5-dev"
#endif
#include <curses.h>
