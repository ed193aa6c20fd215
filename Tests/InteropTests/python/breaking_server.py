"""A server that breaks off as gRPC's http2-interop-test-descriptions.md has it, one way per --case; on the h2 package.

goaway: GOAWAY after each first call of a connection. rst_after_header, rst_during_data, rst_after_data: a reset at that place.
ping: PINGs before every frame. max_streams: one stream at a time. Flags and port line are otherwise those of interop-server.
"""
import argparse
import asyncio
import signal

import h2.config
import h2.connection
import h2.exceptions
import h2.events
import h2.settings

import testing_contract as contract
from wire import framed

messages, _, _, _ = contract.load()
HEAD = [(":status", "200"), ("content-type", "application/grpc")]


class Connection(asyncio.Protocol):
    def __init__(self, case):
        self.case = case
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.bodies = {}
        self.waiting = {}
        self.calls = 0
        self.unanswered = 0

    def connection_made(self, transport):
        self.transport = transport
        self.h2.initiate_connection()
        if self.case == "max_streams":
            self.h2.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 1})
        self.flush()

    def data_received(self, data):
        try:
            self.take(self.h2.receive_data(data))
        except h2.exceptions.ProtocolError:
            # After its GOAWAY, h2 takes nothing more of a connection.
            self.transport.close()

    def take(self, events):
        for event in events:
            if isinstance(event, h2.events.RequestReceived):
                self.bodies[event.stream_id] = b""
                if self.case == "max_streams" and len(self.bodies) > 1:
                    print("too many streams", flush=True)
                    self.transport.abort()
            elif isinstance(event, h2.events.DataReceived):
                self.bodies[event.stream_id] += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.answer(event.stream_id)
            elif isinstance(event, h2.events.PingAckReceived):
                self.unanswered -= 1
            elif isinstance(event, h2.events.StreamReset):
                self.bodies.pop(event.stream_id, None)
                self.waiting.pop(event.stream_id, None)
        for stream in list(self.waiting):
            self.send(stream)
        self.flush()

    def answer(self, stream):
        request = messages.SimpleRequest.FromString(self.bodies[stream][5:])
        self.calls += 1
        self.head(stream)
        if self.case == "rst_after_header":
            return self.reset(stream)
        body = framed(messages.SimpleResponse(payload={"body": bytes(request.response_size)}))
        self.waiting[stream] = body[:len(body) // 2] if self.case == "rst_during_data" else body
        self.send(stream)

    def head(self, stream):
        self.ping()
        self.h2.send_headers(stream, HEAD)

    def send(self, stream):
        while self.waiting[stream]:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                return
            part, self.waiting[stream] = self.waiting[stream][:room], self.waiting[stream][room:]
            self.ping()
            self.h2.send_data(stream, part)
        del self.waiting[stream]
        if self.case.startswith("rst"):
            return self.reset(stream)
        self.ping()
        self.h2.send_headers(stream, [("grpc-status", "0")], end_stream=True)
        self.bodies.pop(stream, None)
        if self.case == "goaway" and self.calls == 1:
            self.h2.close_connection(last_stream_id=stream)

    def ping(self):
        if self.case == "ping":
            self.h2.ping(b"interop!")
            self.unanswered += 1

    def reset(self, stream):
        self.bodies.pop(stream, None)
        self.waiting.pop(stream, None)
        self.h2.reset_stream(stream, 2)

    def flush(self):
        self.transport.write(self.h2.data_to_send())


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--case", required=True)
    arguments = parser.parse_args()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(arguments.case), "127.0.0.1", arguments.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


asyncio.run(main())
