#pragma once
#include <stddef.h>

/// The texts of the gallery's preset files, each ended by a NUL, one after the other.
typedef struct {
  const char *bytes;
  size_t count;
} mien_bundled_preset_texts;

mien_bundled_preset_texts mien_bundled_presets(void);
