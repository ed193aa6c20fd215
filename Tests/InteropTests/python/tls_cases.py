"""TLS and mutual TLS of interop-server and interop-client: what must not get through does not.

--server and --client are the two executables.
"""
import argparse
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings

import grpc
from cryptography import x509

import certificates
import testing_contract as contract
from wire import PREFACE, run

messages, empty, stubs, _ = contract.load()
FOLDER = tempfile.TemporaryDirectory(prefix="huying-tls-")
AUTHORITY = certificates.Authority(FOLDER.name, "good")
OTHER = certificates.Authority(FOLDER.name, "other")
SERVER = AUTHORITY.issue("server", "localhost")
CLIENT = AUTHORITY.issue("client", "interop-client", [x509.DNSName("client.interop.test")])
STRANGER = OTHER.issue("stranger", "stranger", [x509.DNSName("client.interop.test")])


class OurServer:
    def __init__(self, arguments, *flags, pair=SERVER):
        command = [arguments.server, "--port", "0", "--tls-cert", pair[0], "--tls-key", pair[1], *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self.port

    def __exit__(self, *_):
        self.process.stdout.close()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0


def context(alpn=("h2",), pair=None):
    made = ssl.create_default_context(cafile=AUTHORITY.path)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    if pair:
        made.load_cert_chain(*pair)
    return made


def handshake(port, made):
    """A TLS connection that has sent the preface, and what came."""
    with socket.create_connection(("127.0.0.1", port), 20) as plain, made.wrap_socket(plain, server_hostname="localhost") as wire:
        try:
            wire.sendall(PREFACE + b"\0\0\0\4\0\0\0\0\0")
            return wire.selected_alpn_protocol(), wire.recv(9)
        except (ssl.SSLError, ConnectionError):
            return wire.selected_alpn_protocol(), b""


def speaks_http_2(port, made):
    try:
        return handshake(port, made)[1][3:4] == b"\4"
    except (ssl.SSLError, ConnectionError):
        return False


def call(port, authority=AUTHORITY, pair=None, request=messages.SimpleRequest()):
    key, certificate = (contract.read(pair[1]), contract.read(pair[0])) if pair else (None, None)
    credentials = grpc.ssl_channel_credentials(contract.read(authority.path), key, certificate)
    with grpc.secure_channel(f"localhost:{port}", credentials, [("grpc.use_local_subchannel_pool", 1)]) as channel:
        try:
            return stubs.TestServiceStub(channel).UnaryCall(request, timeout=20)
        except grpc.RpcError as error:
            return error.code()


def require_well(port, **options):
    answer = call(port, **options)
    assert isinstance(answer, messages.SimpleResponse), answer


def encrypted_and_verified(arguments):
    with OurServer(arguments) as port:
        assert handshake(port, context())[0] == "h2"
        require_well(port)
        assert call(port, authority=OTHER) == grpc.StatusCode.UNAVAILABLE


def plaintext_at_a_tls_port(arguments):
    with OurServer(arguments) as port:
        for text in (PREFACE + b"\0\0\0\4\0\0\0\0\0", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", bytes(range(256)) * 10):
            with socket.create_connection(("127.0.0.1", port), 20) as plain:
                plain.sendall(text)
                got = b""
                try:
                    while chunk := plain.recv(100):
                        got += chunk
                except ConnectionError:
                    pass
                assert b"\x04\x00\x00\x00\x00\x00" not in got, got
        require_well(port)


def alpn_is_required(arguments):
    with OurServer(arguments) as port:
        assert speaks_http_2(port, context())
        assert speaks_http_2(port, context(("http/1.1", "h2")))
        assert not speaks_http_2(port, context(("http/1.1",)))
        assert not speaks_http_2(port, context(()))


def old_versions_are_refused(arguments):
    with OurServer(arguments) as port:
        for version, is_good in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
            made = context()
            made.set_ciphers("DEFAULT:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                made.minimum_version = made.maximum_version = version
            assert speaks_http_2(port, made) == is_good, version


def client_certificates(arguments):
    with OurServer(arguments, "--client-ca", AUTHORITY.path) as port:
        request = messages.SimpleRequest(fill_username=True)
        answer = call(port, pair=CLIENT, request=request)
        assert answer.username == "interop-client", answer
        assert call(port) == grpc.StatusCode.UNAVAILABLE
        assert call(port, pair=STRANGER) == grpc.StatusCode.UNAVAILABLE
        require_well(port, pair=CLIENT)


def slow_and_broken_handshakes(arguments):
    """They hold up nobody else."""
    with OurServer(arguments) as port:
        idle = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(20)]
        for number, plain in enumerate(idle):
            plain.sendall(b"\x16\x03\x01"[:number % 4])
        require_well(port)
        for plain in idle:
            plain.settimeout(20)
            try:
                assert plain.recv(1) == b""
            except ConnectionError:
                pass


def files_that_change(arguments):
    """A new certificate without a restart; a connection that is open goes on; files that are no good change nothing."""
    pair = AUTHORITY.issue("changing", "first")

    def shown(port):
        with socket.create_connection(("127.0.0.1", port), 20) as plain:
            with context().wrap_socket(plain, server_hostname="localhost") as wire:
                return dict(entry[0] for entry in wire.getpeercert()["subject"])["commonName"]

    def wait_until(port, name):
        end = time.monotonic() + 20
        while shown(port) != name:
            assert time.monotonic() < end, shown(port)
            time.sleep(0.2)

    with OurServer(arguments, pair=pair) as port:
        assert shown(port) == "first"
        credentials = grpc.ssl_channel_credentials(contract.read(AUTHORITY.path))
        with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
            stub = stubs.TestServiceStub(channel)
            stub.EmptyCall(empty.Empty(), timeout=20)
            AUTHORITY.issue("changing", "second")
            wait_until(port, "second")
            stub.EmptyCall(empty.Empty(), timeout=20)
            with open(pair[0], "w") as file:
                file.write("rubbish")
            time.sleep(1.5)
            assert shown(port) == "second"
            AUTHORITY.issue("changing", "third")
            wait_until(port, "third")
            stub.EmptyCall(empty.Empty(), timeout=20)


def our_client(arguments, port, *flags, host="localhost"):
    command = [
        arguments.client, "--target", f"{host}:{port}", "--case", "empty_unary", "--timeout", "5", "--tls", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) == ("passed" in done.stdout), done
    return done.stdout


def our_client_verifies(arguments):
    trust = ["--ca", AUTHORITY.path]
    with OurServer(arguments) as port:
        for host in ("localhost", "127.0.0.1"):
            assert "passed" in our_client(arguments, port, *trust, host=host)
        for flags in (["--ca", OTHER.path], [], trust + ["--server-name", "other.example"]):
            text = our_client(arguments, port, *flags)
            assert "UNAVAILABLE" in text, text
    elsewhere = AUTHORITY.issue("elsewhere", "other.example", [x509.DNSName("other.example")])
    with OurServer(arguments, pair=elsewhere) as port:
        assert "UNAVAILABLE" in our_client(arguments, port, *trust)
        assert "passed" in our_client(arguments, port, *trust, "--server-name", "other.example")
    with OurServer(arguments, "--client-ca", AUTHORITY.path) as port:
        assert "UNAVAILABLE" in our_client(arguments, port, *trust)
        assert "UNAVAILABLE" in our_client(arguments, port, *trust, "--cert", STRANGER[0], "--key", STRANGER[1])
        assert "passed" in our_client(arguments, port, *trust, "--cert", CLIENT[0], "--key", CLIENT[1])


def our_client_wants_alpn(arguments):
    """A TLS server that does not say h2 is no gRPC server; one that does not speak TLS is none either."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*SERVER)
    for is_tls in (True, False):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                while True:
                    try:
                        plain, _ = listener.accept()
                        wire = made.wrap_socket(plain, server_side=True) if is_tls else plain
                        wire.recv(100)
                        wire.close()
                    except (ssl.SSLError, OSError):
                        if listener.fileno() < 0:
                            return

            threading.Thread(target=serve, daemon=True).start()
            text = our_client(arguments, listener.getsockname()[1], "--ca", AUTHORITY.path)
            assert "UNAVAILABLE" in text, text


CASES = [
    encrypted_and_verified, plaintext_at_a_tls_port, alpn_is_required, old_versions_are_refused, client_certificates,
    slow_and_broken_handshakes, files_that_change, our_client_verifies, our_client_wants_alpn,
]

if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    parser = argparse.ArgumentParser()
    parser.add_argument("--target")
    parser.add_argument("--server", required=True)
    parser.add_argument("--client", required=True)
    parser.add_argument("--case", default="all")
    run(CASES, parser.parse_args())
