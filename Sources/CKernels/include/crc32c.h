#pragma once
#include <stddef.h>
#include <stdint.h>

/// The CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `count` bytes, by the fastest way this processor has.
uint32_t kernel_crc32c(const void *bytes, size_t count);

/// The CRC-32C of `count` bytes that follow bytes whose CRC-32C is `crc`.
uint32_t kernel_crc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// The CRC-32C as TFRecord files store it: rotated right by 15 bits, plus 0xa282ead8.
uint32_t kernel_crc32c_masked(const void *bytes, size_t count);

/// The length of the payload of the TFRecord at the start of `bytes`, where the whole record lies within `count` bytes
/// and both of its checksums fit; -1 otherwise.
int64_t kernel_sound_record(const void *bytes, size_t count);

/// The same as `kernel_crc32c_extend` by one of the ways: 0 portable, 1 one stream of the processor's CRC
/// instruction, 2 three streams joined by carry-less multiplication.
///
/// A way that the processor does not have falls back to the next lower one.
uint32_t kernel_crc32c_by(int way, uint32_t crc, const void *bytes, size_t count);

/// The way that `kernel_crc32c` takes on this processor.
int kernel_crc32c_way(void);
