#include "loop.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define FIELD(name, value) \
  { (uint8_t *)name, (uint8_t *)(value), sizeof name - 1, strlen(value), NGHTTP2_NV_FLAG_NONE }

static ssize_t nothing_yet(nghttp2_session *session, int32_t id, uint8_t *target, size_t room, uint32_t *flags,
                           nghttp2_data_source *source, void *user) {
  (void)session, (void)id, (void)target, (void)room, (void)flags, (void)source, (void)user;
  return NGHTTP2_ERR_DEFERRED;
}

static int settings_taken;

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  (void)session, (void)user;
  if (frame->hd.type == NGHTTP2_SETTINGS && frame->hd.flags & NGHTTP2_FLAG_ACK) settings_taken++;
  return 0;
}

// Connections that stay open with calls whose request has begun and does not go on: what they cost the server in memory.
int hold(int count, char **arguments) {
  (void)count;
  const char *host = arguments[0];
  int port = atoi(arguments[1]), connections = atoi(arguments[2]), streams = atoi(arguments[3]);
  struct rlimit files = {8192, 8192};
  setrlimit(RLIMIT_NOFILE, &files);
  char authority[64];
  snprintf(authority, sizeof authority, "%s:%d", host, port);
  nghttp2_nv fields[] = {FIELD(":method", "POST"), FIELD(":scheme", "http"), FIELD(":path", arguments[4]),
                         FIELD(":authority", authority), FIELD("content-type", "application/grpc"), FIELD("te", "trailers")};
  nghttp2_session_callbacks *callbacks;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  int epoll = epoll_create1(0);
  struct link *links = calloc((size_t)connections, sizeof *links);
  if (!links) fail("calloc");
  for (int index = 0; index < connections; index++) {
    struct link *link = &links[index];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    link->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(link->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
    fcntl(link->socket, F_SETFL, O_NONBLOCK);
    nghttp2_session_client_new(&link->session, callbacks, link);
    nghttp2_submit_settings(link->session, NGHTTP2_FLAG_NONE, NULL, 0);
    for (int stream = 0; stream < streams; stream++) {
      nghttp2_data_provider provider = {.read_callback = nothing_yet};
      nghttp2_submit_request(link->session, NULL, fields, 6, &provider, NULL);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
    epoll_ctl(epoll, EPOLL_CTL_ADD, link->socket, &event);
    if (link_send(link, epoll) < 0) fail("send");
  }
  for (int is_told = 0;;) {
    struct epoll_event events[64];
    int ready = epoll_wait(epoll, events, 64, 1000);
    for (int index = 0; index < ready; index++) {
      struct link *link = events[index].data.ptr;
      if (link_receive(link) < 0 || link_send(link, epoll) < 0) fail("the server hung up");
    }
    if (!is_told && settings_taken == connections && ready == 0) {
      is_told = 1;
      printf("holding\n");
      fflush(stdout);
    }
  }
}
