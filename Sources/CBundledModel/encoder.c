#include "CBundledModel.h"

// Made by recipe/encoder.py for the studio.safetensors beside it, whose SHA-256 it carries.
static const _Alignas(64) uint8_t encoder[] = {
#embed "studio-encoder.safetensors"
};

mien_bundled_bytes mien_bundled_studio_encoder(void) {
  return (mien_bundled_bytes){encoder, sizeof encoder};
}
