#define _GNU_SOURCE
#include "watching.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

// A signal that comes before the waiting begins must end it too: its handler writes to a pipe.
static int resizes[2] = {-1, -1};

static void take_resize(int number) {
  (void)number;
  int code = errno;
  // A full pipe tells enough.
  (void)!write(resizes[1], "", 1);
  errno = code;
}

static void install(void) {
  if (pipe(resizes) != 0) return;
  for (int end = 0; end < 2; end++) {
    fcntl(resizes[end], F_SETFL, O_NONBLOCK);
    fcntl(resizes[end], F_SETFD, FD_CLOEXEC);
  }
  struct sigaction action = {0};
  action.sa_handler = take_resize;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, NULL);
}

static int begin(void);

int files_watch_begin(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  return begin();
}

void files_watch_wait(int watch, int milliseconds) {
  struct pollfd sources[] = {{.fd = resizes[0], .events = POLLIN}, {.fd = watch, .events = POLLIN}};
  poll(sources, 2, milliseconds);
  char taken[64];
  while (resizes[0] >= 0 && read(resizes[0], taken, sizeof taken) > 0) {}
}

#if defined(__APPLE__)

#include <sys/event.h>
#include <sys/mount.h>
#include <sys/param.h>

static int begin(void) { return kqueue(); }

bool files_watch_add(int watch, const char *path, int *opened) {
  struct statfs system;
  *opened = open(path, O_EVTONLY | O_CLOEXEC);
  if (*opened < 0 || fstatfs(*opened, &system) != 0 || !(system.f_flags & MNT_LOCAL)) return false;
  struct kevent wanted;
  unsigned int changes = NOTE_WRITE | NOTE_EXTEND | NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE;
  EV_SET(&wanted, *opened, EVFILT_VNODE, EV_ADD | EV_CLEAR, changes, 0, NULL);
  return kevent(watch, &wanted, 1, NULL, 0, NULL) == 0;
}

bool files_watch_reaches_into_folders(void) { return false; }

#elif defined(__linux__)

#include <sys/inotify.h>
#include <sys/vfs.h>

// File systems whose files others may write without this kernel's knowing, by their numbers in its headers.
static bool is_shared(uint32_t type) {
  static const uint32_t types[] = {
    0x6969,      // NFS
    0x517b,      // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB 2
    0x65735546,  // FUSE: sshfs, s3fs, GlusterFS
    0x01021997,  // 9P: WSL, virtual machines
    0x0bd00bd0,  // Lustre
    0x47504653,  // GPFS
    0x00c36400,  // Ceph
    0x5346414f,  // AFS
    0x6b414653,  // kAFS
    0x786f4256,  // VirtualBox
    0xbacbacbc,  // VMware
    0x19830326,  // BeeGFS
    0x20030528,  // OrangeFS
    0x01161970,  // GFS2
    0x7461636f,  // OCFS2
  };
  for (unsigned index = 0; index < sizeof types / sizeof types[0]; index++)
    if (types[index] == type) return true;
  return false;
}

static int begin(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

bool files_watch_add(int watch, const char *path, int *opened) {
  struct statfs system;
  *opened = -1;
  if (statfs(path, &system) != 0 || is_shared((uint32_t)system.f_type)) return false;
  uint32_t changes = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF;
  return inotify_add_watch(watch, path, changes) >= 0;
}

bool files_watch_reaches_into_folders(void) { return true; }

#else

static int begin(void) { return -1; }

bool files_watch_add(int watch, const char *path, int *opened) {
  (void)watch, (void)path;
  *opened = -1;
  return false;
}

bool files_watch_reaches_into_folders(void) { return true; }

#endif
