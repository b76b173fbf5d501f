#define _GNU_SOURCE
#include "mapping.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/// A guarded mapping. The handler reads these while other threads write them, so every field is atomic, and the length
/// is written last and taken away first: a guard of no byte has no address in it.
struct guard {
  atomic_bool is_taken;
  atomic_bool was_cut;
  _Atomic(uintptr_t) base;
  _Atomic(size_t) length;
};

enum { most_guards = 4096 };
static struct guard guards[most_guards];
/// One more than the greatest number that was ever taken.
static atomic_int used_guards;
/// Where the next search begins: behind the guard that was taken last, so that thousands of files take no longer each.
static atomic_uint next_guard;
static struct sigaction earlier;
static size_t page_size;

/// Puts zeros in the place of the pages from the one at `address` to the end of its mapping: the file ended before it.
static bool replace_pages(uintptr_t address) {
  int used = atomic_load(&used_guards);
  for (int index = 0; index < used; index++) {
    struct guard *guard = &guards[index];
    size_t length = atomic_load(&guard->length);
    uintptr_t base = atomic_load(&guard->base);
    if (length == 0 || address < base || address - base >= length) continue;
    uintptr_t start = address & ~(uintptr_t)(page_size - 1);
    // mmap is a plain system call, so it may be made here.
    void *pages = mmap((void *)start, base + length - start, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (pages == MAP_FAILED) return false;
    atomic_store(&guard->was_cut, true);
    return true;
  }
  return false;
}

static void take_fault(int number, siginfo_t *information, void *context) {
  int code = errno;
  bool is_replaced = replace_pages((uintptr_t)information->si_addr);
  errno = code;
  if (is_replaced) return;
  if (earlier.sa_flags & SA_SIGINFO) {
    earlier.sa_sigaction(number, information, context);
  } else if (earlier.sa_handler == SIG_DFL || earlier.sa_handler == SIG_IGN) {
    // The instruction is tried again, and ends the process as it would have without this handler.
    signal(number, SIG_DFL);
  } else {
    earlier.sa_handler(number);
  }
}

static void install(void) {
  page_size = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {0};
  action.sa_sigaction = take_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &earlier);
}

int files_guard_mapping(const void *base, size_t length) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  for (int tried = 0; tried < most_guards; tried++) {
    int index = (int)(atomic_fetch_add(&next_guard, 1) % most_guards);
    struct guard *guard = &guards[index];
    bool expected = false;
    if (!atomic_compare_exchange_strong(&guard->is_taken, &expected, true)) continue;
    int used = atomic_load(&used_guards);
    while (used <= index && !atomic_compare_exchange_weak(&used_guards, &used, index + 1)) {}
    atomic_store(&guard->was_cut, false);
    atomic_store(&guard->base, (uintptr_t)base);
    atomic_store(&guard->length, length);
    return index;
  }
  return -1;
}

bool files_mapping_was_cut(int guard) { return guard >= 0 && atomic_load(&guards[guard].was_cut); }

void files_release_mapping(int guard) {
  if (guard < 0) return;
  atomic_store(&guards[guard].length, 0);
  atomic_store(&guards[guard].is_taken, false);
}
