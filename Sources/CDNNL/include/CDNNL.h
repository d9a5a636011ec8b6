#pragma once
#include <stddef.h>

#include "CDNNLGradients.h"

// All that mien asks of oneDNN, behind an interface that hides which major version is installed.
// Images are float32 [N, C, H, W]; "blocked" is oneDNN's nChw16c or nChw8c, N = 1.

typedef enum {
  mien_convolution_plain,      // zero padding, stride 1
  mien_convolution_transposed, // stride 2, no padding: (2h + k - 2) outputs a side
} mien_convolution_kind;

typedef enum {
  mien_algorithm_direct,
  mien_algorithm_winograd, // 3×3, stride 1 only
} mien_convolution_algorithm;

typedef struct {
  mien_convolution_kind kind;
  int batch;
  int in_channels, out_channels;
  int height, width; // of the input
  int kernel;        // taps a side
  int padding;       // zeros on each side (plain only)
} mien_convolution_shape;

/// A convolution of one shape with its weights packed for the implementation oneDNN chose.
typedef struct mien_convolution mien_convolution;

/// Packs `weights` ([out][in][k][k], as stored for a correlation; a transposed convolution
/// scatters with the same array) for blocked input and output.
/// Returns NULL where the algorithm has no implementation for the shape on this processor.
mien_convolution *mien_convolution_create(
    mien_convolution_shape shape, mien_convolution_algorithm algorithm, int block,
    const float *weights);
void mien_convolution_destroy(mien_convolution *convolution);

/// Floats of working memory `mien_convolution_run` needs, 64-byte aligned.
size_t mien_convolution_scratch(const mien_convolution *convolution);
/// Bytes of the packed weights.
size_t mien_convolution_weight_bytes(const mien_convolution *convolution);
/// oneDNN's name of the implementation.
const char *mien_convolution_implementation(const mien_convolution *convolution);

/// destination = convolution of source; both blocked. Not to be run from two threads at once.
void mien_convolution_run(
    mien_convolution *convolution, const float *source, float *destination, float *scratch);

/// The same for plain arrays, without keeping anything: 0, or oneDNN's status where it failed.
int mien_convolve(
    mien_convolution_shape shape, const float *source, const float *weights, float *destination);

/// c = a · b for row-major a [m][k] and b [k][n], either given transposed; 0 or oneDNN's status.
int mien_matrix_product(
    int transpose_a, int transpose_b, int m, int n, int k, const float *a, const float *b,
    float *c);

/// Channels in a block of the blocked layout that suits this processor: 16 with AVX-512, else 8.
int mien_preferred_block(void);

/// oneDNN's version, as 10000 major + 100 minor + patch.
int mien_dnnl_version(void);
/// The instruction set oneDNN uses here, such as "avx512_core_amx".
const char *mien_dnnl_isa(void);
