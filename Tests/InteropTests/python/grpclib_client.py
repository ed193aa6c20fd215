"""gRPC's published cases, called by stock grpclib (pure Python on h2), which knows no compression. Flags, lines and exit code are
those of interop-client."""
import asyncio
import ssl
import sys
import time

from grpclib.client import Channel
from grpclib.const import Status
from grpclib.exceptions import GRPCError

import testing_contract as contract

messages, empty, _, stubs = contract.load()
arguments = contract.client_arguments()
large = messages.SimpleRequest(response_size=314159, payload=messages.Payload(body=bytes(271828)))


def open_channel():
    context = None
    if arguments.tls:
        context = ssl.create_default_context(cafile=arguments.ca)
        context.set_alpn_protocols(["h2"])
        if arguments.cert:
            context.load_cert_chain(arguments.cert, arguments.key)
    if arguments.target.startswith("unix:"):
        return Channel(path=arguments.target[5:], ssl=context)
    host, port = arguments.target.rsplit(":", 1)
    return Channel(host, int(port), ssl=context)


async def require_status(status, awaitable):
    try:
        await awaitable
    except GRPCError as error:
        assert error.status is status, f"{error.status}: {error.message}"
        return error
    raise AssertionError("the call succeeded")


async def empty_unary(stub):
    assert await stub.EmptyCall(empty.Empty(), timeout=60) == empty.Empty()


async def cacheable_unary(stub):
    request = messages.SimpleRequest(payload=messages.Payload(body=str(time.time_ns()).encode()))
    bodies = [(await stub.CacheableUnaryCall(request, timeout=60)).payload.body for _ in range(2)]
    assert bodies[0] == bodies[1] and bodies[0], bodies


async def large_unary(stub):
    answer = await stub.UnaryCall(large, timeout=120)
    assert answer.payload.body == bytes(314159)


async def concurrent_large_unary(stub):
    await asyncio.gather(*[large_unary(stub) for _ in range(arguments.concurrent_calls)])


async def client_streaming(stub):
    requests = [
        messages.StreamingInputCallRequest(payload=messages.Payload(body=bytes(size))) for size in contract.REQUEST_SIZES]
    answer = await stub.StreamingInputCall(requests, timeout=60)
    assert answer.aggregated_payload_size == 74922, answer


def output_request(sizes, payload=0):
    parameters = [messages.ResponseParameters(size=size) for size in sizes]
    return messages.StreamingOutputCallRequest(
        response_parameters=parameters, payload=messages.Payload(body=bytes(payload)))


def sizes(responses):
    return [len(response.payload.body) for response in responses]


async def server_streaming(stub):
    responses = await stub.StreamingOutputCall(output_request(contract.ANSWER_SIZES), timeout=60)
    assert sizes(responses) == contract.ANSWER_SIZES


async def ping_pong(stub):
    async with stub.FullDuplexCall.open(timeout=60) as stream:
        for request, answer in zip(contract.REQUEST_SIZES, contract.ANSWER_SIZES):
            await stream.send_message(output_request([answer], request))
            assert len((await stream.recv_message()).payload.body) == answer
        await stream.end()
        assert await stream.recv_message() is None


async def half_duplex(stub):
    responses = await stub.HalfDuplexCall([output_request([size]) for size in contract.ANSWER_SIZES], timeout=60)
    assert sizes(responses) == contract.ANSWER_SIZES


async def empty_stream(stub):
    async with stub.FullDuplexCall.open(timeout=60) as stream:
        await stream.send_request()
        await stream.end()
        assert await stream.recv_message() is None


async def custom_metadata(stub):
    sent = {contract.INITIAL: "test_initial_metadata_value", contract.TRAILING: b"\xab\xab\xab"}
    for method, request in (
            (stub.UnaryCall, large), (stub.FullDuplexCall, output_request([314159], 271828))):
        async with method.open(metadata=sent, timeout=60) as stream:
            await stream.send_message(request, end=True)
            assert len((await stream.recv_message()).payload.body) == 314159
            await stream.recv_trailing_metadata()
            assert stream.initial_metadata.get(contract.INITIAL) == "test_initial_metadata_value", stream.initial_metadata
            assert stream.trailing_metadata.get(contract.TRAILING) == b"\xab\xab\xab", stream.trailing_metadata


async def echo_status(stub, message):
    status = messages.EchoStatus(code=2, message=message)
    error = await require_status(Status.UNKNOWN, stub.UnaryCall(messages.SimpleRequest(response_status=status), timeout=60))
    assert error.message == message, repr(error.message)
    requests = [messages.StreamingOutputCallRequest(response_status=status)]
    error = await require_status(Status.UNKNOWN, stub.FullDuplexCall(requests, timeout=60))
    assert error.message == message, repr(error.message)


async def status_code_and_message(stub):
    await echo_status(stub, "test status message")


async def special_status_message(stub):
    await echo_status(stub, contract.SPECIAL_MESSAGE)


async def unimplemented_method(stub):
    await require_status(Status.UNIMPLEMENTED, stub.UnimplementedCall(empty.Empty(), timeout=60))


async def unimplemented_service(stub):
    other = stubs.UnimplementedServiceStub(stub.channel)
    await require_status(Status.UNIMPLEMENTED, other.UnimplementedCall(empty.Empty(), timeout=60))


# grpclib does not tell a caller of its own cancellation: what counts is that the connection stays good for the next call.
async def cancel_after_begin(stub):
    async with stub.StreamingInputCall.open(timeout=60) as stream:
        await stream.send_request()
        await stream.cancel()
    await empty_unary(stub)


async def cancel_after_first_response(stub):
    async with stub.FullDuplexCall.open(timeout=60) as stream:
        await stream.send_message(output_request([31415], 27182))
        assert len((await stream.recv_message()).payload.body) == 31415
        await stream.cancel()
    await empty_unary(stub)


async def timeout_on_sleeping_server(stub):
    try:
        async with stub.FullDuplexCall.open(timeout=0.01) as stream:
            await stream.send_message(output_request([], 27182))
            await stream.recv_message()
    except asyncio.TimeoutError:
        return
    except GRPCError as error:
        assert error.status is Status.DEADLINE_EXCEEDED, error
        return
    raise AssertionError("the call succeeded")


async def rpc_soak(stub):
    for _ in range(10):
        await large_unary(stub)


async def channel_soak(stub):
    for _ in range(10):
        other = open_channel()
        await large_unary(stubs.TestServiceStub(other))
        other.close()


CASES = [
    empty_unary, cacheable_unary, large_unary, concurrent_large_unary, client_streaming, server_streaming, ping_pong,
    half_duplex, empty_stream, custom_metadata, status_code_and_message, special_status_message, unimplemented_method,
    unimplemented_service, cancel_after_begin, cancel_after_first_response, timeout_on_sleeping_server, rpc_soak,
    channel_soak,
]


async def main():
    channel = open_channel()
    stub = stubs.TestServiceStub(channel)
    stub.channel = channel
    failed = False
    for case in CASES:
        if arguments.case == "all" or case.__name__ in arguments.case.split(","):
            try:
                await asyncio.wait_for(case(stub), 180)
                contract.outcome(case.__name__, None)
            except Exception as error:  # noqa: BLE001 - every kind is a failure of the case
                failed = True
                contract.outcome(case.__name__, f"{type(error).__name__}: {error}".replace("\n", " ")[:300])
    channel.close()
    return 1 if failed else 0


sys.exit(asyncio.run(main()))
