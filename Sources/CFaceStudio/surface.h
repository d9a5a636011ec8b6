#pragma once
#include "scene.h"

// What a sample of the mesh looks like, material by material.

/// A sample: where it lies on its triangle, and what is interpolated there.
typedef struct {
  const int32_t *v;
  float l0, l1, l2;
  int triangle, material, pixel, x, y;
  v3 position, normal, view, irradiance, rest;
} sample;

STUDIO_INLINE v3 mix3(const v3 *a, const sample *q) {
  return add(add(mul(a[q->v[0]], q->l0), mul(a[q->v[1]], q->l1)), mul(a[q->v[2]], q->l2));
}
STUDIO_INLINE float mix1(const float *a, const sample *q) {
  return a[q->v[0]] * q->l0 + a[q->v[1]] * q->l1 + a[q->v[2]] * q->l2;
}
/// Component k of n per vertex.
STUDIO_INLINE float mix_of(const float *a, int n, int k, const sample *q) {
  return a[n * q->v[0] + k] * q->l0 + a[n * q->v[1] + k] * q->l1 + a[n * q->v[2] + k] * q->l2;
}
STUDIO_INLINE v3 mirrored(v3 n, v3 view) { return sub(mul(n, 2 * dot(n, view)), view); }

v3 studio_skin(studio_scene *s, const sample *q);
v3 studio_eye(studio_scene *s, const sample *q);
v3 studio_cloth(studio_scene *s, const sample *q);
