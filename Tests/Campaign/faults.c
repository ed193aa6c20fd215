// What a machine does to a process, at a word in a file: syncs that take long or fail, writes that fail, a clock that is wrong.
// Preloaded; the file named by CAMPAIGN_FAULTS is four numbers of 64 bits.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *faults;  // milliseconds a sync takes, errno of a sync, errno of a write, seconds the clock is ahead

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("CAMPAIGN_FAULTS");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *map = mmap(NULL, 32, PROT_READ, MAP_SHARED, file, 0);
  if (map != MAP_FAILED) faults = map;
  close(file);
}

static int64_t fault(int which) { return faults ? faults[which] : 0; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int held_up(void) {
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
  if (!fault(2) || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  errno = (int)fault(2);
  return 1;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
  return fails(file) ? -1 : REAL(pwrite)(file, bytes, count, place);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
  return fails(file) ? -1 : REAL(pwrite64)(file, bytes, count, place);
}

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
