#pragma once
#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which must not cross Swift frames: every setjmp stays inside
// one function of png.c, and what Swift sees is a status with a message.

typedef enum {
  mien_png_done = 0,
  /// The bytes do not begin with the PNG signature.
  mien_png_other_format,
  /// Not a whole, correct PNG; `message` says why.
  mien_png_damaged,
  /// Larger than the caller allows; width and height are set.
  mien_png_too_large,
  mien_png_out_of_memory,
  /// `begin` answered 0.
  mien_png_declined,
} mien_png_status;

/// A text chunk. Neither string is NUL-terminated as far as the reader is concerned: use the counts.
typedef struct {
  const char *keyword;
  size_t keyword_count;
  const char *text;
  size_t text_count;
  /// 1: UTF-8 (iTXt). 0: Latin-1 (tEXt, zTXt).
  int is_utf8;
} mien_png_text;

typedef struct {
  uint32_t width, height;
  /// width * height * 3 bytes, R G B, owned by this record.
  uint8_t *pixels;
  mien_png_text *texts;
  size_t text_count;
  char message[160];
  /// libpng's own records, which the texts point into.
  void *png, *info;
} mien_png_picture;

/// Decodes any PNG to 8-bit RGB; transparency is laid over white. Whatever the status, the record
/// must be given to mien_png_release afterwards.
mien_png_status mien_png_decode(
    const uint8_t *bytes, size_t count, uint64_t pixel_limit, mien_png_picture *picture);
void mien_png_release(mien_png_picture *picture);

/// Told the size of the picture; answers whether to go on.
typedef uint32_t (*mien_png_begin)(void *context, uint32_t width, uint32_t height);
/// A row of `width` pixels R G B A, from the top.
typedef void (*mien_png_row)(void *context, const uint8_t *rgba, uint32_t width);

/// Decodes any PNG row by row, without holding it; interlaced ones only up to so many pixels
/// (mien_png_too_large otherwise). Of the record only size and message are set. Whatever the
/// status, it must be given to mien_png_release afterwards.
mien_png_status mien_png_read_rows(
    const uint8_t *bytes, size_t count, uint64_t interlaced_limit, void *context,
    mien_png_begin begin, mien_png_row row, mien_png_picture *picture);

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
  char message[160];
} mien_png_file;

/// Encodes `channels` (1: gray, 3: RGB) interleaved 8-bit samples, at zlib's `level` or, for 0, as
/// libpng thinks best. `texts` holds, for each of
/// `text_count` chunks, a keyword and its text, each ended by NUL. ASCII text becomes tEXt, other
/// text, which must be UTF-8, iTXt. Whatever the status, the file must be given to
/// mien_png_file_release.
mien_png_status mien_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
    const char *texts, size_t text_count, mien_png_file *file);
void mien_png_file_release(mien_png_file *file);

/// The version of the library in use.
const char *mien_png_version(void);
