"""grpc.testing.TestService on stock grpcio with threads. Flags and port line are those of interop-server.

grpcio hides from a handler whether a request was compressed, so expect_compressed is not looked at.
"""
import concurrent.futures
import signal
import threading
import time

import grpc

import testing_contract as contract

messages, empty, stubs, _ = contract.load()


def cached(body, kept={}):
    return kept.setdefault(body, str(time.time_ns()).encode())


def payload(size):
    return messages.Payload(body=bytes(size))


def echo_metadata(context):
    sent = context.invocation_metadata() or ()
    initial = [(name, value) for name, value in sent if name == contract.INITIAL]
    trailing = [(name, value) for name, value in sent if name == contract.TRAILING]
    return initial, trailing


CODES = {code.value[0]: code for code in grpc.StatusCode}


class TestService(stubs.TestServiceServicer):
    def begin(self, context):
        initial, trailing = echo_metadata(context)
        if initial:
            context.send_initial_metadata(initial)
        if trailing:
            context.set_trailing_metadata(trailing)

    def refuse(self, request, context):
        if request.HasField("response_status") and request.response_status.code:
            context.abort(CODES[request.response_status.code], request.response_status.message)

    def EmptyCall(self, request, context):
        self.begin(context)
        return empty.Empty()

    def UnaryCall(self, request, context):
        if request.HasField("response_compressed"):
            if request.response_compressed.value:
                context.set_compression(grpc.Compression.Gzip)
            else:
                context.disable_next_message_compression()
        self.begin(context)
        self.refuse(request, context)
        return messages.SimpleResponse(payload=payload(request.response_size))

    def CacheableUnaryCall(self, request, context):
        self.begin(context)
        return messages.SimpleResponse(payload=messages.Payload(body=cached(request.payload.body)))

    def StreamingInputCall(self, requests, context):
        self.begin(context)
        return messages.StreamingInputCallResponse(
            aggregated_payload_size=sum(len(request.payload.body) for request in requests))

    def answer(self, request, context):
        for parameters in request.response_parameters:
            time.sleep(parameters.interval_us / 1e6)
            if parameters.HasField("compressed") and not parameters.compressed.value:
                context.disable_next_message_compression()
            yield messages.StreamingOutputCallResponse(payload=payload(parameters.size))
        self.refuse(request, context)

    def StreamingOutputCall(self, request, context):
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        self.begin(context)
        yield from self.answer(request, context)

    def FullDuplexCall(self, requests, context):
        self.begin(context)
        for request in requests:
            yield from self.answer(request, context)

    def HalfDuplexCall(self, requests, context):
        self.begin(context)
        for request in list(requests):
            yield from self.answer(request, context)


def credentials(arguments):
    return grpc.ssl_server_credentials(
        [(contract.read(arguments.tls_key), contract.read(arguments.tls_cert))], contract.read(arguments.client_ca),
        arguments.client_ca is not None)


def main():
    arguments = contract.server_arguments()
    # Calls that wait for ever take a thread each.
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(32))
    stubs.add_TestServiceServicer_to_server(TestService(), server)
    address = f"127.0.0.1:{arguments.port}"
    if arguments.tls_cert:
        port = server.add_secure_port(address, credentials(arguments))
    else:
        port = server.add_insecure_port(address)
    if arguments.unix:
        server.add_insecure_port("unix:" + arguments.unix)
    server.start()
    print(port, flush=True)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()
    server.stop(1).wait()


if __name__ == "__main__":
    main()
