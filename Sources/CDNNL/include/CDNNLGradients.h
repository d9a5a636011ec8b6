#pragma once

// What training and projection ask of oneDNN beside the convolutions of CDNNL.h. Plain float32
// arrays [N, C, H, W]; each returns 0, or oneDNN's status where it failed.

typedef struct {
  int batch;
  int in_channels, out_channels;
  int height, width; // of the input
  int kernel;        // taps a side
  int stride;
  int padding; // zeros on each side
} mien_correlation;

/// destination[o] = Σ over inputs i of the correlation of source[i] with weights[o][i], of
/// (height + 2 padding - kernel) / stride + 1 rows.
int mien_correlate(
    mien_correlation shape, const float *source, const float *weights, float *destination);

/// The gradient of a correlation with respect to its weights: weights[o][i][k][l] = Σ over samples
/// and pixels of gradient[o][y][x] source[i][stride y + k - padding][stride x + l - padding].
int mien_correlation_weights(
    mien_correlation shape, const float *source, const float *gradient, float *weights);

/// A stride-2 correlation without padding of blocked arrays (nChw16c or nChw8c, batch 1), its
/// weights packed once: the transpose of the transposed convolution, for its gradient.
typedef struct mien_strided mien_strided;

/// NULL where oneDNN has no such convolution for the shape on this processor.
mien_strided *mien_strided_create(mien_correlation shape, int block, const float *weights);
void mien_strided_destroy(mien_strided *strided);
/// Not to be run from two threads at once.
void mien_strided_run(mien_strided *strided, const float *source, float *destination);
