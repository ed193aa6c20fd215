"""Every acknowledgement behind a sync: system calls are traced while people write. Between the commit frame of a write in the log
and the first byte of its answer on a socket there is a completed fdatasync of the log; writes of a group may share one."""
import re
import shutil
import uuid

from clients import Writers
from county import County, eventually

TRACED = "trace=openat,creat,close,rename,renameat,renameat2,pwrite64,pwritev,write,writev,sendto,sendmsg,fdatasync,fsync"
LINE = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)( resumed>)?(.*)$", re.S)


def run(campaign):
    if shutil.which("strace") is None:
        campaign.say(False, "needs strace (apt-get install strace)")
        return
    traced = ["dispute", "dispatch", "responsibility-list"]

    def start(county):
        county.start("grid-registry", "performance-evaluation", "gateway")
        for name in traced:
            county.start(name, prefix=_strace(county, name))

    with campaign.at_work(start) as (county, auditor):
        writers = Writers(county, campaign.told, campaign.arguments.seed, count=16).start()
        try:
            writers.until_more(400, within=300)
        finally:
            writers.stop()
        campaign.none("writers", writers.findings)
        ids = {
            "dispute": [answer.case_record.case_id for answer in writers.reports.values()],
            "dispatch": [answer.call.call_id for answer in writers.drafts.values()],
            "responsibility-list": [answer.determination.determination_id for answer in writers.determinations.values()],
        }
        # strace writes to a file; the processes end first, so that it is whole.
        for name in [*traced, "gateway", "grid-registry", "performance-evaluation"]:
            _stop_traced(county, name) if name in traced else county.stop(name)
        for name in traced:
            trace = Trace(county.folder / f"{name}.strace", f"{name}.sqlite-wal")
            early = [id for id in ids[name] if not trace.is_synced_before_answer(id)]
            shared = len(ids[name]) - len({trace.synced_by.get(id) for id in ids[name]})
            campaign.none(
                f"{name}: no answer before its sync", early,
                f"{len(ids[name])} answers, {trace.syncs} syncs of the log, {shared} answers shared one")
    _first_keys(campaign)


def _first_keys(campaign):
    """A service that makes its own sealing key has it on the disk before anything is sealed with it."""
    county = campaign.county()
    try:
        own = county.data("dispute")
        for file in own.iterdir():
            file.unlink()
        key = county.folder / "own" / "sealing.key"
        county.variables = {"HUYING_SEALING_KEY": str(key)}
        county.start("dispute", prefix=_strace(county, "dispute"))
        _stop_traced(county, "dispute")
        synced, named, folder, inode = False, False, False, {}
        for line in _calls(county.folder / "dispute.strace"):
            if str(key.parent) not in line:
                continue
            if re.search(r"f(data)?sync\(\d+<[^>]*sealing\.key", line):
                synced = True
            if re.search(r"rename(at2?)?\(.*sealing\.key", line):
                named = synced
            if named and re.search(rf"fsync\(\d+<{re.escape(str(key.parent))}>", line):
                folder = True
        campaign.say(
            synced and named and folder, "a new sealing key is on the disk, then has its name, then its folder is",
            "" if synced and named and folder else f"content {synced}, then name {named}, then folder {folder}")
    finally:
        county.end()


def _strace(county, name):
    return ["strace", "-f", "-yy", "-s", "5000", "-e", TRACED, "-o", str(county.folder / f"{name}.strace")]


def _stop_traced(county, name):
    """SIGTERM to the process itself: strace ends with it."""
    import os
    import signal
    import subprocess

    tracer = county.children.pop(name)
    for child in open(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read().split():
        os.kill(int(child), signal.SIGTERM)
    try:
        tracer.wait(60)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait()


def _calls(path):
    with open(path, errors="replace") as file:
        yield from file


class Trace:
    """What one process asked of the kernel, in order."""

    def __init__(self, path, log):
        self.syncs = 0
        self.synced_by = {}
        self.answered = {}
        self.written = {}  # id → when its commit frame went to the log
        self.sync_ends = []
        commits = []
        texts = []  # (when, whether to the log, text)
        pending = {}
        for when, line in enumerate(_calls(path)):
            match = LINE.match(line)
            if not match:
                continue
            thread, call, resumed, rest = match.groups()
            if call in ("fdatasync", "fsync"):
                if resumed:
                    if pending.pop(thread, False) and rest.rstrip().endswith("= 0"):
                        self.sync_ends.append(when)
                elif log in rest:
                    if "unfinished" in rest:
                        pending[thread] = True
                    elif rest.rstrip().endswith("= 0"):
                        self.sync_ends.append(when)
            elif call in ("pwrite64", "pwritev") and not resumed and log in rest:
                header = re.match(r'\(\d+<[^>]*>, "((?:[^"\\]|\\.)*)", (24|32), ', rest)
                if header:
                    data = header[1].encode("latin-1", "replace").decode("unicode_escape").encode("latin-1", "replace")
                    if header[2] == "24" and len(data) == 24 and data[4:8] != b"\0\0\0\0":
                        commits.append(when)
                else:
                    texts.append((when, True, rest))
            elif call in ("write", "writev", "sendto", "sendmsg") and not resumed and ("TCP" in rest or "socket" in rest):
                texts.append((when, False, rest))
        self.syncs = len(self.sync_ends)
        self.commits = commits
        self.texts = texts

    def is_synced_before_answer(self, id):
        """Whether a commit frame behind the first page with this id, then a completed sync, then the first answer with it."""
        import bisect

        written = next((when for when, is_log, text in self.texts if is_log and id in text), None)
        answered = next((when for when, is_log, text in self.texts if not is_log and id in text), None)
        if written is None or answered is None:
            return False
        commit = bisect.bisect_left(self.commits, written)
        if commit == len(self.commits):
            return False
        sync = bisect.bisect_right(self.sync_ends, self.commits[commit])
        if sync == len(self.sync_ends) or self.sync_ends[sync] > answered:
            return False
        self.synced_by[id] = self.sync_ends[sync]
        return True
