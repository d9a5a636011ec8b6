#pragma once
#include <stddef.h>

// Our own Winograd convolution: 3×3, stride 1, padding 1, blocked activations of 16 channels,
// AVX-512 only. oneDNN's sends the transformed picture through memory; this one keeps it in cache.

typedef struct mien_winograd mien_winograd;

/// Whether this processor can run it.
int mien_winograd_available(void);

/// Transforms `weights` ([outputs][inputs][3][3]). NULL where the sides are no multiples of 4, the
/// processor lacks AVX-512, or memory is short.
mien_winograd *mien_winograd_create(
    const float *weights, int inputs, int outputs, int height, int width);
void mien_winograd_destroy(mien_winograd *winograd);

/// Floats of working memory `mien_winograd_run` needs, 64-byte aligned.
size_t mien_winograd_scratch(const mien_winograd *winograd);
size_t mien_winograd_weight_bytes(const mien_winograd *winograd);

/// Source and destination are nChw16c and must not overlap.
void mien_winograd_run(
    const mien_winograd *winograd, const float *source, float *destination, float *scratch);

// The same for the stride-2 transposed 3×3 convolution: [height][width] to [2 height + 1]
// [2 width + 1]. Outputs of even rows are two-tap filters along the rows, F(4, 2) with five products
// for four outputs; those of odd rows are one-tap. Along both axes that is 81 products for 144.

typedef struct mien_winograd_up mien_winograd_up;

mien_winograd_up *mien_winograd_up_create(
    const float *weights, int inputs, int outputs, int height, int width);
void mien_winograd_up_destroy(mien_winograd_up *winograd);
size_t mien_winograd_up_scratch(const mien_winograd_up *winograd);
size_t mien_winograd_up_weight_bytes(const mien_winograd_up *winograd);
void mien_winograd_up_run(
    const mien_winograd_up *winograd, const float *source, float *destination, float *scratch);
