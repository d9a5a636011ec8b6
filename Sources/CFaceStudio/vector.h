#pragma once
#include "dispatch.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

// Vectors, smooth steps, noise and elementary functions. The elementary functions are polynomials
// of our own: they inline into the clones, and no C library decides about a picture's bytes.

typedef struct {
  float x, y, z;
} v3;

/// Rows of a 3×3 matrix.
typedef struct {
  v3 r[3];
} m3;

STUDIO_INLINE v3 V(float x, float y, float z) { return (v3){x, y, z}; }
STUDIO_INLINE v3 add(v3 a, v3 b) { return V(a.x + b.x, a.y + b.y, a.z + b.z); }
STUDIO_INLINE v3 sub(v3 a, v3 b) { return V(a.x - b.x, a.y - b.y, a.z - b.z); }
STUDIO_INLINE v3 mul(v3 a, float s) { return V(a.x * s, a.y * s, a.z * s); }
STUDIO_INLINE v3 mad(v3 a, v3 b, float s) { return V(a.x + b.x * s, a.y + b.y * s, a.z + b.z * s); }
STUDIO_INLINE v3 had(v3 a, v3 b) { return V(a.x * b.x, a.y * b.y, a.z * b.z); }
STUDIO_INLINE float dot(v3 a, v3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
STUDIO_INLINE v3 cross(v3 a, v3 b) {
  return V(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}
STUDIO_INLINE v3 mv(const m3 *m, v3 p) { return V(dot(m->r[0], p), dot(m->r[1], p), dot(m->r[2], p)); }

STUDIO_INLINE float minf(float a, float b) { return a < b ? a : b; }
STUDIO_INLINE float maxf(float a, float b) { return a > b ? a : b; }
STUDIO_INLINE float absf(float a) { return __builtin_fabsf(a); }
STUDIO_INLINE float clampf(float x, float a, float b) { return x < a ? a : x > b ? b : x; }
STUDIO_INLINE float sat(float x) { return clampf(x, 0, 1); }
STUDIO_INLINE float rootf(float x) { return __builtin_elementwise_sqrt(x); }
STUDIO_INLINE float length(v3 a) { return rootf(dot(a, a)); }
STUDIO_INLINE v3 norm(v3 a) { return mul(a, 1.f / rootf(dot(a, a) + 1e-20f)); }
STUDIO_INLINE float sstep(float a, float b, float x) {
  float t = sat((x - a) / (b - a));
  return t * t * (3 - 2 * t);
}
STUDIO_INLINE float lerpf(float a, float b, float t) { return a + (b - a) * t; }
STUDIO_INLINE v3 lerp3(v3 a, v3 b, float t) {
  return V(lerpf(a.x, b.x, t), lerpf(a.y, b.y, t), lerpf(a.z, b.z, t));
}
STUDIO_INLINE float luminance(v3 c) { return .2126f * c.x + .7152f * c.y + .0722f * c.z; }
STUDIO_INLINE float pow5(float x) {
  float y = x * x;
  return y * y * x;
}
STUDIO_INLINE int floori(float x) {
  int i = (int)x;
  return i - (x < (float)i);
}
STUDIO_INLINE int ceili(float x) {
  int i = (int)x;
  return i + (x > (float)i);
}

STUDIO_INLINE float bits_float(uint32_t u) {
  float f;
  memcpy(&f, &u, 4);
  return f;
}
STUDIO_INLINE uint32_t float_bits(float f) {
  uint32_t u;
  memcpy(&u, &f, 4);
  return u;
}

/// 2^x, relative error below 2e-7 for |x| < 126, clamped beyond.
STUDIO_INLINE float exp2a(float x) {
  x = clampf(x, -126.f, 126.f);
  int i = floori(x + .5f);
  float f = x - (float)i;
  float p = 1.5403530e-4f;
  p = p * f + 1.3333558e-3f;
  p = p * f + 9.6181291e-3f;
  p = p * f + 5.5504109e-2f;
  p = p * f + 2.4022651e-1f;
  p = p * f + 6.9314718e-1f;
  p = p * f + 1.f;
  return p * bits_float((uint32_t)(i + 127) << 23);
}
STUDIO_INLINE float expa(float x) { return exp2a(x * 1.44269504f); }

/// log2 of a positive normal number, absolute error below 2e-6.
STUDIO_INLINE float log2a(float x) {
  uint32_t u = float_bits(x);
  uint32_t shifted = u - 0x3f3504f3u;
  int e = (int)shifted >> 23;
  float m = bits_float((shifted & 0x7fffffu) + 0x3f3504f3u);
  float s = (m - 1.f) / (m + 1.f), q = s * s;
  float p = q * (.41219858f + q * .4342f) + .57707802f;
  p = p * q + .96179669f;
  p = p * q + 2.88539008f;
  return p * s + (float)e;
}
/// a^b for a ≥ 0.
STUDIO_INLINE float powa(float a, float b) { return exp2a(b * log2a(maxf(a, 1e-30f))); }

/// sin, absolute error below 1e-5 for |x| < 2000.
STUDIO_INLINE float sina(float x) {
  int k = floori(x * .318309886f + .5f);
  float r = (x - (float)k * 3.140625f) - (float)k * 9.67653590e-4f, q = r * r;
  float p = 2.7181e-6f;
  p = p * q - 1.984127e-4f;
  p = p * q + 8.3333333e-3f;
  p = p * q - 1.6666667e-1f;
  p = r + r * q * p;
  return k & 1 ? -p : p;
}
STUDIO_INLINE float cosa(float x) { return sina(x + 1.57079633f); }

/// arccos to 7e-5.
STUDIO_INLINE float acosa(float a) {
  float b = minf(absf(a), 1.f);
  float p = 1.5707288f + b * (-.2121144f + b * (.0742610f - b * .0187293f));
  p *= rootf(1.f - b);
  return a < 0 ? 3.14159265f - p : p;
}

// MARK: Hashes and noise

STUDIO_INLINE uint32_t hash32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return x;
}
/// Uniform in 0…1.
STUDIO_INLINE float hash01(uint32_t x) { return (float)(hash32(x) >> 8) * (1.f / 16777216.f); }
STUDIO_INLINE uint32_t hash_cell(int x, int y, int z, uint32_t s) {
  return (uint32_t)x * 73856093u ^ (uint32_t)y * 19349663u ^ (uint32_t)z * 83492791u ^
         s * 2654435761u;
}
/// Value noise in −1…1 with cells of size one.
STUDIO_INLINE float value_noise(v3 p, uint32_t s) {
  int x = floori(p.x), y = floori(p.y), z = floori(p.z);
  float fx = p.x - (float)x, fy = p.y - (float)y, fz = p.z - (float)z;
  fx = fx * fx * (3 - 2 * fx);
  fy = fy * fy * (3 - 2 * fy);
  fz = fz * fz * (3 - 2 * fz);
  float c[8];
  for (int k = 0; k < 8; k++)
    c[k] = hash01(hash_cell(x + (k & 1), y + ((k >> 1) & 1), z + (k >> 2), s)) * 2 - 1;
  float a = lerpf(lerpf(c[0], c[1], fx), lerpf(c[2], c[3], fx), fy);
  float b = lerpf(lerpf(c[4], c[5], fx), lerpf(c[6], c[7], fx), fy);
  return lerpf(a, b, fz);
}

/// Rotation Rz·Rx·Ry by yaw, pitch, roll (radians).
STUDIO_INLINE m3 rotation(float yaw, float pitch, float roll) {
  float cy = cosa(yaw), sy = sina(yaw), cx = cosa(pitch), sx = sina(pitch), cz = cosa(roll),
        sz = sina(roll);
  v3 y0 = V(cy, 0, sy), y1 = V(0, 1, 0), y2 = V(-sy, 0, cy);
  v3 t0 = y0, t1 = add(mul(y1, cx), mul(y2, -sx)), t2 = add(mul(y1, sx), mul(y2, cx));
  return (m3){{add(mul(t0, cz), mul(t1, -sz)), add(mul(t0, sz), mul(t1, cz)), t2}};
}
