#if !__has_include(<zlib.h>)
#error "mien needs zlib: install it with  apt-get install zlib1g-dev"
#endif
#include "CZlib.h"
#include <zlib.h>

// zlib counts in 32 bits.
static unsigned portion(size_t left) { return left > 1u << 30 ? 1u << 30 : (unsigned)left; }

int mien_inflate(
    const uint8_t *source, size_t source_count, uint8_t *destination, size_t count, int to_the_end) {
  z_stream stream = {0};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return -1;
  // One byte of room more than needed lets a stream that goes on show itself.
  uint8_t spare;
  size_t taken = 0, given = 0;
  int result = -1;
  for (;;) {
    const unsigned offered = portion(source_count - taken);
    const int full = given == count;
    const unsigned room = full ? 1 : portion(count - given);
    stream.next_in = (Bytef *)(source + taken);
    stream.avail_in = offered;
    stream.next_out = full ? &spare : destination + given;
    stream.avail_out = room;
    const int status = inflate(&stream, Z_NO_FLUSH);
    taken += offered - stream.avail_in;
    const unsigned written = room - stream.avail_out;
    if (full) {
      if (written == 0 && status == Z_STREAM_END) result = 0;
      break;
    }
    given += written;
    if (status == Z_STREAM_END) {
      if (given == count) result = 0;
      break;
    }
    if (status != Z_OK) break;
    if (given == count && !to_the_end) {
      result = 0;
      break;
    }
    if (written == 0 && taken == source_count) break;
  }
  inflateEnd(&stream);
  return result;
}

uint32_t mien_crc32(uint32_t checksum, const uint8_t *bytes, size_t count) {
  return count == 0 ? checksum : (uint32_t)crc32_z(checksum, bytes, count);
}

const char *mien_zlib_version(void) { return zlibVersion(); }
