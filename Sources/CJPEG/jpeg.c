#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if !__has_include(<jpeglib.h>)
#error "mien needs <jpeglib.h>: install it with  apt-get install libjpeg62-turbo-dev"
#endif
#include <jpeglib.h>
#include <jerror.h>
#ifndef JCS_EXTENSIONS
#error "mien needs libjpeg-turbo: install it with  apt-get install libjpeg62-turbo-dev"
#endif

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  char *message;
} errors;

static void fail(j_common_ptr codec) {
  errors *error = (errors *)codec->err;
  char text[JMSG_LENGTH_MAX];
  error->base.format_message(codec, text);
  strncpy(error->message, text, 199);
  error->message[199] = 0;
  longjmp(error->escape, 1);
}

// Warnings after which pixels are made up are failures; the others are about markers that do not
// matter. Nothing may print.
static void judge(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_JPEG_EOF:
      fail(codec);
  }
}

static void print_nothing(j_common_ptr codec) { (void)codec; }

static void watch(errors *error, char *message) {
  jpeg_std_error(&error->base);
  error->base.error_exit = fail;
  error->base.emit_message = judge;
  error->base.output_message = print_nothing;
  error->message = message;
}

// MARK: Decoding

static void take_source(j_decompress_ptr jpeg) { (void)jpeg; }

static boolean source_is_empty(j_decompress_ptr jpeg) {
  ERREXIT(jpeg, JERR_INPUT_EOF);
  return FALSE;
}

static void skip(j_decompress_ptr jpeg, long count) {
  if (count <= 0) return;
  if ((size_t)count > jpeg->src->bytes_in_buffer) ERREXIT(jpeg, JERR_INPUT_EOF);
  jpeg->src->next_input_byte += count;
  jpeg->src->bytes_in_buffer -= (size_t)count;
}

// A few kilobytes can hold thousands of scans, each a pass over the whole picture.
static void count_scans(j_common_ptr codec) {
  j_decompress_ptr jpeg = (j_decompress_ptr)codec;
  if (jpeg->input_scan_number > 200) ERREXIT1(jpeg, JERR_BAD_PROGRESSION, jpeg->input_scan_number);
}

// Ink to light. Adobe's files hold the ink that is missing, others the ink that is there.
static void print_to_light(uint8_t *pixels, uint32_t width, int is_inverted) {
  for (uint32_t x = 0; x < width; x++) {
    uint8_t *p = pixels + 4 * (size_t)x;
    unsigned key = is_inverted ? p[3] : 255u - p[3];
    for (int c = 0; c < 3; c++) {
      unsigned light = is_inverted ? p[c] : 255u - p[c];
      p[c] = (uint8_t)((light * key + 127) / 255);
    }
    p[3] = 255;
  }
}

static uint64_t coefficients(j_decompress_ptr jpeg) {
  uint64_t samples = 0;
  for (int c = 0; c < jpeg->num_components; c++) {
    jpeg_component_info *part = jpeg->comp_info + c;
    samples += ((uint64_t)jpeg->image_width * (uint64_t)part->h_samp_factor /
                    (uint64_t)jpeg->max_h_samp_factor + 8) *
               ((uint64_t)jpeg->image_height * (uint64_t)part->v_samp_factor /
                    (uint64_t)jpeg->max_v_samp_factor + 8);
  }
  return samples * sizeof(JCOEF);
}

// The part that may longjmp; what must survive it is in *jpeg, *report or *line.
static mien_jpeg_status read(
    j_decompress_ptr jpeg, errors *error, const uint8_t *bytes, size_t count,
    uint64_t memory_limit, void *context, mien_jpeg_begin begin, mien_jpeg_row row,
    mien_jpeg_report *report, uint8_t **line) {
  if (setjmp(error->escape)) return mien_jpeg_damaged;
  jpeg_create_decompress(jpeg);
  struct jpeg_source_mgr source = {
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = take_source,
      .fill_input_buffer = source_is_empty,
      .skip_input_data = skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = take_source,
  };
  struct jpeg_progress_mgr progress = {.progress_monitor = count_scans};
  jpeg->src = &source;
  jpeg->progress = &progress;
  jpeg_read_header(jpeg, TRUE);
  report->width = jpeg->image_width;
  report->height = jpeg->image_height;
  // Before the question how to reduce it, which is about what is kept.
  if (jpeg_has_multiple_scans(jpeg)) {
    report->memory = coefficients(jpeg);
    if (report->memory > memory_limit) return mien_jpeg_needs_memory;
  }
  uint32_t division = begin(context, jpeg->image_width, jpeg->image_height);
  if (!division) return mien_jpeg_declined;
  jpeg->scale_num = 1;
  jpeg->scale_denom = division;
  int is_print =
      jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = is_print ? JCS_CMYK : JCS_EXT_RGBA;
  jpeg_start_decompress(jpeg);
  uint32_t width = jpeg->output_width;
  *line = malloc(4 * (size_t)width);
  if (!*line) return mien_jpeg_out_of_memory;
  while (jpeg->output_scanline < jpeg->output_height) {
    jpeg_read_scanlines(jpeg, line, 1);
    if (is_print) print_to_light(*line, width, jpeg->saw_Adobe_marker);
    row(context, *line, width);
  }
  jpeg_finish_decompress(jpeg);
  return mien_jpeg_done;
}

mien_jpeg_status mien_jpeg_read(
    const uint8_t *bytes, size_t count, uint64_t memory_limit, void *context,
    mien_jpeg_begin begin, mien_jpeg_row row, mien_jpeg_report *report) {
  memset(report, 0, sizeof *report);
  if (count < 3 || bytes[0] != 0xff || bytes[1] != 0xd8 || bytes[2] != 0xff)
    return mien_jpeg_other_format;
  struct jpeg_decompress_struct jpeg = {0};
  errors error;
  watch(&error, report->message);
  jpeg.err = &error.base;
  uint8_t *line = NULL;
  mien_jpeg_status status = read(
      &jpeg, &error, bytes, count, memory_limit, context, begin, row, report, &line);
  free(line);
  jpeg_destroy_decompress(&jpeg);
  return status;
}

// MARK: Encoding

static mien_jpeg_status encode(
    j_compress_ptr jpeg, errors *error, const uint8_t *pixels, uint32_t width, uint32_t height,
    mien_jpeg_kind kind, uint8_t **bytes, unsigned long *count) {
  if (setjmp(error->escape)) return mien_jpeg_damaged;
  jpeg_create_compress(jpeg);
  jpeg_mem_dest(jpeg, bytes, count);
  jpeg->image_width = width;
  jpeg->image_height = height;
  jpeg->input_components = kind.channels;
  jpeg->in_color_space =
      kind.channels == 1 ? JCS_GRAYSCALE : kind.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(jpeg);
  if (kind.channels == 4 && kind.transform) jpeg_set_colorspace(jpeg, JCS_YCCK);
  jpeg_set_quality(jpeg, kind.quality, TRUE);
  if (kind.progressive) jpeg_simple_progression(jpeg);
  jpeg_start_compress(jpeg, TRUE);
  size_t stride = (size_t)width * (size_t)kind.channels;
  while (jpeg->next_scanline < height) {
    JSAMPROW line = (JSAMPROW)(uintptr_t)(pixels + jpeg->next_scanline * stride);
    jpeg_write_scanlines(jpeg, &line, 1);
  }
  jpeg_finish_compress(jpeg);
  return mien_jpeg_done;
}

mien_jpeg_status mien_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, mien_jpeg_kind kind,
    mien_jpeg_file *file) {
  memset(file, 0, sizeof *file);
  struct jpeg_compress_struct jpeg = {0};
  errors error;
  watch(&error, file->message);
  jpeg.err = &error.base;
  unsigned long count = 0;
  mien_jpeg_status status =
      encode(&jpeg, &error, pixels, width, height, kind, &file->bytes, &count);
  file->count = count;
  jpeg_destroy_compress(&jpeg);
  return status;
}

void mien_jpeg_file_release(mien_jpeg_file *file) {
  free(file->bytes);
  memset(file, 0, sizeof *file);
}
