#pragma once

// What the kernels may use: what the processor has, up to the limit that oneDNN's environment
// variable ONEDNN_MAX_CPU_ISA (or DNNL_MAX_CPU_ISA) sets for both.

enum {
  mien_limit_baseline = 0,
  mien_limit_avx2 = 1,   // x86-64-v3
  mien_limit_avx512 = 2, // x86-64-v4
  mien_limit_tiles = 3,  // AMX
};

/// The limit alone, whatever the processor has; `mien_limit_tiles` where none is set.
int mien_instruction_limit(void);

/// The best of the four that processor and limit allow, tiles not counted.
int mien_vector_level(void);

/// The processor's name and signature, for messages and the keys of measurements.
const char *mien_processor_identity(void);
