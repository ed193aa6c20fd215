"""A server that answers EmptyCall, UnaryCall and StreamingOutputCall lawfully, and as few servers do; one way per --case.

one_byte_frames: a thousand bytes of DATA in single bytes. padding: on DATA and HEADERS. continuation: header blocks in eight frames.
informational: 103 twice before the head. no_table, huge_table: our limit for the client's header table. no_window: a window of nothing
until SETTINGS grants one. small_window: windows of 100 bytes, granted as the request comes. late_settings: SETTINGS between all frames.
noise: unknown frames, PRIORITY, PING, WINDOW_UPDATE between all frames. early: head at once, before the request has come.
empty_data: empty DATA between all frames. plus_proto: other content types. split_status: no message beside the status, many trailers.
one_write: everything that one request causes in one write. slow_socket: everything in single bytes.
Flags and port line are otherwise those of interop-server.
"""
import argparse
import signal
import socket
import struct
import sys
import threading

import hpack
from hyperframe.frame import (
    ContinuationFrame, DataFrame, Frame, HeadersFrame, PingFrame, PriorityFrame, RstStreamFrame, SettingsFrame, WindowUpdateFrame)

import testing_contract as contract
from wire import PREFACE, framed

messages, empty, _, _ = contract.load()
CASES = [
    "one_byte_frames", "padding", "continuation", "informational", "no_table", "huge_table", "no_window", "small_window",
    "late_settings", "noise", "early", "empty_data", "plus_proto", "split_status", "one_write", "slow_socket"]
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4


class Connection:
    def __init__(self, plain, case):
        self.plain, self.case = plain, case
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.decoder.max_allowed_table_size = (1 << 32) - 1 if case == "huge_table" else 4096
        self.initial_window, self.window, self.windows = 65535, 65535, {}
        self.requests, self.waiting, self.block = {}, {}, b""
        self.out = b""

    def run(self):
        self.read(len(PREFACE))
        settings = {
            "no_table": {HEADER_TABLE_SIZE: 0}, "huge_table": {HEADER_TABLE_SIZE: (1 << 32) - 1}, "no_window": {INITIAL_WINDOW_SIZE: 0},
            "small_window": {INITIAL_WINDOW_SIZE: 100}}.get(self.case, {})
        self.write(SettingsFrame(settings=settings))
        self.flush()
        while True:
            frame, length = Frame.parse_frame_header(memoryview(self.read(9)))
            frame.parse_body(memoryview(self.read(length)))
            self.took(frame)
            for stream in list(self.waiting):
                self.send(stream)
            self.flush()

    def read(self, count):
        data = b""
        while len(data) < count:
            chunk = self.plain.recv(count - len(data))
            if not chunk:
                raise ConnectionError
            data += chunk
        return data

    def write(self, *frames):
        for frame in frames:
            self.out += frame if isinstance(frame, bytes) else frame.serialize()

    def flush(self):
        if self.case == "slow_socket":
            for byte in self.out[:2000]:
                self.plain.sendall(bytes([byte]))
            self.out = self.out[2000:]
        self.plain.sendall(self.out)
        self.out = b""

    def between(self, stream):
        """What comes between any two frames of an answer."""
        if self.case == "late_settings":
            self.write(SettingsFrame(settings={INITIAL_WINDOW_SIZE: 65535}))
        elif self.case == "noise":
            body = b"noise"
            self.write(
                struct.pack(">BHBBI", 0, len(body), 0xB7, 0, stream) + body, PriorityFrame(stream, depends_on=0),
                WindowUpdateFrame(stream, window_increment=1))
            if not self.waiting.get(stream):
                self.write(PingFrame(0, opaque_data=b"odd ping"))
        elif self.case == "empty_data" and self.waiting.get(stream):
            self.write(DataFrame(stream))

    def headers(self, stream, fields, end=False):
        block = self.encoder.encode(fields)
        # More than eight CONTINUATION frames are what a well-known attack looks like.
        size = -(-len(block) // 8) if self.case == "continuation" else 16384
        pieces = [block[at:at + size] for at in range(0, len(block), size)] or [b""]
        head = HeadersFrame(stream, data=pieces[0])
        if self.case == "padding":
            head.flags.add("PADDED")
            head.pad_length = 255
        if end:
            head.flags.add("END_STREAM")
        frames = [head] + [ContinuationFrame(stream, data=piece) for piece in pieces[1:]]
        frames[-1].flags.add("END_HEADERS")
        self.write(*frames)

    def took(self, frame):
        stream = frame.stream_id
        if isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
            window = frame.settings.get(INITIAL_WINDOW_SIZE, self.initial_window)
            self.windows = {key: value + window - self.initial_window for key, value in self.windows.items()}
            self.initial_window = window
            self.write(SettingsFrame(flags=["ACK"]))
        elif isinstance(frame, PingFrame) and "ACK" not in frame.flags:
            self.write(PingFrame(0, opaque_data=frame.opaque_data, flags=["ACK"]))
        elif isinstance(frame, WindowUpdateFrame):
            if stream == 0:
                self.window += frame.window_increment
            elif stream in self.windows:
                self.windows[stream] += frame.window_increment
        elif isinstance(frame, RstStreamFrame):
            self.waiting.pop(stream, None)
            self.requests.pop(stream, None)
        elif isinstance(frame, (HeadersFrame, ContinuationFrame)):
            self.block += frame.data
            if "END_HEADERS" in frame.flags:
                fields, self.block = dict(self.decoder.decode(self.block)), b""
                self.windows[stream] = self.initial_window
                self.requests[stream] = [fields[":path"].rsplit("/", 1)[1], b""]
                if self.case == "early":
                    self.head(stream)
                if self.case == "no_window":
                    self.write(SettingsFrame(settings={INITIAL_WINDOW_SIZE: 1 << 20}))
        elif isinstance(frame, DataFrame) and stream in self.requests:
            self.requests[stream][1] += frame.data
            if frame.flow_controlled_length:
                self.write(WindowUpdateFrame(0, window_increment=frame.flow_controlled_length))
                self.write(WindowUpdateFrame(stream, window_increment=frame.flow_controlled_length))
        if "END_STREAM" in frame.flags and stream in self.requests:
            self.answer(stream)

    def head(self, stream):
        kind = "application/grpc+proto; charset=utf-8" if self.case == "plus_proto" else "application/grpc"
        if self.case == "informational":
            for _ in range(2):
                self.headers(stream, [(":status", "103"), ("link", "</x>; rel=preload")])
        self.headers(stream, [(":status", "200"), ("content-type", kind), ("x-head", "odd")])
        self.between(stream)

    def answer(self, stream):
        method, body = self.requests.pop(stream)
        if method == "EmptyCall":
            answers = [empty.Empty()]
        elif method == "UnaryCall":
            request = messages.SimpleRequest.FromString(body[5:])
            answers = [messages.SimpleResponse(payload={"body": bytes(request.response_size)})]
        else:
            request = messages.StreamingOutputCallRequest.FromString(body[5:])
            answers = [
                messages.StreamingOutputCallResponse(payload={"body": bytes(parameters.size)})
                for parameters in request.response_parameters]
        if self.case != "early":
            self.head(stream)
        self.waiting[stream] = b"".join(map(framed, answers))
        self.send(stream)

    def send(self, stream):
        while self.waiting[stream]:
            is_cut = self.case == "one_byte_frames" and len(self.waiting[stream]) < 1000
            size = min(1 if is_cut else 16000, self.windows[stream] - 256, self.window - 256)
            if size <= 0:
                return
            part, self.waiting[stream] = self.waiting[stream][:size], self.waiting[stream][size:]
            frame = DataFrame(stream, data=part)
            if self.case == "padding":
                frame.flags.add("PADDED")
                frame.pad_length = 100
            self.windows[stream] -= len(part) + (101 if self.case == "padding" else 0)
            self.window -= len(part) + (101 if self.case == "padding" else 0)
            self.write(frame)
            self.between(stream)
        del self.waiting[stream]
        trailers = [("grpc-status", "0")]
        if self.case == "split_status":
            trailers = [(f"x-{number}", "v" * 50) for number in range(50)] + trailers
        else:
            trailers.append(("grpc-message", ""))
        self.headers(stream, trailers, end=True)


def serve(plain, case):
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        Connection(plain, case).run()
    except (ConnectionError, OSError):
        plain.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--case", required=True, choices=CASES)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listener = socket.create_server(("127.0.0.1", arguments.port))
    print(listener.getsockname()[1], flush=True)
    while True:
        plain, _ = listener.accept()
        threading.Thread(target=serve, args=(plain, arguments.case), daemon=True).start()


if __name__ == "__main__":
    main()
