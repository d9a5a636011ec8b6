#pragma once
// What the two Winograd convolutions share: vectors of one channel block, and the matrix product of
// transformed inputs and weights. Only for files compiled with AVX-512 functions.

enum { lanes = 16, chunk = 64, most_rows = 6 };

typedef float vec __attribute__((vector_size(64)));
#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma")))
#define INLINE AVX512 static inline __attribute__((always_inline))

/// m[rows][span] = v[rows][inputs] · u[inputs][span] with `vectors` vectors in a row of u.
INLINE void product(
    const float *v, const float *u, float *m, const int rows, const int vectors, int inputs) {
  vec sum[most_rows][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < vectors; j++) sum[r][j] = (vec){0};
  for (int i = 0; i < inputs; i++) {
    vec weight[4];
    // Eight rows ahead: a panel of weights comes from the third-level cache the first time.
    for (int j = 0; j < vectors; j++) __builtin_prefetch(u + ((i + 8) * vectors + j) * lanes);
    for (int j = 0; j < vectors; j++) weight[j] = *(const vec *)(u + (i * vectors + j) * lanes);
    for (int r = 0; r < rows; r++) {
      const float x = v[(size_t)r * inputs + i];
      for (int j = 0; j < vectors; j++) sum[r][j] += weight[j] * x;
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < vectors; j++) *(vec *)(m + ((size_t)r * vectors + j) * lanes) = sum[r][j];
}

#define PRODUCTS(n)                                                                                \
  AVX512 static void products_##n(                                                                 \
      const float *v, const float *u, float *m, int count, int inputs) {                           \
    int r = 0;                                                                                     \
    for (; r + most_rows <= count; r += most_rows)                                                 \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, most_rows, n, inputs);         \
    for (; r + 2 <= count; r += 2)                                                                 \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, 2, n, inputs);                 \
    for (; r < count; r++)                                                                         \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, 1, n, inputs);                 \
  }
PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(3)
PRODUCTS(4)

/// m[count][span] = v[count][inputs] · u[inputs][span] for any count and any span up to a chunk.
AVX512 static void products(
    const float *v, const float *u, float *m, int count, int inputs, int span) {
  switch (span / lanes) {
  case 4: products_4(v, u, m, count, inputs); break;
  case 3: products_3(v, u, m, count, inputs); break;
  case 2: products_2(v, u, m, count, inputs); break;
  default: products_1(v, u, m, count, inputs); break;
  }
}
