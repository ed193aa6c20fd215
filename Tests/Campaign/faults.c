// What a machine does to a process, at a word in a file: syncs that take long or fail, writes that fail, a clock that is wrong, kill -9
// right before the Nth change of a file. Preloaded; the file named by CAMPAIGN_FAULTS is six numbers of 64 bits.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// Milliseconds a sync takes, errno of a sync, errno of a write, seconds the clock is ahead; after how many changes of files it is killed
// (0: never), how many there were.
static volatile int64_t *faults;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("CAMPAIGN_FAULTS");
  int file = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *map = mmap(NULL, 48, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map != MAP_FAILED) faults = map;
  close(file);
}

static int64_t fault(int which) { return faults ? faults[which] : 0; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// A change of a file is about to be made.
static void change(void) {
  if (!faults) return;
  __atomic_add_fetch(&faults[5], 1, __ATOMIC_SEQ_CST);
  if (faults[4] > 0 && __atomic_sub_fetch(&faults[4], 1, __ATOMIC_SEQ_CST) == 0) kill(getpid(), SIGKILL);
}

static int held_up(void) {
  change();
  int64_t delay = fault(0);
  if (delay) {
    struct timespec rest = {delay / 1000, delay % 1000 * 1000000};
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {}
  }
  errno = (int)fault(1);
  return errno;
}

int fdatasync(int file) { return held_up() ? -1 : REAL(fdatasync)(file); }
int fsync(int file) { return held_up() ? -1 : REAL(fsync)(file); }

static int fails(int file) {
  struct stat status;
  if (!faults || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  change();
  if (!fault(2)) return 0;
  errno = (int)fault(2);
  return 1;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
  return fails(file) ? -1 : REAL(pwrite)(file, bytes, count, place);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
  return fails(file) ? -1 : REAL(pwrite64)(file, bytes, count, place);
}
ssize_t write(int file, const void *bytes, size_t count) { return fails(file) ? -1 : REAL(write)(file, bytes, count); }

#define OPEN(name, ...)                                             \
  mode_t mode = 0;                                                  \
  if (flags & (O_CREAT | O_TMPFILE)) {                              \
    va_list more;                                                   \
    va_start(more, flags);                                          \
    mode = va_arg(more, mode_t);                                    \
    va_end(more);                                                   \
    if (flags & O_CREAT) change();                                  \
  }                                                                 \
  return REAL(name)(__VA_ARGS__, flags, mode);
int open(const char *path, int flags, ...) { OPEN(open, path) }
int open64(const char *path, int flags, ...) { OPEN(open64, path) }
int openat(int folder, const char *path, int flags, ...) { OPEN(openat, folder, path) }
int openat64(int folder, const char *path, int flags, ...) { OPEN(openat64, folder, path) }

#define CHANGE(name, parameters, ...) \
  int name parameters {               \
    change();                         \
    return REAL(name)(__VA_ARGS__);   \
  }
CHANGE(mkdir, (const char *path, mode_t mode), path, mode)
CHANGE(mkdirat, (int folder, const char *path, mode_t mode), folder, path, mode)
CHANGE(rename, (const char *from, const char *to), from, to)
CHANGE(renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
CHANGE(link, (const char *from, const char *to), from, to)
CHANGE(unlink, (const char *path), path)
CHANGE(unlinkat, (int folder, const char *path, int flags), folder, path, flags)
CHANGE(remove, (const char *path), path)
CHANGE(rmdir, (const char *path), path)
CHANGE(ftruncate, (int file, off_t size), file, size)
CHANGE(ftruncate64, (int file, off64_t size), file, size)
CHANGE(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), a, from, b, to, flags)

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = REAL(clock_gettime)(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += fault(3);
  return result;
}
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int result = REAL(gettimeofday)(time, zone);
  if (result == 0) time->tv_sec += fault(3);
  return result;
}
time_t time(time_t *place) {
  time_t now = REAL(time)(NULL) + fault(3);
  if (place) *place = now;
  return now;
}
