"""gRPC's published cases, called by stock grpcio. Flags, lines and exit code are those of interop-client."""
import queue
import sys
import time

import grpc

import testing_contract as contract

messages, empty, stubs, _ = contract.load()
arguments = contract.client_arguments()
large = messages.SimpleRequest(response_size=314159, payload=messages.Payload(body=bytes(271828)))


def open_channel(options=()):
    if not arguments.tls:
        return grpc.insecure_channel(arguments.target, options)
    credentials = grpc.ssl_channel_credentials(
        contract.read(arguments.ca), contract.read(arguments.key), contract.read(arguments.cert))
    return grpc.secure_channel(arguments.target, credentials, options)


channel = open_channel()
stub = stubs.TestServiceStub(channel)


def status_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded")


def require_status(code, call):
    error = status_of(call)
    assert error.code() == code, f"{error.code()}: {error.details()}"
    return error


def empty_unary():
    assert stub.EmptyCall(empty.Empty(), timeout=60) == empty.Empty()


def cacheable_unary():
    request = messages.SimpleRequest(payload=messages.Payload(body=str(time.time_ns()).encode()))
    bodies = [stub.CacheableUnaryCall(request, metadata=[("x-user-ip", "1.2.3.4")], timeout=60).payload.body for _ in range(2)]
    assert bodies[0] == bodies[1] and bodies[0], bodies


def large_unary(stub=stub, **options):
    answer = stub.UnaryCall(large, timeout=60, **options)
    assert answer.payload.body == bytes(314159)


def client_compressed_unary():
    def request(expected):
        copy = messages.SimpleRequest()
        copy.CopyFrom(large)
        copy.expect_compressed.value = expected
        return copy

    require_status(grpc.StatusCode.INVALID_ARGUMENT, lambda: stub.UnaryCall(request(True), timeout=60))
    for way in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        assert stub.UnaryCall(request(True), compression=way, timeout=60).payload.body == bytes(314159)
    assert stub.UnaryCall(request(False), timeout=60).payload.body == bytes(314159)


def server_compressed_unary():
    # grpcio hides the flag of a message; that it is right is looked at byte by byte elsewhere.
    for wanted in (True, False):
        request = messages.SimpleRequest(response_size=314159, payload=messages.Payload(body=bytes(271828)))
        request.response_compressed.value = wanted
        assert stub.UnaryCall(request, timeout=60).payload.body == bytes(314159)


def input_request(size, expected=None):
    request = messages.StreamingInputCallRequest(payload=messages.Payload(body=bytes(size)))
    if expected is not None:
        request.expect_compressed.value = expected
    return request


def output_request(sizes, payload=None, compressed=None):
    request = messages.StreamingOutputCallRequest()
    if payload is not None:
        request.payload.body = bytes(payload)
    for index, size in enumerate(sizes):
        parameters = request.response_parameters.add(size=size)
        if compressed is not None:
            parameters.compressed.value = compressed[index]
    return request


def client_streaming():
    answer = stub.StreamingInputCall(iter([input_request(size) for size in contract.REQUEST_SIZES]), timeout=60)
    assert answer.aggregated_payload_size == 74922, answer


def client_compressed_streaming():
    require_status(
        grpc.StatusCode.INVALID_ARGUMENT,
        lambda: stub.StreamingInputCall(iter([input_request(27182, True)]), timeout=60))
    # grpcio compresses all messages of a call or none.
    for expected, way in ((True, grpc.Compression.Gzip), (True, grpc.Compression.Deflate), (False, None)):
        requests = iter([input_request(27182, expected), input_request(45904, expected)])
        answer = stub.StreamingInputCall(requests, compression=way, timeout=60)
        assert answer.aggregated_payload_size == 73086, answer


def sizes(responses):
    return [len(response.payload.body) for response in responses]


def server_streaming():
    assert sizes(stub.StreamingOutputCall(output_request(contract.ANSWER_SIZES), timeout=60)) == contract.ANSWER_SIZES


def server_compressed_streaming():
    request = output_request([31415, 92653], compressed=[True, False])
    assert sizes(stub.StreamingOutputCall(request, timeout=60)) == [31415, 92653]


class Pipe:
    """Requests that are sent one by one."""

    def __init__(self):
        self.queue = queue.Queue()

    def send(self, request):
        self.queue.put(request)

    def finish(self):
        self.queue.put(None)

    def __iter__(self):
        return self

    def __next__(self):
        request = self.queue.get()
        if request is None:
            raise StopIteration
        return request


def ping_pong():
    pipe = Pipe()
    responses = stub.FullDuplexCall(pipe, timeout=60)
    for request, answer in zip(contract.REQUEST_SIZES, contract.ANSWER_SIZES):
        pipe.send(output_request([answer], request))
        assert len(next(responses).payload.body) == answer
    pipe.finish()
    assert list(responses) == []


def half_duplex():
    requests = iter([output_request([size]) for size in contract.ANSWER_SIZES])
    assert sizes(stub.HalfDuplexCall(requests, timeout=60)) == contract.ANSWER_SIZES


def empty_stream():
    assert list(stub.FullDuplexCall(iter([]), timeout=60)) == []


def custom_metadata():
    sent = [(contract.INITIAL, "test_initial_metadata_value"), (contract.TRAILING, b"\xab\xab\xab")]
    unary, call = stub.UnaryCall.with_call(large, metadata=sent, timeout=60)
    assert unary.payload.body == bytes(314159)
    stream = stub.FullDuplexCall(iter([output_request([314159], 271828)]), metadata=sent, timeout=60)
    assert sizes(stream) == [314159]
    for ended in (call, stream):
        assert dict(ended.initial_metadata()).get(contract.INITIAL) == "test_initial_metadata_value"
        assert dict(ended.trailing_metadata()).get(contract.TRAILING) == b"\xab\xab\xab"


def echo_status(message):
    status = messages.EchoStatus(code=2, message=message)
    request = messages.SimpleRequest(response_status=status)
    error = require_status(grpc.StatusCode.UNKNOWN, lambda: stub.UnaryCall(request, timeout=60))
    assert error.details() == message, repr(error.details())
    requests = iter([messages.StreamingOutputCallRequest(response_status=status)])
    error = require_status(grpc.StatusCode.UNKNOWN, lambda: list(stub.FullDuplexCall(requests, timeout=60)))
    assert error.details() == message, repr(error.details())


def status_code_and_message():
    echo_status("test status message")


def special_status_message():
    echo_status(contract.SPECIAL_MESSAGE)


def unimplemented_method():
    require_status(grpc.StatusCode.UNIMPLEMENTED, lambda: stub.UnimplementedCall(empty.Empty(), timeout=60))


def unimplemented_service():
    other = stubs.UnimplementedServiceStub(channel)
    require_status(grpc.StatusCode.UNIMPLEMENTED, lambda: other.UnimplementedCall(empty.Empty(), timeout=60))


def cancel_after_begin():
    pipe = Pipe()
    call = stub.StreamingInputCall.future(pipe, timeout=60)
    call.cancel()
    assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED, call.code()
    pipe.finish()


def cancel_after_first_response():
    pipe = Pipe()
    responses = stub.FullDuplexCall(pipe, timeout=60)
    pipe.send(output_request([31415], 27182))
    assert len(next(responses).payload.body) == 31415
    responses.cancel()
    require_status(grpc.StatusCode.CANCELLED, lambda: next(responses))
    pipe.finish()


def timeout_on_sleeping_server():
    pipe = Pipe()
    responses = stub.FullDuplexCall(pipe, timeout=0.001)
    pipe.send(output_request([], 27182))
    require_status(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(responses))
    pipe.finish()


def concurrent_large_unary():
    calls = [stub.UnaryCall.future(large, timeout=120) for _ in range(arguments.concurrent_calls)]
    for call in calls:
        assert call.result().payload.body == bytes(314159)


def rpc_soak():
    for _ in range(10):
        large_unary()


def channel_soak():
    for number in range(10):
        with open_channel([("grpc.use_local_subchannel_pool", 1)]) as other:
            large_unary(stubs.TestServiceStub(other))


CASES = [
    empty_unary, cacheable_unary, large_unary, concurrent_large_unary, client_streaming, server_streaming, ping_pong,
    half_duplex, empty_stream, custom_metadata, status_code_and_message, special_status_message, unimplemented_method,
    unimplemented_service, cancel_after_begin, cancel_after_first_response, timeout_on_sleeping_server,
    client_compressed_unary, server_compressed_unary, client_compressed_streaming, server_compressed_streaming, rpc_soak,
    channel_soak,
]

failed = False
for case in CASES:
    if arguments.case == "all" or case.__name__ in arguments.case.split(","):
        try:
            case()
            contract.outcome(case.__name__, None)
        except Exception as error:  # noqa: BLE001 - every kind is a failure of the case
            failed = True
            contract.outcome(case.__name__, f"{type(error).__name__}: {error}".replace("\n", " ")[:300])
channel.close()
sys.exit(1 if failed else 0)
