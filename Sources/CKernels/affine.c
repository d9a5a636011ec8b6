#include "CKernels.h"
#include "dispatch.h"

MIEN_INLINE float dot_body(const float *restrict a, const float *restrict x, int n) {
  // Independent sums, because one strict sum would leave the vector units idle.
  float sums[32] = {0};
  int i = 0;
  for (; i + 32 <= n; i += 32)
    for (int l = 0; l < 32; l++) sums[l] += a[i + l] * x[i + l];
  float sum = 0;
  for (; i < n; i++) sum += a[i] * x[i];
  for (int l = 0; l < 32; l++) sum += sums[l];
  return sum;
}
MIEN_SIMD(float, dot, (const float *restrict a, const float *restrict x, int n), (a, x, n))

typedef struct {
  const float *a, *x, *b;
  float gain, *y;
  int rows, columns;
} affine;

enum { rows_a_task = 32 };

static void affine_task(void *context, size_t task) {
  const affine *j = context;
  const int first = (int)task * rows_a_task;
  const int end = first + rows_a_task < j->rows ? first + rows_a_task : j->rows;
  for (int r = first; r < end; r++)
    j->y[r] = dot(j->a + (size_t)r * j->columns, j->x, j->columns) * j->gain + (j->b ? j->b[r] : 0);
}

void mien_affine(
    const float *a, const float *x, const float *b, float gain, float *y, int rows, int columns) {
  affine j = {a, x, b, gain, y, rows, columns};
  const size_t tasks = ((size_t)rows + rows_a_task - 1) / rows_a_task;
  // Below some thousands of products, waking the team costs more than it saves.
  if ((size_t)rows * columns < 65536)
    for (size_t t = 0; t < tasks; t++) affine_task(&j, t);
  else
    mien_parallel(tasks, &j, affine_task);
}
