#pragma once
#include <sys/timex.h>

// Whether the kernel's clock follows a time server: 1, 0, or -1 where it may not be asked. Reads, and sets nothing.
static inline int huying_clock_is_synchronised(void) {
  struct timex reading = {0};
  int state = adjtimex(&reading);
  if (state < 0) return -1;
  return state != TIME_ERROR && !(reading.status & STA_UNSYNC);
}
