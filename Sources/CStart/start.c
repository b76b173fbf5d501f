// Says early what would otherwise end in an abort of Swift's runtime, or in lost arguments: a static program learns its
// own path and its arguments from /proc.
#include "start.h"

#ifdef __linux__
#include <fcntl.h>
#include <unistd.h>

__attribute__((constructor(101))) static void require_proc(void) {
  int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    close(file);
    return;
  }
  static const char message[] = "ftreport: /proc is not mounted, and ftreport reads its own arguments there; "
                                "mount it (mount -t proc proc /proc), or give the container its /proc\n";
  if (write(2, message, sizeof message - 1) < 0) {}
  _exit(2);
}
#endif
