#pragma once
#include <stddef.h>
#include <stdint.h>

#include "epilogue.h"

// A synthesis layer on a processor with matrix tiles (AMX-BF16): convolution and what follows it in
// horizontal strips that stay in the second-level cache.
//
// Numbers are bfloat16 in one part or two. In two parts x = high + low, both bfloat16, of which the
// product keeps high·high + high·low + low·high, added in float32: what is dropped is below 2⁻¹⁷ of
// each product, no more than float32 Winograd loses. One part is plain bfloat16.
//
// "Tiled" activations are [parts][channels / 32][height + 2][width + 2][32] bfloat16, channels
// rounded up to 32, with a border of zeros that whoever allocates the memory writes once.

/// Whether this processor and kernel have them; asks the kernel for the registers the first time.
int mien_tiles_available(void);

typedef struct {
  int channels, height, width;
} mien_tiled_shape;

/// bfloat16 elements of one part, and of the whole with two parts and room for reads past the end.
size_t mien_tiled_part(mien_tiled_shape shape);
size_t mien_tiled_count(mien_tiled_shape shape);

/// Plain [channels][height][width] times style (NULL for 1) into tiled form, `parts` of them.
void mien_tiled_from_plain(
    const float *plain, const float *style, uint16_t *tiled, mien_tiled_shape shape, int parts);

typedef struct mien_tile_layer mien_tile_layer;

/// A 3×3 convolution with padding 1, or (`up`) the stride-2 transposed one behind which the
/// epilogue blurs, to [2 height][2 width]. Weights are unset until packed. NULL where memory is
/// short.
mien_tile_layer *mien_tile_layer_create(int inputs, int outputs, int height, int width, int up);

/// Rows of the input in a strip, at least 2; the whole height shares the outputs among the threads
/// instead of the rows. 0 goes by the size of the caches, as a new layer does.
void mien_tile_layer_set_rows(mien_tile_layer *layer, int rows);
int mien_tile_layer_rows(const mien_tile_layer *layer);

/// Whether its rows are made two by two by Winograd's F(2, 3), which takes a third of the products
/// away: plain layers of so many channels and rows that this is faster.
int mien_tile_layer_is_paired(const mien_tile_layer *layer);
void mien_tile_layer_destroy(mien_tile_layer *layer);

/// weights [outputs][inputs][3][3] times style [inputs] (NULL for 1), both parts.
void mien_tile_layer_pack(mien_tile_layer *layer, const float *weights, const float *style);

/// Floats of working memory `mien_tile_layer_run` needs, 64-byte aligned.
size_t mien_tile_layer_scratch(const mien_tile_layer *layer);
size_t mien_tile_layer_weight_bytes(const mien_tile_layer *layer);

/// The layer's activations to `target` (tiled; NULL where only the picture is wanted) and its
/// picture to `e->rgb`. `e->y` and `e->out` are not used; its channel vectors are rounded up to 32.
void mien_tile_layer_run(
    const mien_tile_layer *layer, const uint16_t *source, int parts, const mien_epilogue *e,
    uint16_t *target, float *scratch);
