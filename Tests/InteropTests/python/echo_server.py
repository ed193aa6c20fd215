"""A stock grpcio server with the echo service of the tests. Argument 1 is where it listens; it ends when its input is closed."""
import sys
import time
from concurrent import futures

import grpc


def echo(request, context):
    context.send_initial_metadata((("x-head", "1"),))
    context.set_trailing_metadata(tuple((k, v) for k, v in context.invocation_metadata() if k.startswith("x-echo")))
    return request


def fail(request, context):
    context.abort(grpc.StatusCode.NOT_FOUND, "没有 100% 这样的案件\n")


def sleep(request, context):
    time.sleep(3)
    return request


def count(request, context):
    for i in range(1000):
        yield b"\x08" + bytes([i & 127 | 128, i >> 7])


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        return {
            "/test.Echo/Echo": grpc.unary_unary_rpc_method_handler(echo),
            "/test.Echo/Fail": grpc.unary_unary_rpc_method_handler(fail),
            "/test.Echo/Sleep": grpc.unary_unary_rpc_method_handler(sleep),
            "/test.Echo/Count": grpc.unary_stream_rpc_method_handler(count),
            "/test.Echo/Join": grpc.stream_unary_rpc_method_handler(
                lambda requests, context: b"".join(requests)),
            "/test.Echo/Chat": grpc.stream_stream_rpc_method_handler(
                lambda requests, context: (r for r in requests)),
        }.get(details.method)


server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.max_concurrent_streams", 50)])
server.add_generic_rpc_handlers((Handler(),))
server.add_insecure_port(sys.argv[1])
server.start()
sys.stdin.read()
server.stop(0).wait()
