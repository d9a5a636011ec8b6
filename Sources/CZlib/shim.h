#pragma once
#if !__has_include(<zlib.h>)
#error "mien needs <zlib.h>: install it with  apt-get install zlib1g-dev"
#endif
#include <zlib.h>
