#include "loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "serve") == 0) return serve();
  if (count >= 10 && strcmp(arguments[1], "load") == 0) return load(count - 2, arguments + 2);
  if (count == 7 && strcmp(arguments[1], "hold") == 0) return hold(count - 2, arguments + 2);
  fprintf(stderr, "usage: c-nghttp2-echo serve\n"
                  "       c-nghttp2-echo load HOST PORT CONNECTIONS STREAMS MILLISECONDS PATH MESSAGE_FILE PATCH_OFFSET"
                  " [NAME VALUE]...\n"
                  "       c-nghttp2-echo hold HOST PORT CONNECTIONS STREAMS PATH\n");
  return 64;
}

void fail(const char *what) {
  fprintf(stderr, "c-nghttp2-echo: %s: %s\n", what, strerror(errno));
  exit(1);
}

int link_receive(struct link *link) {
  static uint8_t bytes[64 << 10];
  for (;;) {
    ssize_t got = read(link->socket, bytes, sizeof bytes);
    if (got == 0) return -1;
    if (got < 0) return errno == EAGAIN ? 0 : -1;
    if (nghttp2_session_mem_recv(link->session, bytes, (size_t)got) < 0) return -1;
    if ((size_t)got < sizeof bytes) return 0;
  }
}

// Takes up to 64 KiB of frames out of the session.
static int fill(struct link *link) {
  while (link->waiting_end < 64 << 10) {
    const uint8_t *bytes;
    ssize_t count = nghttp2_session_mem_send(link->session, &bytes);
    if (count < 0) return -1;
    if (count == 0) return 0;
    if (link->waiting_end + (size_t)count > link->waiting_room) {
      link->waiting_room = link->waiting_end + (size_t)count + (64 << 10);
      link->waiting = realloc(link->waiting, link->waiting_room);
      if (!link->waiting) fail("realloc");
    }
    memcpy(link->waiting + link->waiting_end, bytes, (size_t)count);
    link->waiting_end += (size_t)count;
  }
  return 0;
}

static void watch(struct link *link, int epoll, int wants_write) {
  if (link->wants_write == wants_write) return;
  link->wants_write = wants_write;
  struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0), .data.ptr = link};
  epoll_ctl(epoll, EPOLL_CTL_MOD, link->socket, &event);
}

int link_send(struct link *link, int epoll) {
  for (;;) {
    if (link->waiting_start == link->waiting_end) {
      link->waiting_start = link->waiting_end = 0;
      if (fill(link) < 0) return -1;
      if (link->waiting_end == 0) break;
    }
    ssize_t sent = send(
        link->socket, link->waiting + link->waiting_start, link->waiting_end - link->waiting_start, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN) return -1;
      watch(link, epoll, 1);
      return 0;
    }
    link->waiting_start += (size_t)sent;
  }
  watch(link, epoll, 0);
  return nghttp2_session_want_read(link->session) || nghttp2_session_want_write(link->session) ? 0 : -1;
}
