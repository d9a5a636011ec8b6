#pragma once
#include "tiles.h"

// Backward passes on tiled activations in two parts (tiles.h), for a processor with matrix tiles.

/// A plain layer's convolution alone; each result is set to zero where `activations` (tiled, of the
/// result's shape; NULL for none) are not above it: the gradient behind a ReLU.
void mien_tile_layer_run_masked(
    const mien_tile_layer *layer, const uint16_t *source, const uint16_t *activations,
    uint16_t *target, float *scratch);

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
