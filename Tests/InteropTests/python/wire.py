"""A client of HTTP/2 frames, for requests that no library would send: every frame is made by hand."""
import socket
import struct
import time

import hpack
from hyperframe.frame import (
    ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame,
    WindowUpdateFrame)

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
LIMIT = 20  # Seconds until something that has to come counts as not coming.


def framed(message, flag=0):
    """A gRPC message with its five bytes in front."""
    body = message if isinstance(message, bytes) else message.SerializeToString()
    return struct.pack(">BI", flag, len(body)) + body


class Reply:
    """What has come on one stream."""

    def __init__(self):
        self.headers = None
        self.trailers = None
        self.data = b""
        self.frames = []
        self.reset = None
        self.ended = False
        self.took = None

    @property
    def over(self):
        return self.ended or self.reset is not None

    @property
    def http(self):
        return self.value(self.headers, ":status")

    @staticmethod
    def value(block, name):
        return next((value for key, value in block or () if key == name), None)

    @property
    def is_trailers_only(self):
        return self.headers is not None and self.trailers is None and self.ended and not self.data

    def ending(self, name):
        """A field of the last block."""
        return self.value(self.trailers if self.trailers is not None else self.headers, name)

    def all(self, name):
        return [value for key, value in (self.headers or []) + (self.trailers or []) if key == name]

    @property
    def status(self):
        text = self.ending("grpc-status")
        return None if text is None else int(text)

    def messages(self):
        """(flag, body) of each message."""
        rest, found = self.data, []
        while rest:
            flag, length = struct.unpack(">BI", rest[:5])
            assert len(rest) >= 5 + length, "the answer ended inside a message"
            found.append((flag, rest[5:5 + length]))
            rest = rest[5 + length:]
        return found

    def __repr__(self):
        return f"headers={self.headers} data={len(self.data)} trailers={self.trailers} reset={self.reset}"


class Wire:
    def __init__(self, target, settings=None, auto_window=True, tls=None):
        if target.startswith("unix:"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(target[5:])
        else:
            host, port = target.rsplit(":", 1)
            self.socket = socket.create_connection((host, int(port)), LIMIT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(LIMIT)
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.decoder.max_allowed_table_size = 1 << 24
        self.auto_window = auto_window
        self.next_stream = 1
        self.replies = {}
        self.goaway = None
        self.closed = False
        self.pongs = []
        self.peer_settings = {}
        self.acknowledged = 0
        self.windows = {}
        self.window = 65535
        self.initial_window = 65535
        self.block = None
        self.buffer = b""
        self.socket.sendall(PREFACE + SettingsFrame(settings=settings or {}).serialize())
        self.wait(lambda: self.peer_settings and self.acknowledged > 0)
        if auto_window:
            self.send(WindowUpdateFrame(0, window_increment=1 << 28))

    def send(self, *frames):
        self.socket.sendall(b"".join(frame if isinstance(frame, bytes) else frame.serialize() for frame in frames))

    def fields(self, path, extra=(), drop=(), replace=()):
        fields = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("te", "trailers"),
            ("content-type", "application/grpc")]
        replacing = dict(replace)
        return [(name, replacing.get(name, value)) for name, value in fields if name not in drop] + list(extra)

    def open(self, path, extra=(), drop=(), replace=(), end=False):
        """Sends a head, gives the number of its stream."""
        return self.open_raw(self.encoder.encode(self.fields(path, extra, drop, replace)), end)

    def open_raw(self, block, end=False, pieces=None):
        stream = self.next_stream
        self.next_stream += 2
        self.replies[stream] = Reply()
        self.windows[stream] = self.initial_window
        pieces = pieces or [block[:16384]] + [block[at:at + 16384] for at in range(16384, len(block), 16384)]
        head = HeadersFrame(stream, data=pieces[0])
        if end:
            head.flags.add("END_STREAM")
        frames = [head] + [ContinuationFrame(stream, data=piece) for piece in pieces[1:]]
        frames[-1].flags.add("END_HEADERS")
        self.send(*frames)
        return stream

    def data(self, stream, body, end=False, frame_bytes=16384):
        """Sends a body within the windows that the server grants."""
        view = memoryview(body)
        while True:
            reply = self.replies[stream]
            if len(view):
                self.wait(lambda: min(self.windows[stream], self.window) > 0 or reply.over)
                if reply.over:
                    return
            size = min(len(view), frame_bytes, self.windows[stream], self.window)
            frame = DataFrame(stream, data=bytes(view[:size]))
            view = view[size:]
            self.windows[stream] -= size
            self.window -= size
            if end and not len(view):
                frame.flags.add("END_STREAM")
            self.send(frame)
            if not len(view):
                return

    def call(self, path, *messages, **options):
        """A whole exchange."""
        begin = time.monotonic()
        stream = self.open(path, **options)
        self.data(stream, b"".join(m if isinstance(m, bytes) else framed(m) for m in messages), end=True)
        reply = self.finish(stream)
        reply.took = time.monotonic() - begin
        return reply

    def finish(self, stream):
        self.wait(lambda: self.replies[stream].over)
        return self.replies[stream]

    def reset(self, stream, code=8):
        self.send(RstStreamFrame(stream, error_code=code))

    def ping(self):
        """One round trip: the server has seen everything so far."""
        before = len(self.pongs)
        self.send(PingFrame(0, opaque_data=b"roundtrp"))
        self.wait(lambda: len(self.pongs) > before)

    def wait(self, condition, limit=LIMIT):
        end = time.monotonic() + limit
        while not condition():
            assert not self.closed, f"the server hung up (GOAWAY {self.goaway})"
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                self.receive()
            except TimeoutError:
                raise AssertionError(f"nothing came in {limit} s") from None

    def receive(self):
        chunk = self.socket.recv(1 << 16)
        if not chunk:
            self.closed = True
            return
        self.buffer += chunk
        while len(self.buffer) >= 9:
            frame, length = Frame.parse_frame_header(memoryview(self.buffer[:9]))
            if len(self.buffer) < 9 + length:
                return
            frame.parse_body(memoryview(self.buffer[9:9 + length]))
            self.buffer = self.buffer[9 + length:]
            self.took(frame, length)

    def took(self, frame, length):
        reply = self.replies.get(frame.stream_id)
        if isinstance(frame, SettingsFrame):
            if "ACK" in frame.flags:
                self.acknowledged += 1
                return
            self.peer_settings.update(frame.settings)
            self.peer_settings.setdefault("seen", True)
            window = frame.settings.get(SettingsFrame.INITIAL_WINDOW_SIZE)
            if window is not None:
                for stream in self.windows:
                    self.windows[stream] += window - self.initial_window
                self.initial_window = window
            self.send(SettingsFrame(flags=["ACK"]))
        elif isinstance(frame, PingFrame):
            if "ACK" in frame.flags:
                self.pongs.append(frame.opaque_data)
            else:
                self.send(PingFrame(0, opaque_data=frame.opaque_data, flags=["ACK"]))
        elif isinstance(frame, WindowUpdateFrame):
            if frame.stream_id == 0:
                self.window += frame.window_increment
            elif frame.stream_id in self.windows:
                self.windows[frame.stream_id] += frame.window_increment
        elif isinstance(frame, GoAwayFrame):
            self.goaway = (frame.last_stream_id, frame.error_code, bytes(frame.additional_data))
        elif isinstance(frame, RstStreamFrame):
            reply.reset = frame.error_code
        elif isinstance(frame, (HeadersFrame, ContinuationFrame)):
            self.block = (self.block or b"") + frame.data
            if isinstance(frame, HeadersFrame):
                self.block_ends = "END_STREAM" in frame.flags
            if "END_HEADERS" in frame.flags:
                fields = [(name, value) for name, value in self.decoder.decode(self.block)]
                self.block = None
                if reply.headers is None:
                    reply.headers = fields
                else:
                    reply.trailers = fields
                reply.ended = reply.ended or self.block_ends
        elif isinstance(frame, DataFrame):
            reply.data += frame.data
            reply.frames.append(length)
            if self.auto_window and length:
                self.send(WindowUpdateFrame(frame.stream_id, window_increment=length))
            reply.ended = reply.ended or "END_STREAM" in frame.flags

    def close(self):
        self.socket.close()


def run(cases, arguments):
    """Runs cases that take the arguments; prints a line for each."""
    import sys

    failed = False
    for case in cases:
        if arguments.case not in ("all", None) and case.__name__ not in arguments.case.split(","):
            continue
        try:
            case(arguments)
            print(f"{case.__name__}: passed", flush=True)
        except Exception as error:  # noqa: BLE001 - every kind is a failure of the case
            failed = True
            text = f"{type(error).__name__}: {error}".replace("\n", " ")[:400]
            print(f"{case.__name__}: FAILED: {text}", flush=True)
    sys.exit(1 if failed else 0)
