"""Starts that should come to nothing: in time, with a code and one line, and what was there is left as it was."""
import hashlib
import os
import subprocess
import time

from county import free_ports

LIMIT = 15


class Attempt:
    """A start that should come to nothing, and what it left behind; unless `watch` is false, that is all that was there."""

    def __init__(self, county, name, variables=(), prefix=(), data=None, watch=True):
        listen, admin = free_ports(2)
        environment = county.environment(name, data) | {
            "HUYING_LISTEN": f"127.0.0.1:{listen}", "HUYING_ADMIN": f"127.0.0.1:{admin}"} | dict(variables)
        place = county.data(name)
        before = fingerprint(place)
        begin = time.monotonic()
        child = subprocess.Popen([*prefix, county.program(name)], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, process_group=0)
        try:
            output, errors = child.communicate(timeout=LIMIT)
            self.code = child.returncode
        except subprocess.TimeoutExpired:
            child.kill()
            output, errors = child.communicate()
            self.code = None
        self.took = time.monotonic() - begin
        self.errors = errors.decode(errors="replace").strip()
        self.output = output.decode(errors="replace")
        self.changed = watch and fingerprint(place) != before

    def faults(self, codes=(2,)):
        if self.code is None:
            return [f"it neither refused nor ended within {LIMIT} s: {self.output[-300:]}"]
        found = [] if self.code in codes else [f"exit {self.code}"]
        if len(self.errors.split("\n")) != 1 or not self.errors:
            found.append(f"{len(self.errors.splitlines())} lines")
        found += [word for word in ("Fatal error", "***", "Optional(", "StorageError", "Swift.", "errno") if word in self.errors]
        if self.changed:
            found.append("the folder was changed")
        return found and [f"{', '.join(found)}: {self.errors[-400:]}"]


def fingerprint(folder):
    """Names and contents; locks, the engine's index and a log of nothing are nobody's data."""
    if not folder.is_dir():
        return None
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
            if path.is_file() and not path.is_symlink() and path.stat().st_size > 0
            and path.suffix != ".lock" and not path.name.endswith("-shm")}


class Look:
    """Attempts, and one line about all of them."""

    def __init__(self, campaign, what):
        self.campaign, self.what, self.found, self.said = campaign, what, [], []

    def at(self, case, attempt, codes=(2,)):
        self.found += [f"{case}: {fault}" for fault in attempt.faults(codes)]
        self.said.append(f"{case}: {attempt.code} {attempt.errors}")
        if os.environ.get("CAMPAIGN_SHOW"):
            print(f"       {case} ({attempt.took:.1f} s): {attempt.code} {attempt.errors}")

    def end(self):
        self.campaign.none(self.what, self.found, f"{len(self.said)} starts")
