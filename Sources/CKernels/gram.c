#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// Eight doubles: one AVX-512 register, two of AVX2, four of SSE2; four of them as sums leave room
// for the operands in each.
typedef double eight __attribute__((vector_size(64)));

typedef struct {
  const double *x;
  int rows, stride;
  double *sums;
} gram;

enum { tile_rows = 4, tile_columns = 8 };

MIEN_INLINE void gram_rows_body(const gram *j, int first) {
  for (int column = first - first % tile_columns; column < j->stride; column += tile_columns) {
    eight a = {0}, b = {0}, c = {0}, d = {0};
    for (int r = 0; r < j->rows; r++) {
      const double *x = j->x + (size_t)r * j->stride;
      eight y;
      memcpy(&y, x + column, sizeof y);
      a += x[first] * y;
      b += x[first + 1] * y;
      c += x[first + 2] * y;
      d += x[first + 3] * y;
    }
    const eight totals[tile_rows] = {a, b, c, d};
    for (int i = 0; i < tile_rows; i++) {
      double *sums = j->sums + (size_t)(first + i) * j->stride + column;
      for (int l = 0; l < tile_columns; l++) sums[l] += totals[i][l];
    }
  }
}
MIEN_SIMD(void, gram_rows, (const gram *j, int first), (j, first))

static void gram_task(void *context, size_t task) {
  const gram *j = context;
  // A row near the top of the triangle and one near its bottom, so that all tasks are alike.
  gram_rows(j, (int)task * tile_rows);
  gram_rows(j, j->stride - ((int)task + 1) * tile_rows);
}

void mien_gram(const double *x, int rows, int stride, double *sums) {
  gram j = {x, rows, stride, sums};
  mien_parallel((size_t)stride / tile_rows / 2, &j, gram_task);
}
