"""Makes Python modules of our proto/ with the stock protoc of grpcio-tools, in a folder of their own, and puts it on the path."""
import atexit
import pathlib
import shutil
import sys
import tempfile

import grpc_tools
from grpc_tools import protoc


def generate(proto):
    """proto: our proto/ folder. google.protobuf, health and reflection come from their own Python packages."""
    root = pathlib.Path(proto)
    files = [str(f.relative_to(root)) for f in sorted(root.rglob("*.proto"))]
    ours = [f for f in files if f.startswith("huying/") or f.startswith("google/rpc/") or f.startswith("google/api/")]
    out = tempfile.mkdtemp(prefix="huying-python-")
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    own = str(pathlib.Path(grpc_tools.__file__).parent / "_proto")
    code = protoc.main(
        ["protoc", f"-I{own}", f"-I{proto}", f"--python_out={out}", f"--grpc_python_out={out}"] + ours)
    assert code == 0, f"protoc ended with {code}"
    sys.path.insert(0, out)
    import google

    google.__path__ = [out + "/google"] + list(google.__path__)
