#pragma once
#if !__has_include(<sixel/sixel.h>)
#error "mien needs <sixel/sixel.h>: install it with  apt-get install libsixel-dev"
#endif
#include <sixel/sixel.h>
