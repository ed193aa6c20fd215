"""What a client or a middlebox may lawfully do and few do: how frames are cut, which settings it has, what it leaves out.

Flags are those of interop-client.
"""
import argparse
import socket
import struct
import time

from hyperframe.frame import (
    DataFrame, HeadersFrame, PingFrame, PriorityFrame, SettingsFrame, WindowUpdateFrame)

import testing_contract as contract
from wire import LIMIT, PREFACE, Reply, Wire, framed, run

messages, empty, _, _ = contract.load()

SERVICE = "/grpc.testing.TestService/"
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, MAX_HEADER_LIST_SIZE = 1, 4, 5, 6


def request(size=5, body=b""):
    return messages.SimpleRequest(response_size=size, payload={"body": body})


def some_request(method):
    """A message of the method's own, some thirty bytes."""
    if method == "UnaryCall":
        return framed(request(5, b"x" * 30))
    if method == "StreamingInputCall":
        return framed(messages.StreamingInputCallRequest(payload={"body": b"x" * 30}))
    return framed(messages.StreamingOutputCallRequest(response_parameters=[{"size": 5}], payload={"body": b"x" * 30}))


def require_answer(reply, size=5):
    assert reply.http == "200" and reply.status == 0, reply
    (flag, body), = reply.messages()
    assert flag == 0 and len(messages.SimpleResponse.FromString(body).payload.body) == size


def on_wire(arguments, body, **options):
    wire = Wire(arguments.target, **options)
    try:
        body(wire)
    finally:
        wire.close()


def one_byte_data_frames(arguments):
    def body(wire):
        for method in ("UnaryCall", "FullDuplexCall"):
            stream = wire.open(SERVICE + method)
            wire.data(stream, some_request(method), end=True, frame_bytes=1)
            wire.finish(stream)
            assert wire.replies[stream].status == 0

    on_wire(arguments, body)


def every_cut_of_two_messages(arguments):
    """Two messages in two frames, cut at every byte."""
    def body(wire):
        parts = [messages.StreamingInputCallRequest(payload={"body": b"a" * 7}) for _ in range(2)]
        whole = b"".join(map(framed, parts))
        for cut in range(len(whole) + 1):
            stream = wire.open(SERVICE + "StreamingInputCall")
            wire.send(DataFrame(stream, data=whole[:cut]), DataFrame(stream, data=whole[cut:], flags=["END_STREAM"]))
            (_, answer), = wire.finish(stream).messages()
            assert messages.StreamingInputCallResponse.FromString(answer).aggregated_payload_size == 14

    on_wire(arguments, body)


def padding(arguments):
    def body(wire):
        for pad in (0, 1, 255):
            stream = wire.next_stream
            wire.next_stream += 2
            wire.replies[stream] = Reply()
            block = wire.encoder.encode(wire.fields(SERVICE + "UnaryCall"))
            head = HeadersFrame(stream, data=block, flags=["END_HEADERS", "PADDED"])
            head.pad_length = pad
            data = DataFrame(stream, data=framed(request()), flags=["END_STREAM", "PADDED"])
            data.pad_length = pad
            wire.send(head, data)
            require_answer(wire.finish(stream))

    on_wire(arguments, body)


def continuation_at_every_byte(arguments):
    def body(wire):
        for at in range(60):
            block = wire.encoder.encode(wire.fields(SERVICE + "EmptyCall", extra=[("x-number", f"number {at} of sixty {at}")]))
            stream = wire.open_raw(block, pieces=[block[:at], block[at:]])
            wire.data(stream, framed(empty.Empty()), end=True)
            assert wire.finish(stream).status == 0

    on_wire(arguments, body)


def continuation_of_single_bytes(arguments):
    """A long head in many pieces, as a proxy with small buffers sends it."""
    def body(wire):
        block = wire.encoder.encode(wire.fields(SERVICE + "EmptyCall", extra=[("x-long", "v" * 2000)]))
        stream = wire.open_raw(block, pieces=[block[at:at + 300] for at in range(0, len(block), 300)])
        wire.data(stream, framed(empty.Empty()), end=True)
        assert wire.finish(stream).status == 0

    on_wire(arguments, body)


def header_tables(arguments):
    """The size that we allow the server's encoder, and ours within what it allows."""
    for size in (0, 1, 100, 4096, 1 << 20, (1 << 32) - 1):
        def body(wire):
            for number in range(20):
                reply = wire.call(SERVICE + "UnaryCall", request(), extra=[(contract.INITIAL, f"v{number % 3}")])
                require_answer(reply)
                assert Reply.value(reply.headers, contract.INITIAL) == f"v{number % 3}"

        on_wire(arguments, body, settings={HEADER_TABLE_SIZE: size})
    for size in (0, 64, 4096):
        def resized(wire):
            for step in (size, 0, size, 4096):
                wire.encoder.header_table_size = step
                require_answer(wire.call(SERVICE + "UnaryCall", request(), extra=[("x-a", "b"), ("x-c", "d" * 50)]))

        on_wire(arguments, resized)


def headers_that_are_never_indexed(arguments):
    def body(wire):
        block = wire.encoder.encode(wire.fields(SERVICE + "UnaryCall"), huffman=False)
        block += b"\x10\x08x-secret\x05value"  # Literal, never indexed, without Huffman.
        stream = wire.open_raw(block)
        wire.data(stream, framed(request()), end=True)
        require_answer(wire.finish(stream))

    on_wire(arguments, body)


def interleaved_streams(arguments):
    """Frames of twenty calls of all kinds in turns, heads too."""
    def body(wire):
        bodies = {}
        for number in range(20):
            method = ("UnaryCall", "StreamingInputCall", "FullDuplexCall", "HalfDuplexCall")[number % 4]
            bodies[wire.open(SERVICE + method)] = some_request(method) * (1 if method == "UnaryCall" else 3)
        while bodies:
            for stream in list(bodies):
                wire.data(stream, bodies[stream][:7], end=len(bodies[stream]) <= 7)
                bodies[stream] = bodies[stream][7:]
                if not bodies[stream]:
                    del bodies[stream]
        for stream in wire.replies:
            assert wire.finish(stream).status == 0, wire.replies[stream]

    on_wire(arguments, body)


def window_of_one_byte(arguments):
    def body(wire):
        stream = wire.open(SERVICE + "UnaryCall")
        wire.data(stream, framed(request(100)), end=True)
        reply = wire.replies[stream]
        while not reply.over:
            seen = len(reply.data)
            wire.wait(lambda: len(reply.data) > seen or reply.over)
            if not reply.over:
                wire.send(WindowUpdateFrame(stream, window_increment=1), WindowUpdateFrame(0, window_increment=1))
        require_answer(reply, 100)
        assert max(reply.frames) <= 1, reply.frames

    on_wire(arguments, body, settings={INITIAL_WINDOW_SIZE: 1}, auto_window=False)


def window_that_opens_late(arguments):
    """Window 0: head at once, data when the window opens, by WINDOW_UPDATE and by SETTINGS."""
    for by_settings in (False, True):
        def body(wire):
            stream = wire.open(SERVICE + "UnaryCall")
            wire.data(stream, framed(request(1000)), end=True)
            wire.wait(lambda: wire.replies[stream].headers is not None)
            wire.ping()
            assert not wire.replies[stream].data
            if by_settings:
                wire.send(SettingsFrame(settings={INITIAL_WINDOW_SIZE: 1 << 20}))
            else:
                wire.send(WindowUpdateFrame(stream, window_increment=5000))
            require_answer(wire.finish(stream), 1000)

        on_wire(arguments, body, settings={INITIAL_WINDOW_SIZE: 0}, auto_window=False)


def window_that_shrinks(arguments):
    """SETTINGS makes a window negative; it is filled up again."""
    def body(wire):
        stream = wire.open(SERVICE + "UnaryCall")
        wire.data(stream, framed(request(3000)), end=True)
        reply = wire.replies[stream]
        wire.wait(lambda: len(reply.data) == 1000)
        wire.send(SettingsFrame(settings={INITIAL_WINDOW_SIZE: 10}))
        wire.wait(lambda: wire.acknowledged == 2)
        wire.send(WindowUpdateFrame(stream, window_increment=990))
        wire.ping()
        assert len(reply.data) == 1000, "data came into a window that was not above zero"
        wire.send(WindowUpdateFrame(stream, window_increment=5000))
        require_answer(wire.finish(stream), 3000)

    on_wire(arguments, body, settings={INITIAL_WINDOW_SIZE: 1000}, auto_window=False)


def stalled_stream_beside_a_good_one(arguments):
    def body(wire):
        stalled = wire.open(SERVICE + "UnaryCall")
        wire.data(stalled, framed(request(1 << 20)), end=True)
        wire.wait(lambda: len(wire.replies[stalled].data) == 1000)
        wire.send(WindowUpdateFrame(0, window_increment=1 << 24))
        for _ in range(20):
            require_answer(wire.call(SERVICE + "UnaryCall", request(100)), 100)
        assert not wire.replies[stalled].over
        wire.send(WindowUpdateFrame(stalled, window_increment=1 << 24))
        require_answer(wire.finish(stalled), 1 << 20)

    on_wire(arguments, body, settings={INITIAL_WINDOW_SIZE: 1000}, auto_window=False)


def frame_sizes(arguments):
    for size in (16384, 16385, 1 << 20, (1 << 24) - 1):
        def body(wire):
            reply = wire.call(SERVICE + "UnaryCall", request(2 << 20, bytes(1 << 20)))
            require_answer(reply, 2 << 20)
            assert max(reply.frames) <= size, max(reply.frames)

        on_wire(arguments, body, settings={MAX_FRAME_SIZE: size, INITIAL_WINDOW_SIZE: (1 << 31) - 1})


def trailers_in_a_request(arguments):
    def body(wire):
        for method in ("UnaryCall", "StreamingInputCall", "FullDuplexCall"):
            stream = wire.open(SERVICE + method)
            wire.data(stream, some_request(method))
            block = wire.encoder.encode([("x-checksum", "abc"), ("grpc-status", "0")])
            wire.send(HeadersFrame(stream, data=block, flags=["END_HEADERS", "END_STREAM"]))
            assert wire.finish(stream).status == 0, wire.replies[stream]

    on_wire(arguments, body)


def end_on_an_empty_data_frame(arguments):
    def body(wire):
        for method in ("UnaryCall", "FullDuplexCall"):
            stream = wire.open(SERVICE + method)
            wire.data(stream, some_request(method))
            wire.send(DataFrame(stream), DataFrame(stream, flags=["END_STREAM"]))
            assert wire.finish(stream).status == 0, wire.replies[stream]

    on_wire(arguments, body)


def heads_with_more_and_less(arguments):
    def body(wire):
        for options in (
                {"drop": ["te"]}, {"extra": [("user-agent", "grpc-test/1")]}, {"extra": [("user-agent", "")]},
                {"replace": [(":scheme", "https")]}, {"replace": [(":authority", "other.example:444")]},
                {"drop": [":authority"], "extra": [("host", "localhost")]},
                {"extra": [("content-length", str(len(framed(request()))))]}, {"extra": [("grpc-accept-encoding", "identity")]},
                {"extra": [("grpc-encoding", "identity")]}, {"extra": [("accept-encoding", "gzip, deflate, br")]},
                {"extra": [("x-forwarded-for", "10.0.0.1"), ("via", "2 proxy"), ("forwarded", "for=x")]},
                {"extra": [("cookie", "a=b"), ("cookie", "c=d")]}, {"extra": [("x-empty", "")]},
                {"extra": [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]},
                {"extra": [("traceparent", "rubbish")]}, {"extra": [("grpc-message-type", "grpc.testing.SimpleRequest")]},
                {"extra": [("accept-language", "zh;q=0.5, en;q=x, *")]}, {"extra": [("grpc-previous-rpc-attempts", "2")]},
                {"extra": [("priority", "u=1, i")]}, {"extra": [("x-bytes", "caf\u00e9")]}):
            reply = wire.call(SERVICE + "UnaryCall", framed(request()), **options)
            assert reply.reset is None, (options, reply)
            require_answer(reply)

    on_wire(arguments, body)


def order_of_the_fields(arguments):
    def body(wire):
        fields = wire.fields(SERVICE + "UnaryCall", extra=[("x-a", "b")])
        for turned in (fields[:4][::-1] + fields[4:][::-1], fields[2:4] + fields[:2] + fields[4:]):
            stream = wire.open_raw(wire.encoder.encode(turned))
            wire.data(stream, framed(request()), end=True)
            require_answer(wire.finish(stream))

    on_wire(arguments, body)


def unknown_frame(kind, stream, body):
    return struct.pack(">BHBBI", 0, len(body), kind, 0, stream) + body


def frames_that_say_nothing(arguments):
    """PRIORITY, unknown frames, unknown settings, PING, SETTINGS between and inside calls: few, as a client may send them."""
    def body(wire):
        stream = wire.open(SERVICE + "UnaryCall")
        wire.send(
            PriorityFrame(stream, depends_on=0, stream_weight=10), PriorityFrame(wire.next_stream + 20, depends_on=stream),
            unknown_frame(0xB0, stream, b"unknown"), unknown_frame(0xB1, 0, b""),
            unknown_frame(0x10, 0, b"\x00\x00\x00\x01u=1"),
            SettingsFrame(settings={0xF000: 1, 8: 1}), PingFrame(0, opaque_data=b"12345678"),
            WindowUpdateFrame(stream, window_increment=1))
        wire.data(stream, framed(request()), end=True)
        require_answer(wire.finish(stream))
        wire.wait(lambda: b"12345678" in wire.pongs and wire.acknowledged == 2)

    on_wire(arguments, body)


def head_with_a_priority(arguments):
    def body(wire):
        stream = wire.next_stream
        wire.next_stream += 2
        wire.replies[stream] = Reply()
        block = wire.encoder.encode(wire.fields(SERVICE + "UnaryCall"))
        head = HeadersFrame(stream, data=block, flags=["END_HEADERS", "PRIORITY"], depends_on=0, stream_weight=15)
        wire.send(head, DataFrame(stream, data=framed(request()), flags=["END_STREAM"]))
        require_answer(wire.finish(stream))

    on_wire(arguments, body)


def stream_numbers_that_leap(arguments):
    def body(wire):
        for leap in (0, 2, 100, 10000, 1 << 20):
            wire.next_stream += leap
            require_answer(wire.call(SERVICE + "UnaryCall", request()))

    on_wire(arguments, body)


def everything_in_one_write(arguments):
    """Preface, settings and a whole call before the server has said anything."""
    whole = Wire(arguments.target)
    block = whole.encoder.encode(whole.fields(SERVICE + "UnaryCall"))
    whole.close()
    host, port = arguments.target.rsplit(":", 1)
    parts = [
        PREFACE, SettingsFrame().serialize(), HeadersFrame(1, data=block, flags=["END_HEADERS"]).serialize(),
        DataFrame(1, data=framed(request()), flags=["END_STREAM"]).serialize()]
    for pieces in ([b"".join(parts)], [bytes([byte]) for byte in b"".join(parts)]):
        with socket.create_connection((host, int(port)), LIMIT) as plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                plain.sendall(piece)
            got = b""
            while b"grpc-status" not in got and b"\x88" not in got[-200:] or len(got) < 60:
                chunk = plain.recv(4096)
                assert chunk, got
                got += chunk


def half_closed_connection(arguments):
    """A client that has said everything and shuts its sending side, as `nc -N` does, still gets its answer or a clean end."""
    wire = Wire(arguments.target)
    stream = wire.open(SERVICE + "UnaryCall")
    wire.data(stream, framed(request()), end=True)
    require_answer(wire.finish(stream))
    wire.socket.shutdown(socket.SHUT_WR)
    begin = time.monotonic()
    while not wire.closed:
        wire.receive()
    assert time.monotonic() - begin < 10
    wire.close()


def goaway_of_the_client(arguments):
    """GOAWAY says that the client takes no streams of ours; its calls go on."""
    from hyperframe.frame import GoAwayFrame

    def body(wire):
        stream = wire.open(SERVICE + "UnaryCall")
        wire.send(GoAwayFrame(0, last_stream_id=0, error_code=0))
        wire.data(stream, framed(request()), end=True)
        require_answer(wire.finish(stream))

    on_wire(arguments, body)


def answer_before_the_request_ends(arguments):
    """The server has answered: what is still on its way does no harm, and the connection goes on."""
    def body(wire):
        stream = wire.open("/grpc.testing.TestService/None")
        wire.wait(lambda: wire.replies[stream].status == 12)
        wire.send(DataFrame(stream, data=b"\0" * 1000), DataFrame(stream, data=b"", flags=["END_STREAM"]))
        require_answer(wire.call(SERVICE + "UnaryCall", request()))

    on_wire(arguments, body)


def small_header_list_of_the_client(arguments):
    """A client that takes little: no answer is larger than it said."""
    def body(wire):
        value = "v" * 3000
        reply = wire.call(
            SERVICE + "UnaryCall", messages.SimpleRequest(response_status={"code": 9, "message": value}),
            extra=[("x-status-details", "1")])
        assert reply.status == 9, reply
        size = sum(len(name) + len(text) + 32 for name, text in reply.trailers or reply.headers)
        assert size <= 1000, size
        require_answer(wire.call(SERVICE + "UnaryCall", request()))

    on_wire(arguments, body, settings={MAX_HEADER_LIST_SIZE: 1000})


def http_1(arguments):
    """Clients of HTTP/1.1, and of its upgrade to HTTP/2, get something that they can read, and no connection that hangs."""
    host, port = arguments.target.rsplit(":", 1)
    upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    for text in (
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
            f"GET / HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n",
            "POST /grpc.testing.TestService/EmptyCall HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0"):
        with socket.create_connection((host, int(port)), LIMIT) as plain:
            plain.sendall(text.encode())
            got = b""
            while chunk := plain.recv(4096):
                got += chunk
            assert got.startswith(b"HTTP/1.") and b"HTTP/2" in got, got


CASES = [
    one_byte_data_frames, every_cut_of_two_messages, padding, continuation_at_every_byte, continuation_of_single_bytes,
    header_tables, headers_that_are_never_indexed, interleaved_streams, window_of_one_byte, window_that_opens_late,
    window_that_shrinks, stalled_stream_beside_a_good_one, frame_sizes, trailers_in_a_request, end_on_an_empty_data_frame,
    heads_with_more_and_less, order_of_the_fields, frames_that_say_nothing, head_with_a_priority, stream_numbers_that_leap,
    everything_in_one_write, half_closed_connection, goaway_of_the_client, answer_before_the_request_ends,
    small_header_list_of_the_client, http_1,
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--server")
    parser.add_argument("--case", default="all")
    run(CASES, parser.parse_args())
