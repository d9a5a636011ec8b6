#pragma once
#if !__has_include(<png.h>)
#error "mien needs <png.h>: install it with  apt-get install libpng-dev"
#endif
#include <png.h>
