"""Fault campaigns against the six real processes, with stock grpcio clients: a line for each thing that was tried, exit code 1 if
something does not hold.

usage: campaign.py FOLDER [--only WORD]… [--seed N] [--kills N] [--flips N] [--requests EACH] [--overload SECONDS] [--older FOLDER] [--keep]
FOLDER has the programs, OLDER those of an earlier version; the rows are: kill, sync, disk, damage, frozen, down, machine, overload, drain,
edge, start, backup, restore. As root: full disks need a mount.
"""
import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "InteropTests" / "python")]
os.environ |= {"GRPC_VERBOSITY": "NONE", "GRPC_ENABLE_FORK_SUPPORT": "0"}
# Whoever runs this may pass on that it ignores or blocks signals; the processes inherit what is in force here.
signal.signal(signal.SIGTERM, signal.default_int_handler)
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_SETMASK, [])

import contracts  # noqa: E402

contracts.generate(str(ROOT / "proto"))

import clients  # noqa: E402
from county import Broken, County  # noqa: E402


class Campaign:
    """What every row works with: the programs, a folder, a county that has been filled, all that errors have said, and the findings."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = pathlib.Path(folder)
        self.told = clients.Told()
        self.template = None
        self.row = ""
        self.failures = 0

    def county(self):
        """A copy of the filled county, not yet started."""
        if self.template is None:
            filled = County(self.arguments.folder, self.folder / "template")
            try:
                filled.start()
                filled.login()
                code, _, errors = filled.huying("import", "county")
                if code != 0:
                    raise Broken(f"import county: {errors}")
                auditor = clients.Auditor(filled, self.told)
                auditor.until_relayed()
                auditor.close()
                filled.stop_all()
            finally:
                filled.end()
            self.template = filled
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.row}-", dir=self.folder))
        return County(self.arguments.folder, folder, self.template)

    @contextlib.contextmanager
    def at_work(self, start=County.start, before=()):
        """A copy that serves, and its auditor. `start` starts it in another way, `before` is said before each program. Whatever happens
        within, all of it ends; a process that had ended before is a finding."""
        county, auditor = self.county(), None
        county.before = list(before)
        try:
            start(county)
            county.login()
            auditor = clients.Auditor(county, self.told)
            auditor.until_all_are_reached()
            yield county, auditor
        finally:
            self.none("no process ended that nobody ended", county.ended())
            if auditor is not None:
                auditor.close()
            county.end()

    def say(self, holds, what, figures=""):
        """A line of the report."""
        self.failures += not holds
        print(f"{'ok  ' if holds else 'FAIL'} {self.row:<9} {what}{': ' + figures if figures else ''}", flush=True)
        return holds

    def none(self, what, findings, figures=""):
        """A line that holds if nothing was found."""
        findings = list(findings)
        return self.say(not findings, what, "; ".join(map(str, findings[:5])) + (
            f"; and {len(findings) - 5} more" if len(findings) > 5 else "") if findings else figures)


ROWS = ["kill", "sync", "disk", "damage", "frozen", "down", "machine", "overload", "drain", "edge", "start", "backup", "restore"]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--requests", type=int, default=3, metavar="EACH")
    parser.add_argument("--overload", type=int, default=60, metavar="SECONDS")
    parser.add_argument("--older", metavar="FOLDER")
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    rows = [row for row in ROWS if not arguments.only or any(word in row for word in arguments.only)]
    if not rows:
        parser.error(f"no such row; there are {', '.join(ROWS)}")
    folder = tempfile.mkdtemp(prefix="huying-campaign-")
    campaign = Campaign(arguments, folder)
    print(f"seed {arguments.seed}, load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors, {arguments.folder}", flush=True)
    for row in rows:
        campaign.row = row
        begin = time.monotonic()
        try:
            __import__(f"row_{row}").run(campaign)
        except Exception as error:
            campaign.say(False, "the row broke off", f"{type(error).__name__}: {error}")
            traceback.print_exc()
        print(f"     {row:<9} {time.monotonic() - begin:.0f} s, load average {os.getloadavg()[0]:.1f}", flush=True)
    if arguments.keep or campaign.failures:
        print(f"logs and data are in {folder}")
    if not arguments.keep and not campaign.failures:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{campaign.failures} failed" if campaign.failures else "all hold")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
