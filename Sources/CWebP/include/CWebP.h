#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum {
  mien_webp_done = 0,
  mien_webp_other_format,
  /// Not a whole, correct WebP; `reason` says why.
  mien_webp_damaged,
  /// Several pictures one after the other.
  mien_webp_animated,
  /// `begin` answered 0.
  mien_webp_declined,
  /// A lossless picture is held in memory as it is, and is larger than `memory_limit`.
  mien_webp_needs_memory,
  mien_webp_out_of_memory,
} mien_webp_status;

typedef struct {
  /// Of the file, whatever it is reduced by.
  uint32_t width, height;
  uint64_t memory;
  /// A string that lives as long as the program.
  const char *reason;
} mien_webp_report;

/// Told the size of the picture; answers by what its sides are divided, at least 1. 0: no.
typedef uint32_t (*mien_webp_begin)(void *context, uint32_t width, uint32_t height);
/// A row of the reduced picture, `width` pixels R G B A, from the top.
typedef void (*mien_webp_row)(void *context, const uint8_t *rgba, uint32_t width);

/// Reads a still WebP, lossy or lossless. A reduced picture has sides divided and rounded up.
mien_webp_status mien_webp_read(
    const uint8_t *bytes, size_t count, uint64_t memory_limit, void *context,
    mien_webp_begin begin, mien_webp_row row, mien_webp_report *report);

typedef struct {
  uint8_t *bytes;
  size_t count;
} mien_webp_file;

/// Encodes R G B A; `quality` 0…100, above that lossless. For tests. Count 0: it failed.
mien_webp_file mien_webp_encode(
    const uint8_t *rgba, uint32_t width, uint32_t height, float quality);
void mien_webp_file_release(mien_webp_file *file);
