#pragma once
#include <stddef.h>
#include <stdint.h>

// Loops over bytes that must be quick in every build, debug builds included.

// ---- SHA-256 (FIPS 180-4) ----
typedef struct {
  uint32_t h[8];
  uint64_t length;
  uint8_t block[64];
} mien_sha256;

void mien_sha256_start(mien_sha256 *state);
void mien_sha256_update(mien_sha256 *state, const void *bytes, size_t count);
void mien_sha256_finish(mien_sha256 *state, uint8_t *digest32);

// ---- Number formats ----
// Little-endian source elements at any alignment to float; `count` elements each.
void mien_widen_f16(const void *source, float *destination, size_t count);
void mien_widen_bf16(const void *source, float *destination, size_t count);
void mien_narrow_f64(const void *source, float *destination, size_t count);
// Float to IEEE half, rounded to nearest even.
void mien_narrow_f16(const float *source, uint16_t *destination, size_t count);

// Index of the first NaN or infinity, `count` where all are finite.
size_t mien_first_not_finite(const float *values, size_t count);
