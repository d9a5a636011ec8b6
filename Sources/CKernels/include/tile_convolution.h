#pragma once
#include <stddef.h>

// 3×3 convolutions of blocked float32 activations (16 channels, batch 1) on a processor with matrix
// tiles: converted to two bfloat16 parts on the way in, as tiles.h has them, float32 on the way out.

typedef enum {
  mien_tile_plain,      // padding 1: [side]² to [side]²
  mien_tile_transposed, // stride 2: [side]² to [2 side + 1]²
  mien_tile_strided,    // stride 2, no padding: [2 n + 1]² to [n]²
} mien_tile_kind;

typedef struct mien_tile_convolution mien_tile_convolution;

/// Packs `weights`, [outputs][inputs][3][3] as `mien_convolution_create` takes them. NULL without
/// tiles, without memory, or where the result's side (plain, strided) is no multiple of 16.
mien_tile_convolution *mien_tile_convolution_create(
    mien_tile_kind kind, int inputs, int outputs, int side, const float *weights);
void mien_tile_convolution_destroy(mien_tile_convolution *convolution);

/// Floats of working memory, 64-byte aligned.
size_t mien_tile_convolution_scratch(const mien_tile_convolution *convolution);

/// Source and destination are nChw16c and must not overlap.
void mien_tile_convolution_run(
    const mien_tile_convolution *convolution, const float *source, float *destination,
    float *scratch);
