#pragma once
#include <stddef.h>
#include <stdint.h>

/// Values of codes of four bits, two to a byte, the first in the upper bits: `map[code] · scales[index / block]` for the
/// elements from `first` on, `count` of them. `codes` begins with the element 0.
void ck_decode_nibbles(
  const uint8_t *codes, size_t first, size_t count, size_t block, const float *map, const float *scales, float *target);
