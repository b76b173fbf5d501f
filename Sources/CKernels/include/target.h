#pragma once

/// Keeps the kernels that this thread calls to an instruction set or a lesser one: 0 portable, 1 AVX2, 2 AVX-512,
/// which is the default. For tests: what is not the processor's best would else never run on it.
///
/// - Returns: what the kernels then run on.
int ck_limit_target(int limit);
