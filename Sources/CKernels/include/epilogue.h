#pragma once

/// What follows a convolution: v = clamp(gain * lrelu(y * demodulation + noise * strength + bias)).
/// The result goes out times the next layer's style, and as the toRGB sum of this layer.
typedef struct {
  const float *y;            // blocked, [channels / block][height][width][block]
  const float *demodulation; // [channels]
  const float *bias;         // [channels]
  const float *noise;        // [out_height][out_width], or NULL
  float noise_strength;
  float slope;
  float gain;
  float clamp;            // INFINITY for none
  const float *style;     // [channels], multiplied into `out`; NULL for 1
  float *out;             // blocked; NULL when only the picture is wanted
  const float *rgb_weight; // [rgb_channels][channels], toRGB weight times its style; NULL for none
  float *rgb;              // [rgb_channels][out_height][out_width], overwritten
  int rgb_channels;        // at most 4
  int channels;            // rounded up to whole blocks
  int block;               // 16 or 8
  int height, width;       // of the result
} mien_epilogue;
