#include "loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct call {
  uint8_t *bytes;
  size_t count, sent;
};

#define FIELD(name, value) \
  { (uint8_t *)name, (uint8_t *)value, sizeof name - 1, sizeof value - 1, NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE }

static const nghttp2_nv head[] = {FIELD(":status", "200"), FIELD("content-type", "application/grpc")};
static const nghttp2_nv trailers[] = {FIELD("grpc-status", "0")};

static ssize_t body(nghttp2_session *session, int32_t id, uint8_t *target, size_t room, uint32_t *flags,
                    nghttp2_data_source *source, void *user) {
  (void)user;
  struct call *call = source->ptr;
  size_t count = call->count - call->sent < room ? call->count - call->sent : room;
  memcpy(target, call->bytes + call->sent, count);
  call->sent += count;
  if (call->sent == call->count) {
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    nghttp2_submit_trailer(session, id, trailers, 1);
  }
  return (ssize_t)count;
}

static int on_begin(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  (void)user;
  if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
  nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, calloc(1, sizeof(struct call)));
  return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *bytes, size_t count, void *user) {
  (void)flags, (void)user;
  struct call *call = nghttp2_session_get_stream_user_data(session, id);
  if (!call) return 0;
  call->bytes = realloc(call->bytes, call->count + count);
  if (!call->bytes) fail("realloc");
  memcpy(call->bytes + call->count, bytes, count);
  call->count += count;
  return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user) {
  (void)user;
  if (frame->hd.type != NGHTTP2_DATA || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) return 0;
  struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
  if (!call) return 0;
  nghttp2_data_provider provider = {.source.ptr = call, .read_callback = body};
  nghttp2_submit_response(session, frame->hd.stream_id, head, 2, &provider);
  return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user) {
  (void)code, (void)user;
  struct call *call = nghttp2_session_get_stream_user_data(session, id);
  if (call) free(call->bytes);
  free(call);
  return 0;
}

static void take(int listener, int epoll, nghttp2_session_callbacks *callbacks) {
  int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (socket < 0) return;
  int one = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct link *link = calloc(1, sizeof *link);
  if (!link) fail("calloc");
  link->socket = socket;
  nghttp2_session_server_new(&link->session, callbacks, link);
  nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100}};
  nghttp2_submit_settings(link->session, NGHTTP2_FLAG_NONE, settings, 1);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

static void end(struct link *link) {
  nghttp2_session_del(link->session);
  close(link->socket);
  free(link->waiting);
  free(link);
}

int serve(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 128)) fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);

  nghttp2_session_callbacks *callbacks;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);

  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, -1);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < count; index++) {
      struct link *link = events[index].data.ptr;
      if (!link) {
        take(listener, epoll, callbacks);
      } else if (link_receive(link) < 0 || link_send(link, epoll) < 0) {
        end(link);
      }
    }
  }
}
