#pragma once

// One source, several instruction sets, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__linux__)
#define MIEN_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MIEN_SIMD
#endif

#define MIEN_INLINE static inline __attribute__((always_inline))
