#include "loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// How many digits are counted up in every message at the patch offset, so that no two are the same.
#define PATCH_DIGITS 12

struct call {
  double begin;
  size_t sent;
  uint64_t number;
  int status;
};

static nghttp2_nv fields[48];
static size_t field_count;
static uint8_t message[1 << 20];
static size_t message_count;
static long patch_offset;
static uint64_t next_number;
static double stop_time;
static long running, done, failed, first_failure;
static float *latencies;
static size_t latency_room;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void field(const char *name, const char *value) {
  if (field_count == sizeof fields / sizeof *fields) fail("too many headers");
  fields[field_count++] = (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value),
                                       NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE};
}

static void read_message(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  size_t count = fread(message + 5, 1, sizeof message - 5, file);
  fclose(file);
  message[1] = (uint8_t)(count >> 24), message[2] = (uint8_t)(count >> 16);
  message[3] = (uint8_t)(count >> 8), message[4] = (uint8_t)count;
  message_count = count + 5;
}

static ssize_t body(nghttp2_session *session, int32_t id, uint8_t *target, size_t room, uint32_t *flags,
                    nghttp2_data_source *source, void *user) {
  (void)session, (void)id, (void)user;
  struct call *call = source->ptr;
  if (call->sent == 0 && patch_offset >= 0) {
    uint64_t rest = call->number;
    for (int digit = PATCH_DIGITS - 1; digit >= 0; digit--, rest /= 10) {
      message[5 + patch_offset + digit] = (uint8_t)('0' + rest % 10);
    }
  }
  size_t count = message_count - call->sent < room ? message_count - call->sent : room;
  memcpy(target, message + call->sent, count);
  call->sent += count;
  if (call->sent == message_count) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return (ssize_t)count;
}

static void start(nghttp2_session *session) {
  struct call *call = calloc(1, sizeof *call);
  if (!call) fail("calloc");
  call->begin = now();
  call->number = next_number++;
  call->status = -1;
  nghttp2_data_provider provider = {.source.ptr = call, .read_callback = body};
  if (nghttp2_submit_request(session, NULL, fields, field_count, &provider, call) < 0) fail("submit_request");
  running++;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_count,
                     const uint8_t *value, size_t value_count, uint8_t flags, void *user) {
  (void)flags, (void)user;
  if (name_count != 11 || memcmp(name, "grpc-status", 11) != 0) return 0;
  struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
  if (!call) return 0;
  call->status = 0;
  for (size_t index = 0; index < value_count; index++) call->status = call->status * 10 + value[index] - '0';
  return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *user) {
  (void)code, (void)user;
  struct call *call = nghttp2_session_get_stream_user_data(session, id);
  if (!call) return 0;
  double end = now();
  if ((size_t)done == latency_room) {
    latency_room = latency_room ? latency_room * 2 : 1 << 16;
    latencies = realloc(latencies, latency_room * sizeof *latencies);
    if (!latencies) fail("realloc");
  }
  latencies[done++] = (float)((end - call->begin) * 1e6);
  if (call->status != 0) {
    failed++;
    if (!first_failure) first_failure = call->status;
  }
  running--;
  free(call);
  if (end < stop_time) start(session);
  return 0;
}

static int compare(const void *left, const void *right) {
  float a = *(const float *)left, b = *(const float *)right;
  return (a > b) - (a < b);
}

static float quantile(double part) { return done ? latencies[(size_t)((double)(done - 1) * part)] : 0; }

static void connect_to(struct link *link, const char *host, int port, int epoll, nghttp2_session_callbacks *callbacks) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  link->socket = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(link->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
  fcntl(link->socket, F_SETFL, O_NONBLOCK);
  int one = 1;
  setsockopt(link->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  nghttp2_session_client_new(&link->session, callbacks, link);
  nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20}};
  nghttp2_submit_settings(link->session, NGHTTP2_FLAG_NONE, settings, 1);
  nghttp2_session_set_local_window_size(link->session, NGHTTP2_FLAG_NONE, 0, 1 << 24);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
  epoll_ctl(epoll, EPOLL_CTL_ADD, link->socket, &event);
}

int load(int count, char **arguments) {
  const char *host = arguments[0];
  int port = atoi(arguments[1]), connections = atoi(arguments[2]), streams = atoi(arguments[3]);
  char authority[64];
  snprintf(authority, sizeof authority, "%s:%d", host, port);
  read_message(arguments[6]);
  patch_offset = atol(arguments[7]);
  // Microseconds since 1970 are 16 digits: the lower ones are enough to never repeat a number.
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  next_number = ((uint64_t)wall.tv_sec * 1000000 + (uint64_t)wall.tv_nsec / 1000) % 1000000000000;
  field(":method", "POST"), field(":scheme", "http"), field(":path", arguments[5]), field(":authority", authority);
  field("content-type", "application/grpc"), field("te", "trailers");
  for (int index = 8; index + 1 < count; index += 2) field(arguments[index], arguments[index + 1]);

  nghttp2_session_callbacks *callbacks;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
  int epoll = epoll_create1(0);
  struct link *links = calloc((size_t)connections, sizeof *links);
  if (!links) fail("calloc");
  double begin = now();
  stop_time = begin + atof(arguments[4]) / 1e3;
  for (int index = 0; index < connections; index++) {
    connect_to(&links[index], host, port, epoll, callbacks);
    for (int stream = 0; stream < streams; stream++) start(links[index].session);
    if (link_send(&links[index], epoll) < 0) fail("send");
  }
  while (running > 0) {
    struct epoll_event events[64];
    int ready = epoll_wait(epoll, events, 64, 10000);
    if (ready == 0 || (ready < 0 && errno != EINTR)) fail("no answer for ten seconds");
    for (int index = 0; index < ready; index++) {
      struct link *link = events[index].data.ptr;
      if (link_receive(link) < 0 || link_send(link, epoll) < 0) fail("the server hung up");
    }
  }
  double seconds = now() - begin;
  qsort(latencies, (size_t)done, sizeof *latencies, compare);
  printf("{\"calls\":%ld,\"failed\":%ld,\"status\":%ld,\"seconds\":%.6f,\"p50\":%.1f,\"p95\":%.1f,\"p99\":%.1f}\n", done,
         failed, first_failure, seconds, (double)quantile(0.5), (double)quantile(0.95), (double)quantile(0.99));
  return 0;
}
