#pragma once
#include <stddef.h>
#include <stdint.h>

/// The bytes of the embedded weights (a safetensors file), 64-byte aligned, alive as long as the
/// program.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} mien_face_finder_bytes;

mien_face_finder_bytes mien_face_finder(void);
