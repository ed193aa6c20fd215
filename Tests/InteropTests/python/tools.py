"""nghttp, h2load and curl against a server. Flags are those of interop-client."""
import argparse
import pathlib
import re
import subprocess
import tempfile

import testing_contract as contract
from wire import framed, run

messages, empty, _, _ = contract.load()
PATH = "/grpc.testing.TestService/"
HEADERS = ["content-type: application/grpc", "te: trailers"]


def address(arguments, method):
    return f"{'https' if arguments.tls else 'http'}://{arguments.target.replace('127.0.0.1', 'localhost')}{PATH}{method}"


def body(message):
    file = tempfile.NamedTemporaryFile(suffix=".bin")
    file.write(framed(message))
    file.flush()
    return file


def output(command, limit=120):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit)
    text = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}: {text[-300:]}"
    return text


def h2load(arguments, method, message, calls, *flags):
    with body(message) as data:
        headers = [part for header in HEADERS for part in ("-H", header)]
        text = output(["h2load", "-n", str(calls), *flags, "-d", data.name, *headers, address(arguments, method)])
    done = re.search(r"requests: (\d+) total.* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", text)
    assert done, text[-300:]
    total, succeeded, failed, errored, late = map(int, done.groups())
    assert total == succeeded == calls and failed == errored == late == 0, done[0]
    assert f"status codes: {calls} 2xx" in text, text[-600:]


def scale(arguments, calls):
    return calls // 10 if arguments.short else calls


def h2load_many_streams(arguments):
    h2load(arguments, "EmptyCall", empty.Empty(), scale(arguments, 50000), "-c", "10", "-m", "100")


def h2load_one_stream_at_a_time(arguments):
    h2load(arguments, "EmptyCall", empty.Empty(), scale(arguments, 5000), "-c", "4", "-m", "1")


def h2load_small_windows(arguments):
    """Windows of 2^10 bytes for a stream, of 2^12 for the connection."""
    message = messages.SimpleRequest(response_size=20000, payload={"body": bytes(20000)})
    h2load(arguments, "UnaryCall", message, scale(arguments, 2000), "-c", "4", "-m", "100", "-w", "10", "-W", "12")


def h2load_large_windows(arguments):
    message = messages.SimpleRequest(response_size=1 << 20, payload={"body": bytes(1 << 20)})
    h2load(arguments, "UnaryCall", message, scale(arguments, 200), "-c", "2", "-m", "20", "-w", "24", "-W", "26")


def h2load_server_streams(arguments):
    message = messages.StreamingOutputCallRequest(response_parameters=[{"size": 1000}] * 100)
    h2load(arguments, "StreamingOutputCall", message, scale(arguments, 1000), "-c", "4", "-m", "50")


def h2load_no_header_table(arguments):
    h2load(
        arguments, "EmptyCall", empty.Empty(), scale(arguments, 5000), "-c", "4", "-m", "100", "--header-table-size=0",
        "--encoder-header-table-size=0")


def nghttp(arguments, *flags):
    with body(messages.SimpleRequest(response_size=10)) as data:
        headers = [part for header in HEADERS for part in ("-H", header)]
        text = output(["nghttp", "-v", "-y", *flags, "-d", data.name, *headers, address(arguments, "UnaryCall")])
    assert ":status: 200" in text and "grpc-status: 0" in text, text[-800:]


def nghttp_plain(arguments):
    nghttp(arguments)


def nghttp_padding(arguments):
    nghttp(arguments, "--padding=255")


def nghttp_no_header_table(arguments):
    nghttp(arguments, "--header-table-size=0", "--encoder-header-table-size=0")


def nghttp_continuation(arguments):
    """24 KiB of head in several frames, more than the server says that it takes: an answer that says so, not a broken connection."""
    with body(empty.Empty()) as data:
        text = output(["nghttp", "-v", "-y", "--continuation", "-d", data.name, address(arguments, "EmptyCall")])
    assert ":status: 431" in text, text[-400:]


def nghttp_max_concurrent_streams(arguments):
    nghttp(arguments, "-m", "50", "--window-bits=1", "--connection-window-bits=30")


def curl(arguments):
    with body(messages.SimpleRequest(response_size=10)) as data:
        way = ["--http2", "--cacert", arguments.ca] if arguments.tls else ["--http2-prior-knowledge"]
        headers = [part for header in HEADERS for part in ("-H", header)]
        with tempfile.TemporaryDirectory() as folder:
            answer = pathlib.Path(folder) / "answer"
            text = output([
                "curl", "-sS", "-m", "20", *way, "--data-binary", f"@{data.name}", *headers, "-D", "-", "-o", str(answer),
                address(arguments, "UnaryCall")])
            got = answer.read_bytes()
    assert "HTTP/2 200" in text and "grpc-status: 0" in text, text
    assert len(messages.SimpleResponse.FromString(got[5:]).payload.body) == 10


def curl_get(arguments):
    way = ["--http2", "--cacert", arguments.ca] if arguments.tls else ["--http2-prior-knowledge"]
    text = output(["curl", "-sS", "-m", "20", *way, "-D", "-", address(arguments, "UnaryCall")])
    assert "HTTP/2 405" in text, text


def curl_http_1(arguments):
    """A client of HTTP/1.1 is told so, at once and in words that it can read."""
    if arguments.tls:
        return
    text = output(["curl", "-sS", "-m", "20", "--http1.1", "-D", "-", address(arguments, "UnaryCall")])
    assert re.match(r"HTTP/1\.[01] [45]\d\d ", text) and "HTTP/2" in text, text


CASES = [
    h2load_many_streams, h2load_one_stream_at_a_time, h2load_small_windows, h2load_large_windows, h2load_server_streams,
    h2load_no_header_table, nghttp_plain, nghttp_padding, nghttp_no_header_table, nghttp_continuation,
    nghttp_max_concurrent_streams, curl, curl_get, curl_http_1,
]

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--case", default="all")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--ca")
    parser.add_argument("--short", action="store_true")
    run(CASES, parser.parse_args())
