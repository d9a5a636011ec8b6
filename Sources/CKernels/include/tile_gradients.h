#pragma once
#include "gradients.h"
#include "tiles.h"

// Backward passes on tiled activations in two parts (tiles.h), for a processor with matrix tiles.

/// A plain layer's convolution alone; each result is set to zero where `activations` (tiled, of the
/// result's shape; NULL for none) are not above it: the gradient behind a ReLU.
void mien_tile_layer_run_masked(
    const mien_tile_layer *layer, const uint16_t *source, const uint16_t *activations,
    uint16_t *target, float *scratch);

/// A 3×3 convolution with stride 2 and no padding, [2 side + 1]² to [side]²; its source is what
/// `mien_tiled_blur_backward` writes.
mien_tile_layer *mien_tile_layer_create_strided(int inputs, int outputs, int side);

/// A plain or strided layer's convolution, of whose result (`grad_out`, which is not used)
/// `mien_epilogue_backward` makes the rest: activations are in `tiled`, channel vectors are rounded
/// up to 32, and so are the channels of `grad_y`. Without a layer nothing but the picture came of
/// the activations. 0, or -1 without memory.
int mien_tile_layer_run_backward(
    const mien_tile_layer *layer, const uint16_t *source, const mien_epilogue_gradient *e,
    float *scratch);

/// Elements of what `mien_tiled_blur_backward` writes, for a strided layer of so many inputs and
/// `side`.
size_t mien_tiled_split_count(int channels, int side);

/// The transpose of the blur behind a transposed convolution, blocked by 16 (channels rounded up to
/// 32) [2 side]² to [2 side + 1]²: even and odd rows and columns apart,
/// [parts][row parity][column parity][channels / 32][side + 2][side + 2][32].
void mien_tiled_blur_backward(const float *x, uint16_t *split, int channels, int side);

/// Tiled activations in two parts as plain [channels][height][width].
void mien_tiled_to_plain(const uint16_t *tiled, float *plain, mien_tiled_shape shape);

/// The largest of every 2 × 2 pixels: [height][width] to [height / 2][width / 2].
void mien_tiled_max_pool(const uint16_t *x, uint16_t *y, mien_tiled_shape shape);

/// Activations of a tap to unit length at every pixel, x / sqrt(Σ_channels x² + 1e-20), as float32
/// [channels / 32][height][width][32].
void mien_tiled_unit_channels(const uint16_t *x, float *y, mien_tiled_shape shape);

/// The twin of `mien_lpips_tap`.
typedef struct {
  const uint16_t *activations; // tiled, behind ReLU
  const float *target;         // of `mien_tiled_unit_channels`
  const float *weight;         // [channels rounded up to 32]
  const uint16_t *grad_pooled; // tiled [height / 2][width / 2]; NULL for the last tap
  uint16_t *grad;              // tiled
  mien_tiled_shape shape;
} mien_tiled_lpips_tap;

/// Σ weight (unit activations − target)², or -1 without memory.
double mien_tiled_lpips_backward(const mien_tiled_lpips_tap *tap);
