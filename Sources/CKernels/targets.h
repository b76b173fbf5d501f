#pragma once

// Which instruction set the kernels run on. Every kernel is compiled once for each, and chosen at run time.

#if defined(__x86_64__) || defined(__i386__)
#define CK_X86 1
#else
#define CK_X86 0
#endif

typedef enum { ck_target_portable, ck_target_avx2, ck_target_avx512 } ck_target_kind;

// The best target that this thread may take: tests hold the others against it.
extern _Thread_local int ck_thread_limit;

static inline ck_target_kind ck_target(void) {
#if CK_X86
  // A copy that never changes once it is set, so that a race writes the same value twice.
  static int chosen = -1;
  int kind = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (kind < 0) {
    __builtin_cpu_init();
    kind = ck_target_portable;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")) {
      kind = ck_target_avx2;
      if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        kind = ck_target_avx512;
      }
    }
    __atomic_store_n(&chosen, kind, __ATOMIC_RELAXED);
  }
  return (ck_target_kind)(kind < ck_thread_limit ? kind : ck_thread_limit);
#else
  return ck_target_portable;
#endif
}

// Calls the variant of a kernel for this processor.
#if CK_X86
#define DISPATCH(name, arguments)                                                                  \
  (ck_target() == ck_target_avx512 ? name##_avx512 arguments                                       \
   : ck_target() == ck_target_avx2 ? name##_avx2 arguments                                         \
                                   : name##_portable arguments)
#else
#define DISPATCH(name, arguments) name##_portable arguments
#endif
