#pragma once
#include <stddef.h>
#include <stdint.h>

// The two things asked of zlib, behind a header of their own: zlib.h brings in so much of libc that
// Swift would believe libc's types come from here.

/// Inflates a raw deflate stream into exactly `count` bytes. With `to_the_end` the stream must end
/// there, without it may go on. 0, or -1 for a damaged stream or one of another length.
int mien_inflate(
    const uint8_t *source, size_t source_count, uint8_t *destination, size_t count, int to_the_end);

/// CRC-32 of more bytes after those that gave `checksum` (0 to begin with).
uint32_t mien_crc32(uint32_t checksum, const uint8_t *bytes, size_t count);

/// The version of the library in use.
const char *mien_zlib_version(void);
