"""grpc.testing.TestService on grpcio's asyncio server. Flags and port line are those of interop-server."""
import asyncio
import signal

import grpc

import grpcio_server
import testing_contract as contract
from grpcio_server import CODES, cached, echo_metadata, empty, messages, payload, stubs


class TestService(stubs.TestServiceServicer):
    async def begin(self, context):
        initial, trailing = echo_metadata(context)
        if initial:
            await context.send_initial_metadata(initial)
        if trailing:
            context.set_trailing_metadata(trailing)

    async def refuse(self, request, context):
        if request.HasField("response_status") and request.response_status.code:
            await context.abort(CODES[request.response_status.code], request.response_status.message)

    async def EmptyCall(self, request, context):
        await self.begin(context)
        return empty.Empty()

    async def UnaryCall(self, request, context):
        if request.HasField("response_compressed"):
            if request.response_compressed.value:
                context.set_compression(grpc.Compression.Gzip)
                # Metadata that grpcio sends together with a unary answer do not tell of the compression.
                await context.send_initial_metadata(echo_metadata(context)[0])
            else:
                context.disable_next_message_compression()
        await self.begin(context)
        await self.refuse(request, context)
        return messages.SimpleResponse(payload=payload(request.response_size))

    async def CacheableUnaryCall(self, request, context):
        await self.begin(context)
        return messages.SimpleResponse(payload=messages.Payload(body=cached(request.payload.body)))

    async def StreamingInputCall(self, requests, context):
        await self.begin(context)
        total = 0
        async for request in requests:
            total += len(request.payload.body)
        return messages.StreamingInputCallResponse(aggregated_payload_size=total)

    async def answer(self, request, context):
        for parameters in request.response_parameters:
            await asyncio.sleep(parameters.interval_us / 1e6)
            if parameters.HasField("compressed") and not parameters.compressed.value:
                context.disable_next_message_compression()
            yield messages.StreamingOutputCallResponse(payload=payload(parameters.size))
        await self.refuse(request, context)

    async def StreamingOutputCall(self, request, context):
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        await self.begin(context)
        async for response in self.answer(request, context):
            yield response

    async def FullDuplexCall(self, requests, context):
        await self.begin(context)
        async for request in requests:
            async for response in self.answer(request, context):
                yield response

    async def HalfDuplexCall(self, requests, context):
        await self.begin(context)
        for request in [request async for request in requests]:
            async for response in self.answer(request, context):
                yield response


async def main():
    arguments = contract.server_arguments()
    server = grpc.aio.server()
    stubs.add_TestServiceServicer_to_server(TestService(), server)
    address = f"127.0.0.1:{arguments.port}"
    if arguments.tls_cert:
        port = server.add_secure_port(address, grpcio_server.credentials(arguments))
    else:
        port = server.add_insecure_port(address)
    if arguments.unix:
        server.add_insecure_port("unix:" + arguments.unix)
    await server.start()
    print(port, flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    await server.stop(1)


asyncio.run(main())
