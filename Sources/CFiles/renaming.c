#define _GNU_SOURCE
#include "renaming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__APPLE__)

int files_exchange(const char *first, const char *second) {
  return renameatx_np(AT_FDCWD, first, AT_FDCWD, second, RENAME_SWAP);
}

int files_rename_without_replacing(const char *path, const char *target) {
  return renameatx_np(AT_FDCWD, path, AT_FDCWD, target, RENAME_EXCL);
}

#else

#include <sys/syscall.h>

/// The flags of the system call, which not every C library's headers have.
enum { without_replacing = 1, exchanging = 2 };

static int rename_with(const char *path, const char *target, unsigned int flags) {
#ifdef SYS_renameat2
  return (int)syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, target, flags);
#else
  (void)path, (void)target, (void)flags;
  errno = ENOSYS;
  return -1;
#endif
}

int files_exchange(const char *first, const char *second) { return rename_with(first, second, exchanging); }

int files_rename_without_replacing(const char *path, const char *target) {
  return rename_with(path, target, without_replacing);
}

#endif
