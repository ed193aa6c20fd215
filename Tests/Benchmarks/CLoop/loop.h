// A gRPC echo server and a load generator in plain C on libnghttp2 and epoll: what our runtime is compared with, and
// what both are loaded by. No framework, no handler, no metadata: the practical limit.
#ifndef LOOP_H
#define LOOP_H

#define _GNU_SOURCE

#include <nghttp2/nghttp2.h>
#include <stddef.h>
#include <stdint.h>

// Answers every unary call with the bytes it got. Prints "listening PORT" and serves until it is killed.
int serve(void);

// Calls a server for a while and prints what came of it as one line of JSON.
int load(int count, char **arguments);
// Opens connections and calls and holds them: `hold HOST PORT CONNECTIONS STREAMS PATH`.
int hold(int count, char **arguments);

// A socket's session with the bytes that the socket has not taken yet.
struct link {
  int socket;
  nghttp2_session *session;
  uint8_t *waiting;
  size_t waiting_start, waiting_end, waiting_room;
  int wants_write;
};

// Reads what has come and feeds the session. 0, or -1 when the connection is over.
int link_receive(struct link *link);

// Writes what the session has to say, as much as the socket takes. 0, or -1 when the connection is over.
int link_send(struct link *link, int epoll);

void fail(const char *what) __attribute__((noreturn));

#endif
