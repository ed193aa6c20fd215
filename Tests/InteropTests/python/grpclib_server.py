"""grpc.testing.TestService on stock grpclib (pure Python on h2), which knows no compression. Flags and port line are those of
interop-server."""
import asyncio
import signal
import socket
import ssl
import time

from grpclib.const import Status
from grpclib.exceptions import GRPCError
from grpclib.server import Server

import testing_contract as contract

messages, empty, _, stubs = contract.load()


def cached(body, kept={}):
    return kept.setdefault(body, str(time.time_ns()).encode())


def refuse(request):
    if request.HasField("response_status") and request.response_status.code:
        raise GRPCError(Status(request.response_status.code), request.response_status.message)


class TestService(stubs.TestServiceBase):
    async def begin(self, stream):
        sent = stream.metadata
        if contract.INITIAL in sent:
            await stream.send_initial_metadata(metadata={contract.INITIAL: sent[contract.INITIAL]})

    async def end(self, stream):
        sent = stream.metadata
        if contract.TRAILING in sent:
            await stream.send_trailing_metadata(metadata={contract.TRAILING: sent[contract.TRAILING]})

    async def EmptyCall(self, stream):
        await stream.recv_message()
        await stream.send_message(empty.Empty())

    async def UnaryCall(self, stream):
        request = await stream.recv_message()
        await self.begin(stream)
        refuse(request)
        body = bytes(request.response_size)
        await stream.send_message(messages.SimpleResponse(payload=messages.Payload(body=body)))
        await self.end(stream)

    async def CacheableUnaryCall(self, stream):
        request = await stream.recv_message()
        await stream.send_message(messages.SimpleResponse(payload=messages.Payload(body=cached(request.payload.body))))

    async def StreamingInputCall(self, stream):
        total = 0
        async for request in stream:
            total += len(request.payload.body)
        await stream.send_message(messages.StreamingInputCallResponse(aggregated_payload_size=total))

    async def answer(self, request, stream):
        for parameters in request.response_parameters:
            await asyncio.sleep(parameters.interval_us / 1e6)
            await stream.send_message(
                messages.StreamingOutputCallResponse(payload=messages.Payload(body=bytes(parameters.size))))
        refuse(request)

    async def StreamingOutputCall(self, stream):
        await self.answer(await stream.recv_message(), stream)

    async def FullDuplexCall(self, stream):
        await self.begin(stream)
        async for request in stream:
            await self.answer(request, stream)
        await self.end(stream)

    async def HalfDuplexCall(self, stream):
        for request in [request async for request in stream]:
            await self.answer(request, stream)

    async def UnimplementedCall(self, stream):
        raise GRPCError(Status.UNIMPLEMENTED, "no server implements it")


async def main():
    arguments = contract.server_arguments()
    context = None
    if arguments.tls_cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.tls_cert, arguments.tls_key)
        context.set_alpn_protocols(["h2"])
        if arguments.client_ca:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(arguments.client_ca)
    servers = [Server([TestService()])]
    listener = socket.create_server(("127.0.0.1", arguments.port))
    await servers[0].start(sock=listener, ssl=context)
    if arguments.unix:
        servers.append(Server([TestService()]))
        await servers[1].start(path=arguments.unix)
    print(listener.getsockname()[1], flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    for server in servers:
        server.close()


asyncio.run(main())
