#include "scene.h"

// Which triangle each sample sees, and where on it; then the strands over it.

enum { SHOW_ALL, SHOW_COVERED, SHOW_BARE };

STUDIO_INLINE void fill(studio_scene *s, int t, const int32_t *v, int collar) {
  const studio_model *m = s->model;
  int side = s->side;
  float x0 = s->sx[v[0]], y0 = s->sy[v[0]], x1 = s->sx[v[1]], y1 = s->sy[v[1]], x2 = s->sx[v[2]],
        y2 = s->sy[v[2]];
  float left_most = minf(x0, minf(x1, x2)), right_most = maxf(x0, maxf(x1, x2));
  float top_most = minf(y0, minf(y1, y2)), bottom_most = maxf(y0, maxf(y1, y2));
  if (!(right_most > 0 && bottom_most > 0 && left_most < (float)side && top_most < (float)side)) return;
  int left = ceili(maxf(left_most, 0) - .5f), right = floori(minf(right_most, (float)side) - .5f);
  int top = ceili(maxf(top_most, 0) - .5f), bottom = floori(minf(bottom_most, (float)side) - .5f);
  if (left < 0) left = 0;
  if (top < 0) top = 0;
  if (right >= side) right = side - 1;
  if (bottom >= side) bottom = side - 1;
  if (left > right || top > bottom) return;
  float area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  if (absf(area) < 1e-9f) return;
  float inverse = 1 / area, w0 = s->sw[v[0]], w1 = s->sw[v[1]], w2 = s->sw[v[2]];
  float dx1 = (y2 - y0) * inverse, dy1 = -(x2 - x0) * inverse;
  float dx2 = -(y1 - y0) * inverse, dy2 = (x1 - x0) * inverse;
  for (int y = top; y <= bottom; y++) {
    float px = (float)left + .5f - x0, py = (float)y + .5f - y0;
    float l1 = px * dx1 + py * dy1, l2 = px * dx2 + py * dy2;
    int k = y * side + left;
    for (int x = left; x <= right; x++, l1 += dx1, l2 += dx2, k++) {
      float l0 = 1 - l1 - l2;
      if (l0 < -1e-5f || l1 < -1e-5f || l2 < -1e-5f) continue;
      float z = l0 * w0 + l1 * w1 + l2 * w2;
      if (z <= s->depth[k]) continue;
      if (collar != SHOW_ALL) {
        // The garment's edge is a function of the rest position, not of vertices: no saw-teeth.
        v3 r = add(add(mul(rest_at(m, v[0]), l0), mul(rest_at(m, v[1]), l1)), mul(rest_at(m, v[2]), l2));
        float covered = collar_at(s->person, r);
        if (collar == SHOW_COVERED ? covered < 0 : covered > .4f) continue;
      }
      s->depth[k] = z;
      s->triangle[k] = t;
      s->bary1[k] = l1;
      s->bary2[k] = l2;
    }
  }
}

STUDIO_SIMD void studio_rasterise(studio_scene *s) {
  const studio_model *m = s->model;
  int pixels = s->side * s->side;
  for (int i = 0; i < pixels; i++) s->depth[i] = 0;
  for (int i = 0; i < pixels; i++) s->triangle[i] = -1;
  for (int t = 0; t < m->triangle_count; t++) {
    const int32_t *v = m->triangles + 3 * t;
    const float *c = s->collar;
    float c0 = c[v[0]], c1 = c[v[1]], c2 = c[v[2]];
    if (is_skin(m->material[t])) {
      if (c0 > 1.8f && c1 > 1.8f && c2 > 1.8f) continue;
      float area = (s->sx[v[1]] - s->sx[v[0]]) * (s->sy[v[2]] - s->sy[v[0]]) -
                   (s->sx[v[2]] - s->sx[v[0]]) * (s->sy[v[1]] - s->sy[v[0]]);
      if (area > 0) continue;
      fill(s, t, v, c0 > .2f || c1 > .2f || c2 > .2f ? SHOW_BARE : SHOW_ALL);
    } else if (m->material[t] == STUDIO_CLOTH) {
      if (c0 < -1 && c1 < -1 && c2 < -1) continue;
      fill(s, t, v, SHOW_COVERED);
    } else {
      fill(s, t, v, SHOW_ALL);
    }
  }
}

int studio_make_room(studio_scene *s, int points, int segments) {
  if (s->point_count + points > s->point_capacity) {
    int capacity = (s->point_count + points) * 2;
    strand_point *more = realloc(s->points, sizeof(strand_point) * (size_t)capacity);
    if (!more) {
      s->out_of_memory = 1;
      return 0;
    }
    s->points = more;
    s->point_capacity = capacity;
  }
  if (s->segment_count + segments > s->segment_capacity) {
    int capacity = (s->segment_count + segments) * 2;
    strand_segment *more = realloc(s->segments, sizeof(strand_segment) * (size_t)capacity);
    if (more) s->segments = more;
    int32_t *order = more ? realloc(s->order, sizeof(int32_t) * (size_t)capacity) : NULL;
    if (!order) {
      s->out_of_memory = 1;
      return 0;
    }
    s->order = order;
    s->segment_capacity = capacity;
  }
  return 1;
}

STUDIO_INLINE void draw(studio_scene *s, const strand_segment *e) {
  strand_point a = s->points[e->first], b = s->points[e->first + 1];
  float half0 = e->half0, half1 = e->half1, alpha0 = e->alpha0, alpha1 = e->alpha1;
  int side = s->side;
  float end = (float)side;
  if ((a.x < 0 && b.x < 0) || (a.x > end && b.x > end) || (a.y < 0 && b.y < 0) ||
      (a.y > end && b.y > end))
    return;
  float dx = b.x - a.x, dy = b.y - a.y;
  int steep = absf(dy) > absf(dx);
  float m0 = steep ? a.y : a.x, m1 = steep ? b.y : b.x, n0 = steep ? a.x : a.y, n1 = steep ? b.x : b.y;
  if (m0 > m1) {
    float t = m0;
    m0 = m1, m1 = t;
    t = n0, n0 = n1, n1 = t;
    strand_point q = a;
    a = b, b = q;
    t = half0, half0 = half1, half1 = t;
    t = alpha0, alpha0 = alpha1, alpha1 = t;
  }
  float span = m1 - m0, inverse = span > 1e-6f ? 1 / span : 0;
  int from = ceili(maxf(m0, -1) - .5f), to = ceili(minf(m1, end + 1) - .5f);
  if (from < 0) from = 0;
  if (to > side) to = side;
  float slope = (n1 - n0) * inverse, lean = span > 1e-6f ? rootf(1 + slope * slope) : 1;
  int step = steep ? 1 : side;
  for (int m = from; m < to; m++) {
    float t = sat(((float)m + .5f - m0) * inverse);
    float centre = n0 + (n1 - n0) * t, half = lerpf(half0, half1, t) * lean;
    float alpha = lerpf(alpha0, alpha1, t), w = lerpf(a.w, b.w, t) * 1.0006f;
    float r = lerpf(a.r, b.r, t), g = lerpf(a.g, b.g, t), bl = lerpf(a.b, b.b, t);
    float low = centre - half, high = centre + half;
    if (high <= 0 || low >= end) continue;
    int i0 = floori(low), i1 = floori(high);
    if (i0 < 0) i0 = 0;
    if (i1 >= side) i1 = side - 1;
    int k = (steep ? m * side : m) + i0 * step;
    for (int i = i0; i <= i1; i++, k += step) {
      float cover = minf(high, (float)(i + 1)) - maxf(low, (float)i);
      if (cover <= 0 || w < s->depth[k]) continue;
      float o = alpha * minf(1, cover);
      float *f = s->frame + 4 * (int64_t)k;
      f[0] += (r - f[0]) * o;
      f[1] += (g - f[1]) * o;
      f[2] += (bl - f[2]) * o;
    }
  }
}

/// Far to near: sorted alpha blending is what makes it hair.
STUDIO_SIMD void studio_draw_strands(studio_scene *s) {
  enum { BUCKETS = 4096 };
  int32_t begin[BUCKETS + 1] = {0};
  float least = 1e30f, most = -1e30f;
  for (int i = 0; i < s->segment_count; i++) {
    const strand_point *q = s->points + s->segments[i].first;
    float w = q[0].w + q[1].w;
    least = minf(least, w);
    most = maxf(most, w);
  }
  float scale = (float)(BUCKETS - 1) / (most - least + 1e-12f);
  for (int i = 0; i < s->segment_count; i++) {
    const strand_point *q = s->points + s->segments[i].first;
    begin[1 + (int)((q[0].w + q[1].w - least) * scale)]++;
  }
  for (int i = 0; i < BUCKETS; i++) begin[i + 1] += begin[i];
  for (int i = 0; i < s->segment_count; i++) {
    const strand_point *q = s->points + s->segments[i].first;
    s->order[begin[(int)((q[0].w + q[1].w - least) * scale)]++] = i;
  }
  // In this order neighbours in memory are strangers: they are called for some time before.
  enum { SEGMENTS_AHEAD = 24, POINTS_AHEAD = 12 };
  for (int i = 0; i < s->segment_count; i++) {
    if (i + SEGMENTS_AHEAD < s->segment_count)
      __builtin_prefetch(&s->segments[s->order[i + SEGMENTS_AHEAD]]);
    if (i + POINTS_AHEAD < s->segment_count)
      __builtin_prefetch(&s->points[s->segments[s->order[i + POINTS_AHEAD]].first]);
    draw(s, &s->segments[s->order[i]]);
  }
}
