#include "CKernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static int read_limit(void) {
  const char *name = getenv("ONEDNN_MAX_CPU_ISA");
  if (!name) name = getenv("DNNL_MAX_CPU_ISA");
  if (!name) return mien_limit_tiles;
  static const struct { const char *name; int limit; } names[] = {
      {"SSE41", mien_limit_baseline},
      {"AVX", mien_limit_baseline},
      {"AVX2", mien_limit_avx2},
      {"AVX2_VNNI", mien_limit_avx2},
      {"AVX512_MIC", mien_limit_avx2},
      {"AVX512_MIC_4OPS", mien_limit_avx2},
      {"AVX512_CORE", mien_limit_avx512},
      {"AVX512_CORE_VNNI", mien_limit_avx512},
      {"AVX512_CORE_BF16", mien_limit_avx512},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcasecmp(name, names[i].name)) return names[i].limit;
  return mien_limit_tiles;
}

int mien_instruction_limit(void) {
  static atomic_int known = -1;
  int limit = atomic_load_explicit(&known, memory_order_relaxed);
  if (limit < 0) {
    limit = read_limit();
    atomic_store_explicit(&known, limit, memory_order_relaxed);
  }
  return limit;
}

int mien_vector_level(void) {
#if defined(__x86_64__)
  static atomic_int known = -1;
  int level = atomic_load_explicit(&known, memory_order_relaxed);
  if (level < 0) {
    level = __builtin_cpu_supports("x86-64-v4") ? mien_limit_avx512
        : __builtin_cpu_supports("x86-64-v3")   ? mien_limit_avx2
                                                : mien_limit_baseline;
    if (level > mien_instruction_limit()) level = mien_instruction_limit();
    atomic_store_explicit(&known, level, memory_order_relaxed);
  }
  return level;
#else
  return mien_limit_baseline;
#endif
}

static char identity[80] = "unknown";

static void identify(void) {
#if defined(__x86_64__)
  unsigned brand[13] = {0}, a, b, c, d, signature = 0;
  if (!__get_cpuid(0x80000000u, &a, &b, &c, &d) || a < 0x80000004u) return;
  for (unsigned i = 0; i < 3; i++)
    __get_cpuid(
        0x80000002u + i, &brand[4 * i], &brand[4 * i + 1], &brand[4 * i + 2], &brand[4 * i + 3]);
  if (__get_cpuid(1, &signature, &b, &c, &d))
    snprintf(identity, sizeof identity, "%.48s %x", (const char *)brand, signature);
#endif
}

const char *mien_processor_identity(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, identify);
  return identity;
}
