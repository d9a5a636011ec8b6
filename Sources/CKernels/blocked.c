#include "CKernels.h"
#include "dispatch.h"

void mien_block_scaled(
    const float *plain, const float *style, float *blocked, int channels, int pixels, int block) {
  const int blocks = (channels + block - 1) / block;
  for (int b = 0; b < blocks; b++)
    for (int l = 0; l < block; l++) {
      const int c = b * block + l;
      for (int p = 0; p < pixels; p++)
        blocked[((size_t)b * pixels + p) * block + l] =
            c < channels ? plain[(size_t)c * pixels + p] * (style ? style[c] : 1) : 0;
    }
}

void mien_unblock(const float *blocked, float *plain, int channels, int pixels, int block) {
  for (int c = 0; c < channels; c++)
    for (int p = 0; p < pixels; p++)
      plain[(size_t)c * pixels + p] =
          blocked[((size_t)(c / block) * pixels + p) * block + c % block];
}
