#pragma once
#include <stddef.h>
#include <stdint.h>

// The backward passes of first-order projection. "Blocked" activations as in CKernels.h. Sums over
// pixels are added in double, thread by thread, so that the same threads give the same digits.

/// Back through `mien_epilogue` (without its filter). `out` is what that wrote: the activations v
/// times `style`. With g = grad_out * style + Σ_k grad_rgb[k] rgb_weight[k] as the gradient of v:
///   style_grad  = Σ_pixels grad_out v            rgb_grad[k] = Σ_pixels grad_rgb[k] v
///   du          = g times the slope of the activation at v, 0 at the clamp
///   noise_grad  = Σ_channels du                  demodulation_grad = Σ_pixels du y
///   grad_y      = du demodulation
/// where y is what the epilogue got, before demodulation.
typedef struct {
  const float *out;        // blocked; NULL where `tiled` has it
  const uint16_t *tiled;   // in two parts, as tiles.h has them; block is 16 then
  const float *grad_out;   // blocked; NULL where nothing but the picture came of it
  const float *style;      // [channels]; NULL for 1
  const float *rgb_weight; // [rgb_channels][channels]; NULL where no picture came of it
  const float *grad_rgb;   // [rgb_channels][height][width]
  int rgb_channels;        // at most 4
  const float *demodulation; // [channels]
  const float *bias;         // [channels]
  const float *noise;        // [height][width]; NULL for none
  float noise_strength;
  float slope, gain, clamp;
  float *grad_y;            // blocked; may be `grad_out`
  float *noise_grad;        // [height][width]; NULL where not wanted
  float *style_grad;        // [channels]
  float *rgb_grad;          // [rgb_channels][channels]
  float *demodulation_grad; // [channels]
  int channels;             // rounded up to whole blocks
  int block;                // 16 or 8
  int height, width;
} mien_epilogue_gradient;

/// 0, or -1 without memory.
int mien_epilogue_backward(const mien_epilogue_gradient *e);

/// The transpose of the blur behind a transposed convolution: [side][side] to [side + 1][side + 1]
/// in each block.
void mien_blur_backward(const float *x, float *y, int channels, int block, int side);

/// The largest of every 2 × 2 pixels: blocked [height][width] to [height / 2][width / 2].
void mien_max_pool(
    const float *x, float *y, int channels, int block, int height, int width);

/// x *= activations > 0.
void mien_relu_backward(const float *activations, float *x, size_t count);

/// Activations of a tap to unit length at every pixel: x / sqrt(Σ_channels x² + 1e-20).
void mien_unit_channels(
    const float *x, float *y, int channels, int block, int height, int width);

/// A tap of LPIPS: how far its unit activations are from a target's, and the gradient with respect
/// to what the last convolution wrote, back through the max pooling and ReLU too.
typedef struct {
  const float *activations; // blocked, behind ReLU
  const float *target;      // blocked, of `mien_unit_channels`
  const float *weight;      // [channels]: of the squared differences, summed over pixels
  const float *grad_pooled; // blocked [height / 2][width / 2]; NULL for the last tap
  float *grad;              // blocked
  int channels, block, height, width;
} mien_lpips_tap;

/// Σ weight (unit activations − target)², or -1 without memory.
double mien_lpips_backward(const mien_lpips_tap *tap);
