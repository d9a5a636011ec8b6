#pragma once
#include <stddef.h>
#include <stdint.h>

#include "epilogue.h"
#include "gradients.h"
#include "instructions.h"
#include "tile_convolution.h"
#include "tile_gradients.h"
#include "tiles.h"
#include "winograd.h"

// The SIMD passes of the engine. Each has a plain Swift twin in Tensors that tests compare it with.
//
// "Blocked" activations are [channels / block][height][width][block] floats, block 16 or 8, the
// channel count rounded up to whole blocks (oneDNN's nChw16c and nChw8c). Per-channel vectors
// (style, demodulation, bias) are as long as the rounded count, zero in the rounding.

/// Number of threads `mien_parallel` uses, oneDNN's own team.
int mien_thread_count(void);

/// Which of them the calling one is, inside `mien_parallel`.
int mien_thread_index(void);

/// Runs body(context, index) for every index in 0..<count on oneDNN's thread team, so that the two
/// never compete for cores.
void mien_parallel(size_t count, void *context, void (*body)(void *context, size_t index));

/// The epilogue of a plain convolution: y is [height][width] in each block. `out` may be `y`.
void mien_epilogue_plain(const mien_epilogue *e);

/// The epilogue of a stride-2 transposed convolution: y is [height + 1][width + 1] in each block, is
/// padded by one zero on each side and filtered with (1, 3, 3, 1)/4 along both axes first
/// (StyleGAN2's up-convolution; upfirdn2d with gain 4).
void mien_epilogue_blur(const mien_epilogue *e);

/// image = upsample2d(previous) + clamp(image + bias): one step of the skip architecture.
/// image: [channels][2 * height][2 * width]; previous: [channels][height][width], or NULL for the
/// first picture, whose size then is height × width itself.
void mien_skip_add(
    float *image, const float *previous, const float *bias, float clamp, int channels, int height,
    int width);

/// sums += XᵀX for a row-major X of [rows][stride], stride a multiple of 8: the elements on and above
/// the diagonal (some below get values too, which mean nothing).
void mien_gram(const double *x, int rows, int stride, double *sums);

/// y = A x * gain + b for a row-major A of [rows][columns]; b may be NULL.
void mien_affine(
    const float *a, const float *x, const float *b, float gain, float *y, int rows, int columns);

/// Plain [channels][pixels] times style into blocked form, the rounding filled with zeros.
void mien_block_scaled(
    const float *plain, const float *style, float *blocked, int channels, int pixels, int block);

/// Blocked to plain [channels][pixels].
void mien_unblock(const float *blocked, float *plain, int channels, int pixels, int block);

/// upfirdn2d along one axis: `up` - 1 zeros after every sample, `before` and `after` zeros around
/// (negative crops), `count` taps, every `down`-th sample kept.
typedef struct {
  const float *taps;
  int count, up, down, before, after;
} mien_resampling;

/// [planes][height][width] resampled along both axes, times `gain`. 0, or -1 without memory.
int mien_upfirdn(
    const float *x, float *y, int planes, int height, int width, const mien_resampling *resampling,
    float gain);

/// StyleGAN3's filtered leaky ReLU: bias, upsampling with gain up², clamped leaky ReLU,
/// downsampling; `radial`, where set, is a [count][count] filter in place of the separable one.
typedef struct {
  mien_resampling up, down;
  const float *radial;
  float slope, gain, clamp;
} mien_filtered_activation;

/// One bias for each of the planes. 0, or -1 without memory.
int mien_filtered_lrelu(
    const float *x, const float *bias, float *y, int planes, int height, int width,
    const mien_filtered_activation *activation);

/// The most multiply-adds a second all threads reach together, times two, in the widest float
/// vectors the processor has; 0 without memory. Takes some tens of milliseconds.
double mien_peak_flops(void);

/// The same of products on matrix tiles, bfloat16; 0 where there are none.
double mien_peak_tile_flops(void);

/// Bytes a second that a[i] = b[i] + s c[i] reads and writes over `bytes` of memory in all; 0
/// without that memory.
double mien_memory_bandwidth(size_t bytes);
