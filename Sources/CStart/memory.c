// Keeps memory that is freed for what is asked for next. Weights in codes are decoded into the same few buffers over and
// over: given back to the system each time, their pages take several times as long to come again as to be filled.
#include "start.h"

#include <stdlib.h>  // tells by __GLIBC__ which C library it is

#ifdef __GLIBC__
#include <malloc.h>

__attribute__((constructor)) static void keep_memory(void) {
  // What is larger is mapped by itself and given back at once; what lies free at an end up to the second is kept.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 16 << 20);
}
#endif
