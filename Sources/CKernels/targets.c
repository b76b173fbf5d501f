#include "target.h"

#include "targets.h"

_Thread_local int ck_thread_limit = ck_target_avx512;

int ck_limit_target(int limit) {
  ck_thread_limit = limit < ck_target_portable ? ck_target_portable : limit;
  return (int)ck_target();
}
