#include <string.h>

#include "CBytes.h"

// IEEE half to float by moving the bits and letting one multiplication put the exponent right:
// subnormals come out normalised, and infinity and NaN are the values that end up at 2^16 or above.
static inline float widen_half(uint16_t half) {
  uint32_t bits = (uint32_t)(half & 0x7fff) << 13;
  float value, scale = 0x1p112f;
  memcpy(&value, &bits, 4);
  value *= scale;
  memcpy(&bits, &value, 4);
  bits |= (uint32_t)(-(value >= 65536.0f)) & 0x7f800000u;
  bits |= (uint32_t)(half & 0x8000) << 16;
  memcpy(&value, &bits, 4);
  return value;
}

void mien_widen_f16(const void *source, float *destination, size_t count) {
  const uint8_t *p = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t half;
    memcpy(&half, p + 2 * i, 2);
    destination[i] = widen_half(half);
  }
}

void mien_widen_bf16(const void *source, float *destination, size_t count) {
  const uint8_t *p = source;
  for (size_t i = 0; i < count; i++) {
    uint16_t top;
    memcpy(&top, p + 2 * i, 2);
    uint32_t bits = (uint32_t)top << 16;
    memcpy(destination + i, &bits, 4);
  }
}

void mien_narrow_f64(const void *source, float *destination, size_t count) {
  const uint8_t *p = source;
  for (size_t i = 0; i < count; i++) {
    double value;
    memcpy(&value, p + 8 * i, 8);
    destination[i] = (float)value;
  }
}

void mien_narrow_f16(const float *source, uint16_t *destination, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, source + i, 4);
    uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    uint32_t half;
    if (magnitude > 0x7f800000) {
      half = 0x7e00;  // NaN
    } else if (magnitude >= 0x477ff000) {
      half = 0x7c00;  // rounds to infinity
    } else if (magnitude >= 0x38800000) {
      half = (magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13;
    } else {
      // Subnormal: adding 0.5 lets the float unit round at 2^-24, the last bit of a half.
      float value, base = 0.5f;
      memcpy(&value, &magnitude, 4);
      value += base;
      memcpy(&half, &value, 4);
      half -= 0x3f000000;
    }
    destination[i] = (uint16_t)(sign | half);
  }
}

size_t mien_first_not_finite(const float *values, size_t count) {
  for (size_t start = 0; start < count; start += 4096) {
    size_t end = count - start < 4096 ? count : start + 4096;
    uint32_t bad = 0;
    for (size_t i = start; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, values + i, 4);
      bad |= (bits & 0x7f800000) == 0x7f800000;
    }
    if (!bad) continue;
    for (size_t i = start; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, values + i, 4);
      if ((bits & 0x7f800000) == 0x7f800000) return i;
    }
  }
  return count;
}
