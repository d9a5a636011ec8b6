#include "CPNG.h"

#include <stdlib.h>
#include <string.h>
#if !__has_include(<png.h>)
#error "mien needs <png.h>: install it with  apt-get install libpng-dev"
#endif
#include <png.h>

static void remember(char *message, const char *reason) {
  strncpy(message, reason, 159);
  message[159] = 0;
}

static void read_failed(png_structp png, png_const_charp reason) {
  mien_png_picture *picture = png_get_error_ptr(png);
  remember(picture->message, reason);
  png_longjmp(png, 1);
}

static void write_failed(png_structp png, png_const_charp reason) {
  mien_png_file *file = png_get_error_ptr(png);
  remember(file->message, reason);
  png_longjmp(png, 1);
}

// Warnings concern ancillary chunks, which libpng then drops; nothing may print.
static void ignore_warning(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

// MARK: Decoding

typedef struct {
  const uint8_t *bytes;
  size_t left;
} source;

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->left) png_error(png, "the file ends too early");
  memcpy(destination, from->bytes, count);
  from->bytes += count;
  from->left -= count;
}

// Whether every chunk up to the last ends inside the file. libpng allocates and clears what a
// chunk's length field claims before it reads, up to 2 GiB for a file of a hundred bytes.
static int chunks_fit(const uint8_t *bytes, size_t count) {
  for (size_t at = 8; count - at >= 12;) {
    size_t length = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                    (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (length > count - at - 12) return 0;
    if (!memcmp(bytes + at + 4, "IEND", 4)) return 1;
    at += length + 12;
  }
  return 0;
}

// RGBA rows, in place, to RGB rows over white.
static void flatten(uint8_t *pixels, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned alpha = pixels[4 * i + 3];
    for (size_t c = 0; c < 3; c++)
      pixels[3 * i + c] = (uint8_t)((pixels[4 * i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}

// The part that may longjmp; everything that must survive it is in *picture or *rows.
static mien_png_status decode(
    png_structp png, png_infop info, uint64_t pixel_limit, mien_png_picture *picture,
    png_bytepp *rows) {
  if (setjmp(png_jmpbuf(png))) return mien_png_damaged;
  // Bounds on what a small file may make libpng allocate: text and other chunks, and their number.
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 16 << 20);
  png_set_chunk_cache_max(png, 256);
  png_read_info(png, info);

  picture->width = png_get_image_width(png, info);
  picture->height = png_get_image_height(png, info);
  if ((uint64_t)picture->width * picture->height > pixel_limit) return mien_png_too_large;

  png_set_expand(png);  // palette, 1-2-4 bit gray and tRNS to whole samples
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = 4 * (size_t)picture->width;
  if (png_get_rowbytes(png, info) != stride) png_error(png, "unexpected row size");

  picture->pixels = calloc(picture->height, stride);
  *rows = malloc(picture->height * sizeof(png_bytep));
  if (!picture->pixels || !*rows) return mien_png_out_of_memory;
  for (size_t y = 0; y < picture->height; y++) (*rows)[y] = picture->pixels + y * stride;
  png_read_image(png, *rows);
  png_read_end(png, info);
  flatten(picture->pixels, (size_t)picture->width * picture->height);
  return mien_png_done;
}

static mien_png_status collect_texts(png_structp png, png_infop info, mien_png_picture *picture) {
  png_textp texts;
  int count;
  if (png_get_text(png, info, &texts, &count) <= 0 || count <= 0) return mien_png_done;
  picture->texts = calloc((size_t)count, sizeof(mien_png_text));
  if (!picture->texts) return mien_png_out_of_memory;
  picture->text_count = (size_t)count;
  for (int i = 0; i < count; i++) {
    int utf8 = texts[i].compression >= PNG_ITXT_COMPRESSION_NONE;
    picture->texts[i] = (mien_png_text){
        .keyword = texts[i].key,
        .keyword_count = strlen(texts[i].key),
        .text = texts[i].text,
        .text_count = utf8 ? texts[i].itxt_length : texts[i].text_length,
        .is_utf8 = utf8,
    };
  }
  return mien_png_done;
}

// Makes libpng's records, in *picture, for bytes that are a whole PNG as far as its chunks say.
static mien_png_status open_source(
    const uint8_t *bytes, size_t count, mien_png_picture *picture, source *from) {
  memset(picture, 0, sizeof *picture);
  if (count < 8 || png_sig_cmp(bytes, 0, 8)) return mien_png_other_format;
  if (!chunks_fit(bytes, count)) {
    remember(picture->message, "the file ends too early");
    return mien_png_damaged;
  }
  png_structp png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, picture, read_failed, ignore_warning);
  if (!png) return mien_png_out_of_memory;
  picture->png = png;
  picture->info = png_create_info_struct(png);
  if (!picture->info) return mien_png_out_of_memory;
  *from = (source){bytes, count};
  png_set_read_fn(png, from, read_bytes);
  return mien_png_done;
}

mien_png_status mien_png_decode(
    const uint8_t *bytes, size_t count, uint64_t pixel_limit, mien_png_picture *picture) {
  source from;
  mien_png_status status = open_source(bytes, count, picture, &from);
  if (status != mien_png_done) return status;
  png_bytepp rows = NULL;
  status = decode(picture->png, picture->info, pixel_limit, picture, &rows);
  free(rows);
  return status == mien_png_done
             ? collect_texts(picture->png, picture->info, picture) : status;
}

void mien_png_release(mien_png_picture *picture) {
  png_structp png = picture->png;
  png_infop info = picture->info;
  if (png) png_destroy_read_struct(&png, info ? &info : NULL, NULL);
  free(picture->pixels);
  free(picture->texts);
  memset(picture, 0, sizeof *picture);
}

// MARK: Row by row

// As decode, but a row at a time, R G B A. Interlaced pictures come in passes over the whole: they
// are decoded at once where they are small enough.
static mien_png_status stream(
    png_structp png, png_infop info, uint64_t interlaced_limit, void *context, mien_png_begin begin,
    mien_png_row row, mien_png_picture *picture, uint8_t **line) {
  if (setjmp(png_jmpbuf(png))) return mien_png_damaged;
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 16 << 20);
  png_set_chunk_cache_max(png, 256);
  png_read_info(png, info);
  uint32_t width = picture->width = png_get_image_width(png, info);
  uint32_t height = picture->height = png_get_image_height(png, info);
  int is_interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  if (is_interlaced && (uint64_t)width * height > interlaced_limit) return mien_png_too_large;
  if (!begin(context, width, height)) return mien_png_declined;

  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = 4 * (size_t)width;
  if (png_get_rowbytes(png, info) != stride) png_error(png, "unexpected row size");
  *line = calloc(is_interlaced ? height : 1, stride);
  if (!*line) return mien_png_out_of_memory;
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < height; y++) {
      uint8_t *place = is_interlaced ? *line + y * stride : *line;
      png_read_row(png, place, NULL);
      if (pass == passes - 1) row(context, place, width);
    }
  }
  png_read_end(png, info);
  return mien_png_done;
}

mien_png_status mien_png_read_rows(
    const uint8_t *bytes, size_t count, uint64_t interlaced_limit, void *context,
    mien_png_begin begin, mien_png_row row, mien_png_picture *picture) {
  source from;
  mien_png_status status = open_source(bytes, count, picture, &from);
  if (status != mien_png_done) return status;
  uint8_t *line = NULL;
  status = stream(
      picture->png, picture->info, interlaced_limit, context, begin, row, picture, &line);
  free(line);
  return status;
}

// MARK: Encoding

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  mien_png_file *file = png_get_io_ptr(png);
  if (file->capacity - file->count < count) {
    size_t capacity = 2 * file->capacity + count + 4096;
    uint8_t *larger = realloc(file->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    file->bytes = larger;
    file->capacity = capacity;
  }
  memcpy(file->bytes + file->count, bytes, count);
  file->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

static mien_png_status encode(
    png_structp png, png_infop info, const uint8_t *pixels, uint32_t width, uint32_t height,
    int channels, int level, png_textp texts, size_t text_count) {
  if (setjmp(png_jmpbuf(png))) return mien_png_damaged;
  if (level) {
    png_set_compression_level(png, level);
    png_set_filter(png, 0, PNG_FILTER_SUB | PNG_FILTER_PAETH);
  }
  png_set_IHDR(
      png, info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (text_count) png_set_text(png, info, texts, (int)text_count);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++)
    png_write_row(png, pixels + (size_t)y * width * (size_t)channels);
  png_write_end(png, info);
  return mien_png_done;
}

mien_png_status mien_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level,
    const char *texts, size_t text_count, mien_png_file *file) {
  memset(file, 0, sizeof *file);
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, file, write_failed, ignore_warning);
  if (!png) return mien_png_out_of_memory;
  png_infop info = png_create_info_struct(png);
  png_textp chunks = calloc(text_count + 1, sizeof(png_text));
  mien_png_status status = mien_png_out_of_memory;
  if (info && chunks) {
    for (size_t i = 0; i < text_count; i++) {
      chunks[i].key = (png_charp)texts;
      texts += strlen(texts) + 1;
      chunks[i].text = (png_charp)texts;
      chunks[i].compression = PNG_TEXT_COMPRESSION_NONE;
      for (; *texts; texts++)
        if (*texts & 0x80) chunks[i].compression = PNG_ITXT_COMPRESSION_NONE;
      texts++;
    }
    png_set_write_fn(png, file, write_bytes, flush_nothing);
    status = encode(png, info, pixels, width, height, channels, level, chunks, text_count);
  }
  free(chunks);
  png_destroy_write_struct(&png, info ? &info : NULL);
  return status;
}

void mien_png_file_release(mien_png_file *file) {
  free(file->bytes);
  memset(file, 0, sizeof *file);
}

const char *mien_png_version(void) { return png_get_libpng_ver(NULL); }
