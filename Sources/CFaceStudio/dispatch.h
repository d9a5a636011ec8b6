#pragma once

// One source, several instruction sets, chosen when the program is loaded.
#if defined(__x86_64__) && defined(__linux__)
#define STUDIO_SIMD __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define STUDIO_SIMD
#endif

#define STUDIO_INLINE static inline __attribute__((always_inline, unused))

// No fused multiply-adds and no fast-math: every clone computes the same bits, so that a seed gives
// the same bytes on every processor.
#pragma STDC FP_CONTRACT OFF
