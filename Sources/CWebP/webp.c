#include "CWebP.h"

#include <string.h>
#if !__has_include(<webp/decode.h>)
#error "mien needs <webp/decode.h>: install it with  apt-get install libwebp-dev"
#endif
#include <webp/decode.h>
#include <webp/encode.h>

static mien_webp_status failure(VP8StatusCode code, mien_webp_report *report) {
  switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY: return mien_webp_out_of_memory;
    case VP8_STATUS_NOT_ENOUGH_DATA: report->reason = "the file ends too early"; break;
    case VP8_STATUS_UNSUPPORTED_FEATURE: report->reason = "it uses a feature unknown to libwebp"; break;
    default: report->reason = "its data contradict themselves"; break;
  }
  return mien_webp_damaged;
}

mien_webp_status mien_webp_read(
    const uint8_t *bytes, size_t count, uint64_t memory_limit, void *context,
    mien_webp_begin begin, mien_webp_row row, mien_webp_report *report) {
  memset(report, 0, sizeof *report);
  if (count < 12 || memcmp(bytes, "RIFF", 4) || memcmp(bytes + 8, "WEBP", 4))
    return mien_webp_other_format;
  uint64_t length = (uint64_t)bytes[4] | (uint64_t)bytes[5] << 8 | (uint64_t)bytes[6] << 16 |
                    (uint64_t)bytes[7] << 24;
  if (length + 8 > count) return failure(VP8_STATUS_NOT_ENOUGH_DATA, report);
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) {
    report->reason = "the libwebp in use is not the one mien was built for";
    return mien_webp_damaged;
  }
  VP8StatusCode code = WebPGetFeatures(bytes, count, &config.input);
  if (code != VP8_STATUS_OK) return failure(code, report);
  report->width = (uint32_t)config.input.width;
  report->height = (uint32_t)config.input.height;
  if (config.input.has_animation) return mien_webp_animated;
  // Lossy pictures are decoded in strips; of lossless ones every pixel may refer to any before it.
  if (config.input.format != 1) {
    report->memory = 4 * (uint64_t)report->width * report->height;
    if (report->memory > memory_limit) return mien_webp_needs_memory;
  }
  uint32_t division = begin(context, report->width, report->height);
  if (!division) return mien_webp_declined;
  if (division > 1) {
    config.options.use_scaling = 1;
    config.options.scaled_width = (int)((report->width + division - 1) / division);
    config.options.scaled_height = (int)((report->height + division - 1) / division);
  }
  config.output.colorspace = MODE_RGBA;
  code = WebPDecode(bytes, count, &config);
  if (code == VP8_STATUS_OK) {
    const WebPRGBABuffer *pixels = &config.output.u.RGBA;
    for (int y = 0; y < config.output.height; y++)
      row(context, pixels->rgba + (ptrdiff_t)y * pixels->stride, (uint32_t)config.output.width);
  }
  WebPFreeDecBuffer(&config.output);
  return code == VP8_STATUS_OK ? mien_webp_done : failure(code, report);
}

mien_webp_file mien_webp_encode(
    const uint8_t *rgba, uint32_t width, uint32_t height, float quality) {
  mien_webp_file file = {0};
  int stride = 4 * (int)width;
  file.count =
      quality > 100
          ? WebPEncodeLosslessRGBA(rgba, (int)width, (int)height, stride, &file.bytes)
          : WebPEncodeRGBA(rgba, (int)width, (int)height, stride, quality, &file.bytes);
  return file;
}

void mien_webp_file_release(mien_webp_file *file) {
  WebPFree(file->bytes);
  memset(file, 0, sizeof *file);
}
