"""What a machine does to one process, from one moment to the next: `faults.c`, preloaded, and its numbers."""
import mmap
import os
import shutil
import struct
import subprocess

SLOW, SYNC, WRITE, CLOCK, KILL, CHANGES = range(6)
NEVER = 10 ** 9


def library(folder):
    """Builds what is preloaded."""
    path = folder / "faults.so"
    if not path.exists():
        source = os.path.join(os.path.dirname(__file__), "faults.c")
        # Whoever builds the programs has clang.
        subprocess.run([shutil.which("cc") or "clang", "-shared", "-fPIC", "-O1", "-o", str(path), source, "-ldl"], check=True)
    return path


class Faults:
    def __init__(self, folder, name):
        self.path = folder / f"faults-{name}"
        self.path.write_bytes(bytes(48))
        with open(self.path, "r+b") as file:
            self.numbers = mmap.mmap(file.fileno(), 48)
        self.prefix = ["env", f"LD_PRELOAD={library(folder)}", f"CAMPAIGN_FAULTS={self.path}"]

    def clear(self):
        self.numbers[:] = bytes(48)

    def __getitem__(self, which):
        return struct.unpack("q", self.numbers[which * 8:which * 8 + 8])[0]

    def __setitem__(self, which, number):
        self.numbers[which * 8:which * 8 + 8] = struct.pack("q", number)
