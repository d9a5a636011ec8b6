#include "include/CFaceStudio.h"
#include "vector.h"
#include <stdlib.h>

// Heavy steps of making a model from the basis, once per start.

// MARK: Nearest points: a k-d tree in place

enum { LEAF = 8, MOST_NEIGHBOURS = 8 };

typedef struct {
  const float *points;
  int32_t *order;
} tree;

static float part(const tree *t, int i, int axis) { return t->points[3 * t->order[i] + axis]; }

/// The widest axis of a range.
static int widest(const tree *t, int from, int to) {
  float low[3] = {1e30f, 1e30f, 1e30f}, high[3] = {-1e30f, -1e30f, -1e30f};
  for (int i = from; i < to; i++)
    for (int a = 0; a < 3; a++) {
      low[a] = minf(low[a], part(t, i, a));
      high[a] = maxf(high[a], part(t, i, a));
    }
  int best = 0;
  for (int a = 1; a < 3; a++)
    if (high[a] - low[a] > high[best] - low[best]) best = a;
  return best;
}

/// Partitions a range about its middle element on an axis (quickselect).
static void split(tree *t, int from, int to, int middle, int axis) {
  while (to - from > 1) {
    float pivot = part(t, (from + to) / 2, axis);
    int i = from, j = to - 1;
    while (i <= j) {
      while (part(t, i, axis) < pivot) i++;
      while (part(t, j, axis) > pivot) j--;
      if (i <= j) {
        int32_t q = t->order[i];
        t->order[i++] = t->order[j];
        t->order[j--] = q;
      }
    }
    if (middle <= j)
      to = j + 1;
    else if (middle >= i)
      from = i;
    else
      return;
  }
}

static void build(tree *t, uint8_t *axes, int from, int to) {
  if (to - from <= LEAF) return;
  int middle = (from + to) / 2, axis = widest(t, from, to);
  split(t, from, to, middle, axis);
  axes[middle] = (uint8_t)axis;
  build(t, axes, from, middle);
  build(t, axes, middle + 1, to);
}

typedef struct {
  int k, found;
  /// No neighbour is further away than this, squared; known before the search.
  float bound;
  float distance[MOST_NEIGHBOURS];
  int32_t index[MOST_NEIGHBOURS];
} nearest;

static void offer(nearest *n, float d, int32_t index) {
  if (n->found == n->k) {
    float worst = n->distance[n->k - 1];
    if (d > worst || (d == worst && index > n->index[n->k - 1])) return;
    n->found--;
  }
  int i = n->found++;
  while (i > 0 && (n->distance[i - 1] > d || (n->distance[i - 1] == d && n->index[i - 1] > index))) {
    n->distance[i] = n->distance[i - 1];
    n->index[i] = n->index[i - 1];
    i--;
  }
  n->distance[i] = d;
  n->index[i] = index;
}

static void visit(const tree *t, int i, const float *q, nearest *n) {
  const float *p = t->points + 3 * t->order[i];
  float x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2], d = x * x + y * y + z * z;
  if (d <= n->bound) offer(n, d, t->order[i]);
}

static void search(const tree *t, const uint8_t *axes, int from, int to, const float *q, nearest *n) {
  if (to - from <= LEAF) {
    for (int i = from; i < to; i++) visit(t, i, q, n);
    return;
  }
  int middle = (from + to) / 2, axis = axes[middle];
  float off = q[axis] - part(t, middle, axis);
  if (off < 0)
    search(t, axes, from, middle, q, n);
  else
    search(t, axes, middle + 1, to, q, n);
  visit(t, middle, q, n);
  float reach = n->found == n->k ? n->distance[n->k - 1] : n->bound;
  if (off * off > reach) return;
  if (off < 0)
    search(t, axes, middle + 1, to, q, n);
  else
    search(t, axes, from, middle, q, n);
}

int studio_nearest(
    const float *points, int count, const float *queries, int query_count, int k, int32_t *indices,
    float *distances) {
  if (k > count || k > MOST_NEIGHBOURS) return 0;
  tree t = {points, malloc(sizeof(int32_t) * (size_t)(count + 1))};
  uint8_t *axes = calloc((size_t)count + 1, 1);
  if (!t.order || !axes) {
    free(t.order);
    free(axes);
    return 0;
  }
  for (int i = 0; i < count; i++) t.order[i] = i;
  build(&t, axes, 0, count);
  for (int i = 0; i < query_count; i++) {
    nearest n = {.k = k, .bound = i ? 0 : INFINITY};
    // Queries come in an order of places: the neighbours of the last one are near this one too.
    for (int j = 0; i && j < k; j++) {
      const float *p = points + 3 * (int64_t)indices[(int64_t)(i - 1) * k + j], *q = queries + 3 * (int64_t)i;
      float x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
      n.bound = maxf(n.bound, x * x + y * y + z * z);
    }
    search(&t, axes, 0, count, queries + 3 * (int64_t)i, &n);
    for (int j = 0; j < k; j++) {
      indices[(int64_t)i * k + j] = n.index[j];
      if (distances) distances[(int64_t)i * k + j] = rootf(n.distance[j]);
    }
  }
  free(t.order);
  free(axes);
  return 1;
}

// MARK: Charts

void studio_chart(
    const float *corners, int triangles, int width, int height, float *heights, int32_t *triangle,
    float *weights) {
  for (int i = 0; i < width * height; i++) heights[i] = -1e30f, triangle[i] = -1;
  for (int t = 0; t < triangles; t++) {
    const float *a = corners + 9 * t, *b = a + 3, *c = a + 6;
    float left = minf(a[0], minf(b[0], c[0])), right = maxf(a[0], maxf(b[0], c[0]));
    float top = minf(a[1], minf(b[1], c[1])), bottom = maxf(a[1], maxf(b[1], c[1]));
    if (!(right > 0 && bottom > 0 && left < (float)width && top < (float)height)) continue;
    int x0 = ceili(maxf(left, 0) - .5f), x1 = floori(minf(right, (float)width) - .5f);
    int y0 = ceili(maxf(top, 0) - .5f), y1 = floori(minf(bottom, (float)height) - .5f);
    if (x0 < 0) x0 = 0;
    if (y0 < 0) y0 = 0;
    float area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
    if (absf(area) < 1e-12f) continue;
    for (int y = y0; y <= y1; y++)
      for (int x = x0; x <= x1; x++) {
        float px = (float)x + .5f - a[0], py = (float)y + .5f - a[1];
        float w1 = (px * (c[1] - a[1]) - (c[0] - a[0]) * py) / area;
        float w2 = ((b[0] - a[0]) * py - (b[1] - a[1]) * px) / area, w0 = 1 - w1 - w2;
        if (w0 < 0 || w1 < 0 || w2 < 0) continue;
        float z = w0 * a[2] + w1 * b[2] + w2 * c[2];
        int k = y * width + x;
        if (z <= heights[k]) continue;
        heights[k] = z;
        triangle[k] = t;
        weights[2 * k] = w1;
        weights[2 * k + 1] = w2;
      }
  }
}

// MARK: Blur

STUDIO_SIMD void studio_blur(float *values, int outer, int length, int inner, float sigma, int wraps) {
  int radius = (int)(4 * sigma + .5f);
  if (radius < 1 || sigma <= 0) return;
  float *kernel = malloc(sizeof(float) * (size_t)(2 * radius + 1)), sum = 0;
  // A line with its continuation on both sides, so that every tap is one pass over it.
  int64_t count = (int64_t)length * inner, margin = (int64_t)radius * inner;
  float *line = malloc(sizeof(float) * (size_t)(count + 2 * margin));
  if (!kernel || !line) {
    free(kernel);
    free(line);
    return;
  }
  for (int i = -radius; i <= radius; i++)
    sum += kernel[i + radius] = expa(-.5f * (float)(i * i) / (sigma * sigma));
  for (int i = 0; i <= 2 * radius; i++) kernel[i] /= sum;
  for (int o = 0; o < outer; o++) {
    float *block = values + o * count;
    for (int i = -radius; i < length + radius; i++) {
      int j = wraps ? ((i % length) + length) % length : i < 0 ? 0 : i >= length ? length - 1 : i;
      memcpy(line + margin + (int64_t)i * inner, block + (int64_t)j * inner, sizeof(float) * (size_t)inner);
    }
    memset(block, 0, sizeof(float) * (size_t)count);
    for (int k = 0; k <= 2 * radius; k++) {
      const float *from = line + (int64_t)k * inner;
      float w = kernel[k];
      for (int64_t n = 0; n < count; n++) block[n] += w * from[n];
    }
  }
  free(kernel);
  free(line);
}
