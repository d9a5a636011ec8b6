// What tiles.h and tile_gradients.h declare, for processors that never have
// matrix tiles: nothing is created, and nothing else is called.

#include "CKernels.h"

#include <stdlib.h>

#if !(defined(__x86_64__) && defined(__linux__))

int mien_tiles_available(void) { return 0; }

void mien_tiled_from_plain(
    const float *plain, const float *style, uint16_t *tiled, mien_tiled_shape s, int parts) {
  (void)plain, (void)style, (void)tiled, (void)s, (void)parts;
  abort();
}
mien_tile_layer *mien_tile_layer_create(int inputs, int outputs, int height, int width, int up) {
  (void)inputs, (void)outputs, (void)height, (void)width, (void)up;
  return NULL;
}
void mien_tile_layer_set_rows(mien_tile_layer *l, int rows) { (void)l, (void)rows; }
int mien_tile_layer_is_paired(const mien_tile_layer *l) { (void)l; return 0; }
int mien_tile_layer_rows(const mien_tile_layer *l) { (void)l; return 0; }
void mien_tile_layer_destroy(mien_tile_layer *l) { (void)l; }
void mien_tile_layer_pack(mien_tile_layer *l, const float *weights, const float *style) {
  (void)l, (void)weights, (void)style;
  abort();
}
size_t mien_tile_layer_scratch(const mien_tile_layer *l) { (void)l; return 0; }
size_t mien_tile_layer_weight_bytes(const mien_tile_layer *l) { (void)l; return 0; }
void mien_tile_layer_run(
    const mien_tile_layer *l, const uint16_t *source, int parts, const mien_epilogue *e,
    uint16_t *target, float *scratch) {
  (void)l, (void)source, (void)parts, (void)e, (void)target, (void)scratch;
  abort();
}

void mien_tile_layer_run_masked(
    const mien_tile_layer *l, const uint16_t *source, const uint16_t *activations,
    uint16_t *target, float *scratch) {
  (void)l, (void)source, (void)activations, (void)target, (void)scratch;
  abort();
}
mien_tile_layer *mien_tile_layer_create_strided(int inputs, int outputs, int side) {
  (void)inputs, (void)outputs, (void)side;
  return NULL;
}
int mien_tile_layer_run_backward(
    const mien_tile_layer *l, const uint16_t *source, const mien_epilogue_gradient *e,
    float *scratch) {
  (void)l, (void)source, (void)e, (void)scratch;
  abort();
}

void mien_tiled_blur_backward(const float *x, uint16_t *split, int channels, int side) {
  (void)x, (void)split, (void)channels, (void)side;
  abort();
}
void mien_tiled_to_plain(const uint16_t *tiled, float *plain, mien_tiled_shape shape) {
  (void)tiled, (void)plain, (void)shape;
  abort();
}
void mien_tiled_max_pool(const uint16_t *x, uint16_t *y, mien_tiled_shape shape) {
  (void)x, (void)y, (void)shape;
  abort();
}
void mien_tiled_unit_channels(const uint16_t *x, float *y, mien_tiled_shape shape) {
  (void)x, (void)y, (void)shape;
  abort();
}
double mien_tiled_lpips_backward(const mien_tiled_lpips_tap *t) {
  (void)t;
  abort();
}

#endif
