#pragma once
#include "instructions.h"

#define MIEN_INLINE static inline __attribute__((always_inline))

/// One source, several instruction sets: defines `name` from an inlined `name_body`, compiled for
/// each level of `mien_vector_level`, which chooses at run time.
#if defined(__x86_64__)
#define MIEN_SIMD(type, name, parameters, arguments)                                               \
  __attribute__((target("arch=x86-64-v4"))) static type name##_v4 parameters {                     \
    return name##_body arguments;                                                                  \
  }                                                                                                \
  __attribute__((target("arch=x86-64-v3"))) static type name##_v3 parameters {                     \
    return name##_body arguments;                                                                  \
  }                                                                                                \
  static type name##_v1 parameters { return name##_body arguments; }                               \
  static type name parameters {                                                                    \
    const int level = mien_vector_level();                                                         \
    if (level >= mien_limit_avx512) return name##_v4 arguments;                                    \
    if (level == mien_limit_avx2) return name##_v3 arguments;                                      \
    return name##_v1 arguments;                                                                    \
  }
#else
#define MIEN_SIMD(type, name, parameters, arguments)                                               \
  static type name parameters { return name##_body arguments; }
#endif
