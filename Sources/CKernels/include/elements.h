#pragma once
#include <stddef.h>
#include <stdint.h>

/// Element types, by their layout in memory (little-endian).
typedef enum {
  ck_bool,
  ck_u8,
  ck_i8,
  ck_u16,
  ck_i16,
  ck_u32,
  ck_i32,
  ck_u64,
  ck_i64,
  ck_f16,
  ck_bf16,
  ck_f32,
  ck_f64,
  ck_f8_e4m3,
  ck_f8_e5m2,
  ck_f8_e8m0,
  ck_f8_e4m3fnuz,
  ck_f8_e5m2fnuz,
  ck_f6_e2m3,
  ck_f6_e3m2,
  ck_f4,
} ck_element;

/// Converts `count` elements from the element `first` of `source` on, which may stand at any alignment.
///
/// Float formats come out exactly; integers of 64 bits are rounded to nearest. 6-bit elements are packed four in
/// three bytes, 4-bit ones two in a byte, the lowest bits first.
void ck_to_double(ck_element type, const void *source, size_t first, size_t count, double *target);
