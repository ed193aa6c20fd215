"""What integrating systems switch on in stock grpcio, against a server: compression, keepalive, large metadata, wait_for_ready,
deadlines, cancellation, retries, health, reflection, many channels. Flags are those of interop-client."""
import json
import subprocess
import time
import uuid

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool

import testing_contract as contract

messages, empty, stubs, _ = contract.load()


def connect(arguments, options=(), **more):
    return grpc.insecure_channel(arguments.target, list(options), **more)


def code_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def sleeping(seconds, size=1):
    return messages.StreamingOutputCallRequest(
        response_parameters=[{"size": size, "interval_us": int(seconds * 1e6)}])


def channel_compression(arguments):
    request = messages.SimpleRequest(
        response_size=100000, payload={"body": bytes(100000)}, expect_compressed={"value": True},
        response_compressed={"value": True})
    for way in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        with connect(arguments, compression=way) as channel:
            for _ in range(20):
                assert len(stubs.TestServiceStub(channel).UnaryCall(request, timeout=20).payload.body) == 100000


def aggressive_keepalive(arguments):
    """The most often that grpcio's documentation lets a client ask with calls under way, for a stream that is silent meanwhile."""
    options = [
        ("grpc.keepalive_time_ms", 10000), ("grpc.keepalive_timeout_ms", 5000), ("grpc.http2.max_pings_without_data", 0),
        ("grpc.keepalive_permit_without_calls", 1)]
    with connect(arguments, options) as channel:
        stub = stubs.TestServiceStub(channel)
        silence = 2 if arguments.short else 35
        assert len(list(stub.StreamingOutputCall(sleeping(silence), timeout=60))) == 1
        stub.EmptyCall(empty.Empty(), timeout=20)


def bandwidth_pings(arguments):
    """grpcio pings as it measures bandwidth while large messages come."""
    with connect(arguments, [("grpc.http2.bdp_probe", 1)]) as channel:
        stub = stubs.TestServiceStub(channel)
        request = messages.StreamingOutputCallRequest(response_parameters=[{"size": 1 << 20}] * 48)
        assert sum(len(answer.payload.body) for answer in stub.StreamingOutputCall(request, timeout=60)) == 48 << 20


def large_metadata(arguments):
    options = [("grpc.max_metadata_size", 64 << 10), ("grpc.absolute_max_metadata_size", 128 << 10)]
    with connect(arguments, options) as channel:
        stub = stubs.TestServiceStub(channel)
        for size in (1000, 7000, 12000):
            value = "v" * size
            call = stub.EmptyCall.with_call(empty.Empty(), metadata=[(contract.INITIAL, value)], timeout=20)[1]
            assert dict(call.initial_metadata())[contract.INITIAL] == value
        # More than the server takes: refused, and the connection goes on.
        assert code_of(lambda: stub.EmptyCall(empty.Empty(), metadata=[("x", "v" * 40000)], timeout=20)) in (
            grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL)
        stub.EmptyCall(empty.Empty(), timeout=20)


def binary_metadata(arguments):
    with connect(arguments) as channel:
        for size in (0, 1, 2, 3, 100, 1000):
            value = bytes(index * 37 % 256 for index in range(size))
            call = stubs.TestServiceStub(channel).EmptyCall.with_call(
                empty.Empty(), metadata=[(contract.TRAILING, value), (contract.TRAILING, b"second")], timeout=20)[1]
            back = [entry for key, entry in call.trailing_metadata() if key == contract.TRAILING]
            assert back == [value, b"second"], back


def wait_for_ready(arguments):
    """A call that waits for a server which is started a little later."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with grpc.insecure_channel(
            f"127.0.0.1:{port}", [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.min_reconnect_backoff_ms", 100)]) as channel:
        stub = stubs.TestServiceStub(channel)
        assert code_of(lambda: stub.EmptyCall(empty.Empty(), timeout=5)) == grpc.StatusCode.UNAVAILABLE
        call = stub.EmptyCall.future(empty.Empty(), wait_for_ready=True, timeout=30)
        server = subprocess.Popen([arguments.server, "--port", str(port)], stdout=subprocess.DEVNULL)
        try:
            call.result()
        finally:
            server.terminate()
            assert server.wait(20) == 0


def deadlines(arguments):
    with connect(arguments) as channel:
        stub = stubs.TestServiceStub(channel)
        begin = time.monotonic()
        assert code_of(lambda: list(stub.StreamingOutputCall(sleeping(30), timeout=0.3))) == grpc.StatusCode.DEADLINE_EXCEEDED
        assert 0.25 < time.monotonic() - begin < 5
        assert len(list(stub.StreamingOutputCall(sleeping(0.1), timeout=20))) == 1


def cancellation(arguments):
    with connect(arguments) as channel:
        stub = stubs.TestServiceStub(channel)
        for _ in range(50):
            call = stub.StreamingOutputCall(sleeping(30), timeout=60)
            call.cancel()
            assert code_of(lambda: next(call)) == grpc.StatusCode.CANCELLED
        stub.EmptyCall(empty.Empty(), timeout=20)


def retries_with_push_back(arguments):
    config = {"methodConfig": [{
        "name": [{"service": "grpc.testing.TestService"}],
        "retryPolicy": {
            "maxAttempts": 4, "initialBackoff": "0.02s", "maxBackoff": "0.1s", "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"]}}]}
    with connect(arguments, [("grpc.service_config", json.dumps(config))]) as channel:
        stub = stubs.TestServiceStub(channel)

        def call(refused):
            stub.EmptyCall(empty.Empty(), metadata=[("x-unavailable", f"{uuid.uuid4()}={refused}")], timeout=20)

        for refused in (0, 1, 3):
            call(refused)
        assert code_of(lambda: call(4)) == grpc.StatusCode.UNAVAILABLE
    with connect(arguments) as channel:
        try:
            stubs.TestServiceStub(channel).EmptyCall(empty.Empty(), metadata=[("x-unavailable", f"{uuid.uuid4()}=1")], timeout=20)
            raise AssertionError("the call succeeded")
        except grpc.RpcError as error:
            assert dict(error.trailing_metadata()).get("grpc-retry-pushback-ms") == "20", error.trailing_metadata()


def status_details(arguments):
    status_pb2, details_pb2 = contract.load_rpc_types()
    with connect(arguments) as channel:
        request = messages.SimpleRequest(response_status={"code": 9, "message": "坏了"})
        try:
            stubs.TestServiceStub(channel).UnaryCall(request, metadata=[("x-status-details", "1")], timeout=20)
            raise AssertionError("the call succeeded")
        except grpc.RpcError as error:
            status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
            info = details_pb2.ErrorInfo()
            assert status.code == 9 and status.message == error.details() == "坏了"
            assert any(detail.Unpack(info) for detail in status.details) and info.reason, status


def health(arguments):
    with connect(arguments) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        serving = health_pb2.HealthCheckResponse.SERVING
        for name in ("", "grpc.testing.TestService"):
            assert stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=20).status == serving
        assert code_of(
            lambda: stub.Check(health_pb2.HealthCheckRequest(service="none"), timeout=20)) == grpc.StatusCode.NOT_FOUND
        watch = stub.Watch(health_pb2.HealthCheckRequest(service=""), timeout=20)
        assert next(watch).status == serving
        watch.cancel()
        unknown = stub.Watch(health_pb2.HealthCheckRequest(service="none"), timeout=20)
        assert next(unknown).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
        unknown.cancel()
        if hasattr(stub, "List"):
            assert "grpc.testing.TestService" in stub.List(health_pb2.HealthListRequest(), timeout=20).statuses


def reflection(arguments):
    """A call whose types come from the server alone."""
    with connect(arguments) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert {"grpc.testing.TestService", "grpc.health.v1.Health"} <= set(database.get_services())
        pool = DescriptorPool(database)
        method = pool.FindServiceByName("grpc.testing.TestService").FindMethodByName("UnaryCall")
        request_type = message_factory.GetMessageClass(method.input_type)
        response_type = message_factory.GetMessageClass(method.output_type)
        call = channel.unary_unary(
            "/grpc.testing.TestService/UnaryCall", request_serializer=request_type.SerializeToString,
            response_deserializer=response_type.FromString)
        assert len(call(request_type(response_size=33), timeout=20).payload.body) == 33


def health_checked_channel(arguments):
    """Client-side health checking: the channel itself watches."""
    config = {"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "grpc.testing.TestService"}}
    with connect(arguments, [("grpc.service_config", json.dumps(config))]) as channel:
        stubs.TestServiceStub(channel).EmptyCall(empty.Empty(), timeout=20)


def many_channels(arguments):
    channels = [connect(arguments, [("grpc.use_local_subchannel_pool", 1)]) for _ in range(30)]
    calls = [stubs.TestServiceStub(channel).EmptyCall.future(empty.Empty(), timeout=30) for channel in channels]
    for call in calls:
        call.result()
    for channel in channels:
        channel.close()


def maximum_age(arguments):
    """Connections that the server ends every second: no call notices."""
    server = subprocess.Popen([arguments.server, "--port", "0", "--max-age", "1"], stdout=subprocess.PIPE, text=True)
    try:
        target = f"127.0.0.1:{server.stdout.readline().strip()}"
        with grpc.insecure_channel(target) as channel:
            stub = stubs.TestServiceStub(channel)
            end = time.monotonic() + (2.5 if arguments.short else 6)
            streams = [stub.StreamingOutputCall(sleeping(2), timeout=20) for _ in range(5)]
            while time.monotonic() < end:
                stub.EmptyCall(empty.Empty(), timeout=20)
            assert all(len(list(stream)) == 1 for stream in streams)
    finally:
        server.terminate()
        assert server.wait(20) == 0


CASES = [
    channel_compression, aggressive_keepalive, bandwidth_pings, large_metadata, binary_metadata, wait_for_ready, deadlines,
    cancellation, retries_with_push_back, status_details, health, reflection, health_checked_channel, many_channels,
    maximum_age,
]

if __name__ == "__main__":
    import argparse

    from wire import run

    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--case", default="all")
    parser.add_argument("--short", action="store_true")
    run(CASES, parser.parse_args())
