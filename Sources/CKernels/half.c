#include "CKernels.h"
#include "dispatch.h"

MIEN_SIMD void mien_widen_half(const uint16_t *restrict half, float *restrict out, size_t count) {
  // Exponent rebias by a multiplication, which also gets subnormals right; infinities and NaN keep
  // their all-ones exponent. Plain integer code, so that every instruction set vectorises it.
  for (size_t i = 0; i < count; i++) {
    const uint32_t h = half[i], sign = (h & 0x8000u) << 16, rest = h & 0x7fffu;
    union { uint32_t bits; float value; } v = {rest << 13};
    v.value *= 0x1p112f;
    if (rest >= 0x7c00u) v.bits |= 0x7f800000u;
    v.bits |= sign;
    out[i] = v.value;
  }
}
