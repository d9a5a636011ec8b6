#pragma once
#include <stddef.h>
#include <stdint.h>

/// The bytes of the embedded model `studio` (a safetensors file), 64-byte aligned,
/// alive as long as the program.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} mien_bundled_bytes;

mien_bundled_bytes mien_bundled_studio(void);

/// The bytes of the encoder for it (a safetensors file), likewise.
mien_bundled_bytes mien_bundled_studio_encoder(void);
