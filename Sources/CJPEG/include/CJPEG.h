#pragma once
#include <stddef.h>
#include <stdint.h>

// libjpeg reports errors by longjmp, which must not cross Swift frames: every setjmp stays inside
// one function of jpeg.c, and what Swift sees is a status with a message.

typedef enum {
  mien_jpeg_done = 0,
  /// The bytes do not begin as a JPEG does.
  mien_jpeg_other_format,
  /// Not a whole, correct JPEG; `message` says why.
  mien_jpeg_damaged,
  /// `begin` answered 0.
  mien_jpeg_declined,
  /// Its scans must be held in memory at once, and are larger than `memory_limit`.
  mien_jpeg_needs_memory,
  mien_jpeg_out_of_memory,
} mien_jpeg_status;

typedef struct {
  /// Of the file, whatever it is reduced by.
  uint32_t width, height;
  /// Bytes that a JPEG of several scans needs at once; 0 for others.
  uint64_t memory;
  char message[200];
} mien_jpeg_report;

/// Told the size of the picture; answers by what its sides may be divided: 1, 2, 4 or 8. 0: no.
typedef uint32_t (*mien_jpeg_begin)(void *context, uint32_t width, uint32_t height);
/// A row of the reduced picture, `width` pixels R G B A with A 255, from the top.
typedef void (*mien_jpeg_row)(void *context, const uint8_t *rgba, uint32_t width);

/// Reads any JPEG row by row: grey, YCbCr, RGB, CMYK and YCCK, of one scan or several. A reduced
/// picture has sides divided and rounded up.
mien_jpeg_status mien_jpeg_read(
    const uint8_t *bytes, size_t count, uint64_t memory_limit, void *context,
    mien_jpeg_begin begin, mien_jpeg_row row, mien_jpeg_report *report);

/// How tests make the kinds of JPEG that are met.
typedef struct {
  /// 1: grey, 3: RGB in and YCbCr in the file, 4: CMYK in and YCCK in the file where `transform`.
  int channels;
  int progressive, transform, quality;
} mien_jpeg_kind;

typedef struct {
  uint8_t *bytes;
  size_t count;
  char message[200];
} mien_jpeg_file;

/// Encodes `channels` interleaved 8-bit samples. Whatever the status, the file must be given to
/// mien_jpeg_file_release.
mien_jpeg_status mien_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, mien_jpeg_kind kind,
    mien_jpeg_file *file);
void mien_jpeg_file_release(mien_jpeg_file *file);
