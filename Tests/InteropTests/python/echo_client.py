"""Calls the echo service of the tests with a stock grpcio client: argument 1 is its address. Exit 0 if all is as it should be."""
import sys
import threading
import time

import grpc

address = sys.argv[1]


def text(value):
    data = value.encode()
    size, prefix = len(data), b"\n"
    while size > 127:
        prefix += bytes([size & 127 | 128])
        size >>= 7
    return prefix + bytes([size]) + data


def number(value):
    prefix = b"\x08"
    while value > 127:
        prefix += bytes([value & 127 | 128])
        value >>= 7
    return prefix + bytes([value])


channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", 8 << 20)])
echo = channel.unary_unary("/test.Echo/Echo")

# Unary, metadata both ways.
answer, call = echo.with_call(text("你好"), metadata=[("x-echo-a", "1"), ("x-echo-bin", b"\x00\xff\x07")])
assert answer == text("你好"), answer
assert ("x-head", "1") in call.initial_metadata(), call.initial_metadata()
trailing = dict(call.trailing_metadata())
assert trailing["x-echo-a"] == "1" and trailing["x-echo-bin"] == b"\x00\xff\x07", trailing

# A large message, and many at once.
large = text("x" * (4 * 1024 * 1024 - 16))
assert echo(large) == large
futures = [echo.future(text(str(i))) for i in range(500)]
assert [f.result() for f in futures] == [text(str(i)) for i in range(500)]

# Compressed, both ways.
for compression in (grpc.Compression.Gzip, grpc.Compression.Deflate):
    assert echo(large, compression=compression) == large

# Rich status.
try:
    channel.unary_unary("/test.Echo/Fail")(text(""))
    raise SystemExit("Fail did not fail")
except grpc.RpcError as error:
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION, error
    assert error.details() == "There is no path.; It is too early.", error.details()
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    assert b"NO_PATH" in details and "没有调解路径".encode() in details, details

# Unknown method; too large; deadline.
for path, request, options, code in [
    ("/test.Echo/Nothing", text(""), {}, grpc.StatusCode.UNIMPLEMENTED),
    ("/no.Service/Nothing", text(""), {}, grpc.StatusCode.UNIMPLEMENTED),
    ("/test.Echo/Echo", text("x" * (5 << 20)), {}, grpc.StatusCode.RESOURCE_EXHAUSTED),
    ("/test.Echo/Sleep", number(60000), {"timeout": 0.2}, grpc.StatusCode.DEADLINE_EXCEEDED),
]:
    try:
        channel.unary_unary(path)(request, **options)
        raise SystemExit(path + " did not fail")
    except grpc.RpcError as error:
        assert error.code() is code, (path, error)

# Server stream, client stream, both.
assert list(channel.unary_stream("/test.Echo/Count")(number(1000))) == [b""] + [number(i) for i in range(1, 1000)]
assert channel.stream_unary("/test.Echo/Join")(iter([text("a"), text("b")])) == text("ab")
lock, sent = threading.Semaphore(0), []


def requests():
    for word in ["a", "b", "c"]:
        sent.append(word)
        yield text(word)
        lock.acquire()


for index, message in enumerate(channel.stream_stream("/test.Echo/Chat")(requests())):
    assert message == text("re: " + sent[index])
    assert len(sent) == index + 1
    lock.release()

# Cancelling a stream.
stream = channel.unary_stream("/test.Echo/Endless")(number(10000))
for _ in range(50):
    next(stream)
stream.cancel()
time.sleep(0.1)
assert echo(text("still here")) == text("still here")
print("grpcio client: all well")
