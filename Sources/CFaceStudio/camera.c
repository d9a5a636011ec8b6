#include "scene.h"

// What is behind the person, and how the camera turns radiance into bytes.

/// A small blurred picture, in display space.
void studio_paint_backdrop(studio_scene *s) {
  const studio_person *p = s->person;
  const int n = BACKDROP;
  v3 a = colour(p->backdrop[0]), b = colour(p->backdrop[1]), c = colour(p->backdrop[2]);
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      float u = ((float)x + .5f) / n - .5f, v = ((float)y + .5f) / n - .5f;
      float d = rootf(u * u + (v + .08f) * (v + .08f));
      v3 q = lerp3(a, b, sstep(-.75f, .75f, 2 * (p->backdrop_x * u + p->backdrop_y * v) +
                                                p->backdrop_radius * (2 * d - .6f)));
      float *o = s->backdrop + 3 * (y * n + x);
      o[0] = q.x, o[1] = q.y, o[2] = q.z;
    }
  // The layout of the shapes is always the same; only how strongly they show varies.
  int boxes = p->backdrop_boxes;
  s->random = hash32(boxes ? 1234567u : 7654321u);
  for (int i = 0; i < (boxes ? 14 : 30); i++) {
    float cx = next_random(s) * n, cy = next_random(s) * n;
    float rx = boxes ? 3 + next_random(s) * 14 : 2 + next_random(s) * 9;
    float ry = boxes ? 8 + next_random(s) * 40 : rx * (.7f + .6f * next_random(s));
    float pick = next_random(s);
    v3 q = mul(pick < .3f ? a : pick < .55f ? b : c, .5f + next_random(s) * 1.1f);
    float alpha = (.35f + .6f * next_random(s)) * p->backdrop_shapes;
    if (alpha <= 0) continue;
    for (int y = (int)maxf(0, cy - ry - 1); y < (int)minf(n, cy + ry + 1); y++)
      for (int x = (int)maxf(0, cx - rx - 1); x < (int)minf(n, cx + rx + 1); x++) {
        float dx = ((float)x - cx) / rx, dy = ((float)y - cy) / ry;
        if (boxes ? absf(dx) >= 1 || absf(dy) >= 1 : dx * dx + dy * dy >= 1) continue;
        float *o = s->backdrop + 3 * (y * n + x);
        o[0] = lerpf(o[0], q.x, alpha);
        o[1] = lerpf(o[1], q.y, alpha);
        o[2] = lerpf(o[2], q.z, alpha);
      }
  }
  float t[BACKDROP * BACKDROP * 3];
  const int r = 3;
  for (int pass = 0; pass < 6; pass++) {
    int step = pass & 1 ? 3 * n : 3, line = pass & 1 ? 3 : 3 * n;
    for (int l = 0; l < n; l++)
      for (int i = 0; i < n; i++)
        for (int q = 0; q < 3; q++) {
          float sum = 0;
          for (int k = -r; k <= r; k++) {
            int j = i + k < 0 ? 0 : i + k >= n ? n - 1 : i + k;
            sum += s->backdrop[l * line + j * step + q];
          }
          t[l * line + i * step + q] = sum / (2 * r + 1);
        }
    memcpy(s->backdrop, t, sizeof t);
  }
}

STUDIO_INLINE float encode_srgb(float q) {
  return q <= .0031308f ? 12.92f * q : 1.055f * powa(q, 1 / 2.4f) - .055f;
}

STUDIO_SIMD void studio_develop(studio_scene *s, uint8_t *rgb) {
  const studio_person *p = s->person;
  int n = s->size, k = s->samples;
  v3 gain = mul(s->gain, s->exposure);
  float share = 1.f / (float)(k * k), contrast = p->contrast;
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      float sum[3] = {0, 0, 0};
      for (int j = 0; j < k; j++)
        for (int i = 0; i < k; i++) {
          // Clipped per sample, as a highlight would otherwise eat the edge it lies on.
          const float *f = s->frame + 4 * ((int64_t)(y * k + j) * s->side + x * k + i);
          sum[0] += minf(f[0] * gain.x, 3.f);
          sum[1] += minf(f[1] * gain.y, 3.f);
          sum[2] += minf(f[2] * gain.z, 3.f);
        }
      float dx = ((float)x + .5f) / (float)n - .5f, dy = ((float)y + .5f) / (float)n - .5f;
      float all = share * (1 - p->vignette * (dx * dx + dy * dy));
      float c[3] = {sum[0] * all * (1 + p->white), sum[1] * all, sum[2] * all * (1 - p->white)};
      for (int q = 0; q < 3; q++) {
        float v = c[q] < .55f ? c[q] : .55f + .45f * (1 - expa(-(c[q] - .55f) / .45f));
        c[q] = encode_srgb(v);
      }
      // Contrast mostly on luma: per channel it turns skin orange.
      float l = .299f * c[0] + .587f * c[1] + .114f * c[2];
      float curve = (l + contrast * (l - .5f) * (1 - absf(2 * l - 1))) / (l + 1e-4f);
      float *o = s->linear + 3 * (y * n + x);
      for (int q = 0; q < 3; q++) {
        float v = l + (c[q] - l) * p->saturation;
        float alone = v + contrast * (v - .5f) * (1 - absf(2 * v - 1));
        o[q] = .6f * v * curve + .4f * alone;
      }
    }
  for (int y = 0; y < n; y++)
    for (int x = 0; x < n; x++) {
      int left = x ? x - 1 : 0, right = x < n - 1 ? x + 1 : x;
      int up = y ? y - 1 : 0, down = y < n - 1 ? y + 1 : y;
      const float *L = s->linear;
      for (int q = 0; q < 3; q++) {
        float around = .25f * (L[3 * (y * n + left) + q] + L[3 * (y * n + right) + q] +
                               L[3 * (up * n + x) + q] + L[3 * (down * n + x) + q]);
        float v = lerpf(L[3 * (y * n + x) + q], around, p->softness);
        rgb[3 * (y * n + x) + q] = (uint8_t)clampf(v * 255 + .5f, 0, 255);
      }
    }
}
