#pragma once
#if !__has_include(<oneapi/dnnl/dnnl.h>)
#error "mien needs <oneapi/dnnl/dnnl.h>: install it with  apt-get install libdnnl-dev"
#endif
#include <oneapi/dnnl/dnnl.h>
