"""Makes Python modules of grpc.testing with the stock protoc of grpcio-tools and grpclib's plugin, and puts them on the path.

They are made anew in a folder of their own, or once for many programs in the folder that HUYING_STUBS names.
"""
import atexit
import os
import pathlib
import shutil
import sys
import tempfile

import grpc_tools

PROTO = pathlib.Path(__file__).resolve().parent.parent / "proto"
OURS = PROTO.parent.parent.parent / "proto"
WELL_KNOWN = pathlib.Path(grpc_tools.__file__).parent / "_proto"


def make(out):
    from grpc_tools import protoc

    os.environ["PATH"] = str(pathlib.Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    rpc = ["google/rpc/status.proto", "google/rpc/error_details.proto"]
    assert protoc.main(["protoc", f"-I{WELL_KNOWN}", f"-I{OURS}", f"--python_out={out}"] + rpc) == 0
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    code = protoc.main(
        ["protoc", f"-I{PROTO}", f"--python_out={out}", f"--grpc_python_out={out}", f"--grpclib_python_out={out}"] + files)
    assert code == 0, f"protoc ended with {code}"


def load():
    """The modules messages_pb2, empty_pb2, test_pb2_grpc (grpcio) and test_grpc (grpclib) of grpc.testing."""
    out = os.environ.get("HUYING_STUBS")
    if not out:
        out = tempfile.mkdtemp(prefix="huying-stubs-")
        atexit.register(shutil.rmtree, out, ignore_errors=True)
        make(out)
    import grpc

    # The contract's package is inside grpcio's own.
    grpc.__path__.append(out + "/grpc")
    sys.path.insert(0, out)
    from grpc.testing import empty_pb2, messages_pb2, test_grpc, test_pb2_grpc

    return messages_pb2, empty_pb2, test_pb2_grpc, test_grpc


def load_rpc_types():
    """The modules of google.rpc.Status and of its details; after `load`."""
    import google

    google.__path__ = list(google.__path__) + [path + "/google" for path in sys.path[:1]]
    from google.rpc import error_details_pb2, status_pb2

    return status_pb2, error_details_pb2


REQUEST_SIZES = [27182, 8, 1828, 45904]
ANSWER_SIZES = [31415, 9, 2653, 58979]
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"
SPECIAL_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"


def client_arguments():
    """The flags of interop-client."""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--target", required=True)
    parser.add_argument("--case", default="all")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--concurrent-calls", type=int, default=1000)
    return parser.parse_args()


def server_arguments():
    """The flags of interop-server."""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--unix")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--client-ca")
    return parser.parse_args()


def read(path):
    return pathlib.Path(path).read_bytes() if path else None


def outcome(name, failure):
    print(f"{name}: passed" if failure is None else f"{name}: FAILED: {failure}", flush=True)
