#include "CKernels.h"

// libgomp's entry points. oneDNN links libgomp, and its idle threads spin for a while after each
// primitive: a second pool would fight them for the cores, so the passes here join the same team.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

int mien_thread_count(void) { return omp_get_max_threads(); }

void mien_set_thread_count(int count) { omp_set_num_threads(count); }

int mien_thread_index(void) { return omp_get_thread_num(); }

typedef struct {
  size_t count;
  void *context;
  void (*body)(void *, size_t);
} job;

static void share(void *data) {
  const job *j = data;
  const size_t threads = (size_t)omp_get_num_threads(), me = (size_t)omp_get_thread_num();
  const size_t first = j->count * me / threads, end = j->count * (me + 1) / threads;
  for (size_t i = first; i < end; i++) j->body(j->context, i);
}

void mien_parallel(size_t count, void *context, void (*body)(void *, size_t)) {
  if (count == 0) return;
  if (count == 1) {
    body(context, 0);
    return;
  }
  job j = {count, context, body};
  GOMP_parallel(share, &j, 0, 0);
}
