"""gRPC's protocol document (PROTOCOL-HTTP2.md, statuscodes.md, compression.md), case by case against a server, by hand-made frames.

Flags are those of interop-client; --server is the server's executable for the cases that start one of their own.
"""
import argparse
import base64
import gzip
import random
import signal
import struct
import subprocess
import time
import zlib

import testing_contract as contract
from wire import Wire, framed, run

messages, empty, _, _ = contract.load()

SERVICE = "/grpc.testing.TestService/"
OK, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 2, 3, 4, 8, 12, 13


def simple(**fields):
    return messages.SimpleRequest(**fields)


def require(reply, status):
    assert reply.http == "200", reply
    assert reply.status == status, reply
    return reply


def with_wire(target, body, **options):
    wire = Wire(target, **options)
    try:
        return body(wire)
    finally:
        wire.close()


def call(arguments, method, *parts, path=None, **options):
    return with_wire(arguments.target, lambda wire: wire.call(path or SERVICE + method, *parts, **options))


def good_exchange(arguments):
    reply = require(call(arguments, "UnaryCall", simple(response_size=5)), OK)
    assert reply.headers[0] == (":status", "200"), "pseudo-headers come first"
    assert reply.value(reply.headers, "content-type").startswith("application/grpc"), reply
    assert reply.trailers is not None and reply.value(reply.headers, "grpc-status") is None, reply
    (flag, body), = reply.messages()
    assert flag == 0 and messages.SimpleResponse.FromString(body).payload.body == bytes(5)


def unknown_method_and_service(arguments):
    for path in (SERVICE + "NoSuchCall", "/grpc.testing.NoSuchService/EmptyCall", "/", "/grpc.testing.TestService", "/a/b/c",
                 SERVICE + "EmptyCall/", "//EmptyCall", "/grpc.testing.testservice/emptycall"):
        reply = require(call(arguments, "", empty.Empty(), path=path), UNIMPLEMENTED)
        assert reply.is_trailers_only, (path, reply)
        assert reply.value(reply.headers, "content-type").startswith("application/grpc"), reply


def unimplemented_call(arguments):
    require(call(arguments, "UnimplementedCall", empty.Empty()), UNIMPLEMENTED)


def content_type_that_is_grpc(arguments):
    for kind in ("application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
                 "application/grpc+proto; charset=utf-8", "application/grpc; x=y", "Application/GRPC"):
        require(call(arguments, "EmptyCall", empty.Empty(), replace=[("content-type", kind)]), OK)


def content_type_that_is_not_grpc(arguments):
    for kind in ("application/json", "text/plain", "application/grpc-web", "application/grpc-web+proto", "application/grpcx",
                 "application/grp", ""):
        reply = call(arguments, "EmptyCall", empty.Empty(), replace=[("content-type", kind)])
        assert reply.http == "415", (kind, reply)
    assert call(arguments, "EmptyCall", empty.Empty(), drop=["content-type"]).http == "415"


def methods_other_than_post(arguments):
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD"):
        reply = call(arguments, "EmptyCall", empty.Empty(), replace=[(":method", method)])
        assert reply.http == "405", (method, reply)


def heads_that_are_malformed(arguments):
    """Each ends its own stream, and the connection goes on."""
    def body(wire):
        for options in (
                {"drop": [":path"]}, {"drop": [":method"]}, {"drop": [":scheme"]}, {"replace": [("te", "gzip")]},
                {"replace": [(":path", "")]}, {"extra": [("connection", "keep-alive")]}, {"extra": [("Upper", "case")]},
                {"extra": [("a b", "c")]}, {"extra": [(":late", "pseudo")]}, {"extra": [("x", "a\nb")]}):
            stream = wire.open(SERVICE + "EmptyCall", **options)
            reply = wire.finish(stream)
            assert reply.reset is not None or (reply.http or "").startswith("4"), (options, reply)
        require(wire.call(SERVICE + "EmptyCall", empty.Empty()), OK)

    with_wire(arguments.target, body)


def numbers_of_messages(arguments):
    for method in ("EmptyCall", "UnaryCall", "StreamingOutputCall"):
        require(call(arguments, method), UNIMPLEMENTED)
        require(call(arguments, method, empty.Empty(), empty.Empty()), UNIMPLEMENTED)
    # A head that ends its stream has no message either.
    def body(wire):
        require(wire.finish(wire.open(SERVICE + "UnaryCall", end=True)), UNIMPLEMENTED)
        require(wire.finish(wire.open(SERVICE + "FullDuplexCall", end=True)), OK)
        reply = require(wire.finish(wire.open(SERVICE + "StreamingInputCall", end=True)), OK)
        assert len(reply.messages()) == 1

    with_wire(arguments.target, body)


def requests_that_end_inside_a_message(arguments):
    whole = framed(simple(response_size=3, payload=messages.Payload(body=bytes(40))))
    for method in ("UnaryCall", "StreamingInputCall", "FullDuplexCall", "HalfDuplexCall"):
        for length in (1, 4, 5, 20, len(whole) - 1):
            require(call(arguments, method, whole[:length]), INTERNAL)


def flags_that_are_unknown(arguments):
    for method in ("UnaryCall", "FullDuplexCall"):
        for flag in (2, 3, 128, 255):
            require(call(arguments, method, framed(simple(), flag)), INTERNAL)


def compressed_without_an_encoding(arguments):
    for extra in ([], [("grpc-encoding", "identity")]):
        require(call(arguments, "UnaryCall", framed(gzip.compress(b""), 1), extra=extra), INTERNAL)


def encodings_that_are_unknown(arguments):
    for name in ("snappy", "zstd", "br", "GZIP2"):
        reply = require(call(arguments, "UnaryCall", simple(), extra=[("grpc-encoding", name)]), UNIMPLEMENTED)
        accepted = {part.strip() for value in reply.all("grpc-accept-encoding") for part in value.split(",")}
        assert {"gzip", "deflate"} <= accepted and name not in accepted, reply


def compressed_requests(arguments):
    request = simple(response_size=7, payload=messages.Payload(body=bytes(1000)), expect_compressed={"value": True})
    for name, compress in (("gzip", gzip.compress), ("deflate", zlib.compress)):
        reply = require(call(
            arguments, "UnaryCall", framed(compress(request.SerializeToString()), 1), extra=[("grpc-encoding", name)]), OK)
        assert len(reply.messages()) == 1
        # A stream may name an encoding and not use it.
        require(call(arguments, "EmptyCall", framed(empty.Empty()), extra=[("grpc-encoding", name)]), OK)
        require(call(arguments, "UnaryCall", request, extra=[("grpc-encoding", name)]), INVALID_ARGUMENT)
        # The wrong bytes.
        require(call(arguments, "UnaryCall", framed(b"\x01\x02\x03", 1), extra=[("grpc-encoding", name)]), INTERNAL)
        cut = compress(request.SerializeToString())[:-5]
        require(call(arguments, "UnaryCall", framed(cut, 1), extra=[("grpc-encoding", name)]), INTERNAL)


def compressed_answers(arguments):
    for accepted, expected in (("gzip", "gzip"), ("deflate", "deflate"), ("identity,deflate,gzip", None), ("gzip, br", "gzip"),
                               ("identity", "identity"), ("br", "identity"), (None, "identity")):
        request = simple(response_size=10000, response_compressed={"value": True})
        extra = [("grpc-accept-encoding", accepted)] if accepted else []
        reply = require(call(arguments, "UnaryCall", request, extra=extra), OK)
        used = reply.value(reply.headers, "grpc-encoding") or "identity"
        assert used == expected or (expected is None and used in ("gzip", "deflate")), (accepted, reply)
        (flag, body), = reply.messages()
        assert flag == (used != "identity"), (accepted, reply)
        if flag:
            body = gzip.decompress(body) if used == "gzip" else zlib.decompress(body)
        assert len(messages.SimpleResponse.FromString(body).payload.body) == 10000
        reply = require(call(
            arguments, "UnaryCall", simple(response_size=10000, response_compressed={"value": False}), extra=extra), OK)
        assert reply.messages()[0][0] == 0


def accepted_encodings_are_told(arguments):
    reply = require(call(arguments, "EmptyCall", empty.Empty()), OK)
    accepted = {part.strip() for value in reply.all("grpc-accept-encoding") for part in value.split(",")}
    assert {"gzip", "deflate"} <= accepted, reply


def messages_that_are_too_large(arguments):
    for length in ((4 << 20) + 1, 1 << 31, (1 << 32) - 1):
        def body(wire):
            stream = wire.open(SERVICE + "UnaryCall")
            wire.data(stream, struct.pack(">BI", 0, length) + bytes(100))
            return wire.finish(stream)

        require(with_wire(arguments.target, body), RESOURCE_EXHAUSTED)
    bomb = gzip.compress(bytes(64 << 20))
    require(call(arguments, "UnaryCall", framed(bomb, 1), extra=[("grpc-encoding", "gzip")]), RESOURCE_EXHAUSTED)


def messages_that_are_as_large_as_can_be(arguments):
    request = simple(payload=messages.Payload(body=bytes((4 << 20) - 100)))
    require(call(arguments, "UnaryCall", request), OK)


def messages_that_cannot_be_read(arguments):
    for bad in (b"\xff", b"\x0a\xff\xff", b"\x1a\x05ab", b"\x07", b"\x3a\x04\x12\x02\xff\xfe"):
        require(call(arguments, "UnaryCall", framed(bad)), INTERNAL)


SLEEPING = messages.StreamingOutputCallRequest(response_parameters=[{"size": 1, "interval_us": 30_000_000}])


def deadlines(arguments):
    for method in ("StreamingOutputCall", "FullDuplexCall"):
        for text in ("300m", "300000u", "99999999n"):
            reply = require(call(arguments, method, SLEEPING, extra=[("grpc-timeout", text)]), DEADLINE_EXCEEDED)
            earliest = 0.099 if text.endswith("n") else 0.299
            assert earliest <= reply.took < 5, reply.took
    # A client that never ends its request.
    def body(wire):
        stream = wire.open(SERVICE + "UnaryCall", extra=[("grpc-timeout", "200m")])
        wire.data(stream, framed(simple())[:3])
        return wire.finish(stream)

    require(with_wire(arguments.target, body), DEADLINE_EXCEEDED)


def blocked_answers_end_at_their_deadline(arguments):
    """A window that stays shut: trailers would queue behind the data, so the stream is reset, whoever has finished before."""
    for method, size in (("UnaryCall", 200), ("UnaryCall", 1 << 20), ("StreamingOutputCall", 200), ("FullDuplexCall", 1 << 20)):
        def body(wire):
            fields = {"response_size": size} if method == "UnaryCall" else {"response_parameters": [{"size": size}]}
            kind = messages.SimpleRequest if method == "UnaryCall" else messages.StreamingOutputCallRequest
            stream = wire.open(SERVICE + method, extra=[("grpc-timeout", "300m")])
            wire.data(stream, framed(kind(**fields)), end=True)
            begin = time.monotonic()
            reply = wire.finish(stream)
            assert reply.reset == 8 and time.monotonic() - begin < 5, reply

        with_wire(arguments.target, body, settings={4: 10}, auto_window=False)


def timeouts_of_every_unit(arguments):
    for text in ("1H", "1M", "10S", "10000m", "10000000u", "99999999H", "99999999M", "99999999S", "00000010S"):
        require(call(arguments, "UnaryCall", simple(), extra=[("grpc-timeout", text)]), OK)
    for text in ("0S", "1n", "0n"):
        require(call(arguments, "StreamingOutputCall", SLEEPING, extra=[("grpc-timeout", text)]), DEADLINE_EXCEEDED)


def timeouts_that_are_malformed(arguments):
    for text in ("", "S", "10", "10s", "123456789S", "-1S", "1.5S", "1 S", "0x1S"):
        require(call(arguments, "UnaryCall", simple(), extra=[("grpc-timeout", text)]), INTERNAL)


def binary_metadata(arguments):
    name = contract.TRAILING
    for size in range(0, 9):
        raw = bytes(range(250, 250 + size)) if size < 6 else random.Random(size).randbytes(size)
        padded = base64.b64encode(raw).decode()
        for text in {padded, padded.rstrip("=")}:
            reply = require(call(arguments, "UnaryCall", simple(), extra=[(name, text)]), OK)
            assert [decoded(value) for value in reply.all(name)] == [raw], (raw, reply)
    # Two fields of a name, and the same joined by a proxy; each may come back joined or not.
    first, second = b"\x00\xff", b"more"
    texts = [base64.b64encode(value).decode() for value in (first, second)]
    for fields in ([(name, texts[0]), (name, texts[1])], [(name, ",".join(texts))], [(name, ", ".join(texts))]):
        reply = require(call(arguments, "UnaryCall", simple(), extra=fields), OK)
        back = [decoded(part.strip()) for value in reply.all(name) for part in value.split(",")]
        assert back == [first, second], (fields, reply)


def decoded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def binary_metadata_that_is_not_base64(arguments):
    def body(wire):
        for text in ("!!!!", "a", "====", "QUJD*", "QQ==QQ=="):
            reply = wire.call(SERVICE + "UnaryCall", simple(), extra=[(contract.TRAILING, text)])
            assert reply.http == "200" and reply.status in (OK, INTERNAL, INVALID_ARGUMENT), reply
        require(wire.call(SERVICE + "EmptyCall", empty.Empty()), OK)

    with_wire(arguments.target, body)


def text_metadata(arguments):
    for value in ("plain", "a, b", "~!@#$%^&*()", "x" * 4000, "a  b"):
        reply = require(call(arguments, "UnaryCall", simple(), extra=[(contract.INITIAL, value)]), OK)
        assert reply.value(reply.headers, contract.INITIAL) == value, reply


def percent_encoded_messages(arguments):
    from urllib.parse import unquote_to_bytes

    everything = "".join(chr(code) for code in range(1, 0x120)) + "呼应 ☺ 😈"
    for text in ("plain", "100%", "%41", "a b", "", "\t\r\n", contract.SPECIAL_MESSAGE, everything):
        request = simple(response_status={"code": UNKNOWN, "message": text})
        reply = require(call(arguments, "UnaryCall", request), UNKNOWN)
        raw = reply.ending("grpc-message") or ""
        assert all(" " <= letter <= "~" for letter in raw), repr(raw)
        assert unquote_to_bytes(raw).decode() == text, repr(raw)


def codes_are_echoed(arguments):
    for code in range(1, 17):
        require(call(arguments, "UnaryCall", simple(response_status={"code": code, "message": "m"})), code)
        request = messages.StreamingOutputCallRequest(
            response_parameters=[{"size": 3}], response_status={"code": code, "message": "m"})
        for method in ("StreamingOutputCall", "FullDuplexCall", "HalfDuplexCall"):
            require(call(arguments, method, request), code)
    require(call(arguments, "UnaryCall", simple(response_status={"code": 99, "message": "m"})), UNKNOWN)
    require(call(arguments, "UnaryCall", simple(response_status={"code": 0, "message": "m"})), OK)


def status_details(arguments):
    status_pb2, details_pb2 = contract.load_rpc_types()
    for message in ("m", "长" * 3000):
        request = simple(response_status={"code": 9, "message": message})
        reply = require(call(arguments, "UnaryCall", request, extra=[("x-status-details", "1")]), 9)
        block = reply.trailers or reply.headers
        size = sum(len(name.encode()) + len(value.encode()) + 32 for name, value in block)
        assert size <= 8192, f"trailers of {size} bytes, where stock clients take 8192"
        details = reply.ending("grpc-status-details-bin")
        if message == "m":
            status = status_pb2.Status.FromString(decoded(details))
            assert status.code == 9 and status.message == message, status
            info = details_pb2.ErrorInfo()
            assert any(detail.Unpack(info) for detail in status.details) and info.reason, status
    assert call(arguments, "UnaryCall", simple(response_status={"code": 9})).ending("grpc-status-details-bin") is None


def payload_types_that_are_unknown(arguments):
    require(call(arguments, "UnaryCall", framed(b"\x08\x63")), INVALID_ARGUMENT)
    require(call(arguments, "UnaryCall", simple(response_size=-1)), INVALID_ARGUMENT)


def intervals(arguments):
    request = messages.StreamingOutputCallRequest(
        response_parameters=[{"size": 1, "interval_us": 100_000}, {"size": 2, "interval_us": 100_000}])
    reply = require(call(arguments, "StreamingOutputCall", request), OK)
    assert reply.took >= 0.2 and len(reply.messages()) == 2


def connections_cut_inside_a_message(arguments):
    for cut in (1, 5, 9):
        wire = Wire(arguments.target)
        stream = wire.open(SERVICE + "StreamingInputCall")
        wire.data(stream, framed(messages.StreamingInputCallRequest(payload={"body": bytes(50)}))[:cut])
        wire.close()
    require(call(arguments, "EmptyCall", empty.Empty()), OK)


def many_streams_at_once(arguments):
    """A hundred calls, interleaved byte by byte."""
    def body(wire):
        requests = [framed(simple(response_size=number)) for number in range(100)]
        streams = [wire.open(SERVICE + "UnaryCall") for _ in requests]
        for at in range(max(map(len, requests))):
            for stream, request in zip(streams, requests):
                if at < len(request):
                    wire.data(stream, request[at:at + 1], end=at == len(request) - 1)
        for number, stream in enumerate(streams):
            (_, answer), = require(wire.finish(stream), OK).messages()
            assert len(messages.SimpleResponse.FromString(answer).payload.body) == number

    with_wire(arguments.target, body)


def start_server(arguments, *flags):
    server = subprocess.Popen([arguments.server, "--port", "0", *flags], stdout=subprocess.PIPE, text=True)
    return server, f"127.0.0.1:{server.stdout.readline().strip()}"


def reset_cancels_the_handler(arguments):
    """A handler that would sleep for 30 s holds a drain up; one that was cancelled does not."""
    server, target = start_server(arguments)
    wire = Wire(target)
    streams = [wire.open(SERVICE + method) for method in ("StreamingOutputCall", "FullDuplexCall", "HalfDuplexCall")]
    for stream in streams:
        wire.data(stream, framed(SLEEPING), end=True)
    wire.ping()
    for stream in streams:
        wire.reset(stream)
    wire.ping()
    begin = time.monotonic()
    server.send_signal(signal.SIGTERM)
    code = server.wait(30)
    took = time.monotonic() - begin
    assert code == 0 and took < 5, (code, took)
    wire.close()


def sigterm_drains(arguments):
    """Calls under way finish, new ones are turned away, the exit code is 0."""
    server, target = start_server(arguments)
    wire = Wire(target)
    stream = wire.open(SERVICE + "StreamingOutputCall")
    request = messages.StreamingOutputCallRequest(response_parameters=[{"size": 1, "interval_us": 700_000}] * 2)
    wire.data(stream, framed(request), end=True)
    wire.ping()
    server.send_signal(signal.SIGTERM)
    reply = require(wire.finish(stream), OK)
    assert len(reply.messages()) == 2
    wire.wait(lambda: wire.goaway is not None)
    assert wire.goaway[1] == 0, wire.goaway
    assert server.wait(30) == 0
    wire.close()


def stream_limit(arguments):
    server, target = start_server(arguments, "--max-streams", "2")
    try:
        wire = Wire(target)
        assert wire.peer_settings[3] == 2, wire.peer_settings
        streams = [wire.open(SERVICE + "FullDuplexCall") for _ in range(2)]
        for _ in range(100):
            wire.data(streams.pop(0), b"", end=True)
            require(wire.finish(wire.next_stream - 4), OK)
            # The place is free by the time that the end of a call is seen.
            streams.append(wire.open(SERVICE + "FullDuplexCall"))
        wire.close()
    finally:
        server.terminate()
        server.wait(30)


CASES = [
    good_exchange, unknown_method_and_service, unimplemented_call, content_type_that_is_grpc, content_type_that_is_not_grpc,
    methods_other_than_post, heads_that_are_malformed, numbers_of_messages, requests_that_end_inside_a_message,
    flags_that_are_unknown, compressed_without_an_encoding, encodings_that_are_unknown, compressed_requests, compressed_answers,
    accepted_encodings_are_told, messages_that_are_too_large, messages_that_are_as_large_as_can_be,
    messages_that_cannot_be_read, deadlines, blocked_answers_end_at_their_deadline, timeouts_of_every_unit, timeouts_that_are_malformed, binary_metadata,
    binary_metadata_that_is_not_base64, text_metadata, percent_encoded_messages, codes_are_echoed, status_details,
    payload_types_that_are_unknown, intervals, connections_cut_inside_a_message, many_streams_at_once,
    reset_cancels_the_handler, sigterm_drains, stream_limit,
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--case", default="all")
    run(CASES, parser.parse_args())
