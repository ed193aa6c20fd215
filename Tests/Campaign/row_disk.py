"""A disk that is full, again and again, under load; one that stays full across a kill. Writes are refused with the reason, reads go on,
it recovers by itself, nothing that was acknowledged is gone."""
import pathlib
import random
import subprocess
import time
import uuid

import grpc

import row_kill
from clients import AGAIN, Writers, case_service_pb2, reasons, report_request
from county import ALL, Broken, eventually

MEBIBYTES = 128
SMALL = ["dispute", "dispatch", "performance-evaluation", "gateway"]


def run(campaign):
    dice = random.Random(campaign.arguments.seed)
    disks = {}

    def start(county):
        for name in ALL:
            if name in SMALL:
                disks[name] = Disk(county, name)
                disks[name].start()
            else:
                county.start(name)

    try:
        with campaign.at_work(start) as (county, auditor):
            fill_up(campaign, county, auditor, disks, dice)
    finally:
        for each in disks.values():
            each.end()


def fill_up(campaign, county, auditor, disks, dice):
    existing = auditor.count_cases()
    first = auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(str(uuid.uuid4())))
    writers = Writers(county, campaign.told, campaign.arguments.seed, pause=0.05).start()
    refusals, unread, recovered, asked = {}, [], [], []
    try:
        for name in dice.sample(SMALL * 2, 2 * len(SMALL)):
            writers.until_more(20)
            disks[name].fill()
            until = time.monotonic() + dice.uniform(2, 4)
            while time.monotonic() < until:
                code, why = refusal(auditor, asked)
                refusals.setdefault(name, set()).add((code, *why))
                try:
                    auditor.operator.ask(auditor.operator.cases.GetCase, case_service_pb2.GetCaseRequest(
                        case_id=first.case_record.case_id), timeout=5)
                except grpc.RpcError as error:
                    unread.append(f"{name} full: {error.code().name} {error.details()}")
                time.sleep(0.1)
            disks[name].empty()
            recovered.append(eventually("a report is taken", lambda: refusal(auditor, asked)[0] == "OK", 20, pause=0.02))
    finally:
        writers.stop()
    full = refusals["dispute"]
    campaign.say(
        ("RESOURCE_EXHAUSTED", "STORAGE_FULL") in full and full <= {("RESOURCE_EXHAUSTED", "STORAGE_FULL"), ("OK",)},
        "dispute's disk full: writes are refused with the reason", ", ".join("/".join(each) for each in sorted(full)))
    campaign.say(
        all(refusals[name] == {("OK",)} for name in SMALL[1:]), "another's disk full: dispute takes reports",
        "; ".join(f"{name}: {', '.join('/'.join(each) for each in sorted(refusals[name]))}" for name in SMALL[1:]))
    campaign.none("reads go on while a disk is full", unread)
    campaign.say(True, "writes are taken again when there is room", f"after {max(recovered):.2f} s at most, without a restart")
    # Killed while its disk is full, it comes back and reads; room comes later.
    disks["dispute"].fill()
    eventually("the log's room is used up", lambda: refusal(auditor, asked)[0] != "OK", 60, pause=0)
    county.kill("dispute")
    disks["dispute"].start()
    read = case_service_pb2.GetCaseRequest(case_id=first.case_record.case_id)
    auditor.operator.insist(auditor.operator.cases.GetCase, read)
    code, why = refusal(auditor, asked)
    campaign.say((code, why) == ("RESOURCE_EXHAUSTED", ["STORAGE_FULL"]), "killed on a full disk it starts, reads and refuses", f"{code} {why}")
    disks["dispute"].empty()
    eventually("a report is taken", lambda: refusal(auditor, asked)[0] == "OK", 20)
    for request_id in asked:
        auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(request_id))
    row_kill.check(campaign, county, auditor, writers, row_kill.Imports(county, 0), existing + 1 + len(asked), rebuild=False)


class Disk:
    """A small disk that only those see who are started within it, held by a process that does nothing."""

    def __init__(self, county, name):
        self.county, self.name = county, name
        self.place = county.folder / f"disk-{name}"
        self.place.mkdir()
        script = f'mount -t tmpfs -o size={MEBIBYTES}m,mode=0700 tmpfs "$0" && cp -a "$1"/. "$0" && echo && exec sleep 100000'
        self.holder = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", script, str(self.place), str(county.data(name))], stdout=subprocess.PIPE)
        if self.holder.stdout.readline() != b"\n":
            raise Broken("no disk can be mounted here")
        self.outside = pathlib.Path(f"/proc/{self.holder.pid}/root{self.place}")

    def start(self):
        self.county.start(self.name, prefix=["nsenter", "-t", str(self.holder.pid), "-m", "--"], data=self.place)

    def fill(self):
        """Writes until there is no room."""
        with open(self.outside / "filler", "wb", buffering=0) as file:
            size = 1 << 20
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def empty(self):
        (self.outside / "filler").unlink()

    def end(self):
        self.holder.kill()
        self.holder.wait()


def refusal(auditor, asked):
    """Reports a case: OK, or how that was refused. Each is asked for again in the end."""
    asked.append(str(uuid.uuid4()))
    try:
        auditor.operator.ask(auditor.operator.cases.ReportCase, report_request(asked[-1]), timeout=5)
        return "OK", []
    except grpc.RpcError as error:
        if error.code() not in AGAIN:
            raise Broken(f"{error.code().name} {error.details()}") from error
        return error.code().name, reasons(error)
