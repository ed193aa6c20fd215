"""A machine that is not well: a disk that takes long for each sync, one that fails to sync or to write, more connections than
descriptors, a clock that is set back and forth. Nothing that was acknowledged is gone, and it goes on by itself or ends with a code that has
it started anew."""
import errno
import os
import socket
import time
import uuid

import row_frozen
import row_kill
from clients import Desk, Writers, case_service_pb2, report_request
from county import ALL, Broken, eventually
from faults import CLOCK, SLOW, SYNC, WRITE, Faults

LIMIT = 320  # descriptors


def run(campaign):
    faults = {}

    def start(county):
        for name in ALL:
            faults[name] = Faults(county.folder, name)
        start_again(county, faults, *ALL)

    with campaign.at_work(start) as (county, auditor):
        existing = auditor.count_cases()
        first = auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(str(uuid.uuid4())))
        read = case_service_pb2.GetCaseRequest(case_id=first.case_record.case_id)
        writers = Writers(county, campaign.told, campaign.arguments.seed, pause=0.02).start()
        try:
            slow(campaign, county, auditor, writers, faults, read)
            for what in (SYNC, WRITE):
                broken(campaign, county, auditor, writers, faults, what)
            descriptors(campaign, county, auditor, writers, read, faults)
            clock(campaign, county, auditor, writers, faults)
        finally:
            for each in faults.values():
                each.clear()
            revive(county, faults)
            writers.stop()
        row_kill.check(campaign, county, auditor, writers, row_kill.Imports(county, 0), existing + 1, rebuild=False)


def start_again(county, faults, *names):
    """With what is preloaded."""
    for name in names:
        county.launch(name, prefix=faults[name].prefix)
    for name in names:
        county.wait_until_serving(name)


def revive(county, faults):
    """Starts again what has ended, so that writers that ask again are answered; it is a finding in the end."""
    county.ended()
    gone = [name for name in ALL if county.children[name].poll() is not None]
    start_again(county, faults, *gone)


def read_for(campaign, auditor, read, seconds):
    times, failed = [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        code, took = row_frozen.timed(campaign.told, auditor.operator, auditor.operator.cases.GetCase, read, 5)
        times.append(took)
        if code != "OK":
            failed.append(code)
    return times, failed


def slow(campaign, county, auditor, writers, faults, read):
    """Syncs of dispute take 0.4 s, then once 6 s; it is stopped while they do."""
    before, _ = read_for(campaign, auditor, read, 2)
    faults["dispute"][SLOW] = 400
    count = writers.acknowledged
    during, failed = read_for(campaign, auditor, read, 6)
    count = writers.acknowledged - count
    campaign.say(not failed and row_frozen.p99(during) < max(3 * row_frozen.p99(before), 0.25) and count > 0, "a slow disk: reads do not wait",
                 f"p99 {1000 * row_frozen.p99(before):.0f} → {1000 * row_frozen.p99(during):.0f} ms, {count} writes meanwhile; {sorted(set(failed))}")
    faults["dispute"][SLOW] = 6000
    time.sleep(1)
    during, failed = read_for(campaign, auditor, read, 5)
    serves = county.serves("dispute")
    faults["dispute"][SLOW] = 0
    campaign.say(not failed and serves, "a disk that stands still for seconds: reads and health go on",
                 f"p99 {1000 * row_frozen.p99(during):.0f} ms; {sorted(set(failed))}")
    writers.until_more(20)
    faults["dispute"][SLOW] = 400
    code, took = county.stop("dispute")
    faults["dispute"][SLOW] = 0
    campaign.say(code == 0 and took < 12, "a slow disk: SIGTERM ends it", f"exit {code} after {took:.1f} s")
    start_again(county, faults, "dispute")
    writers.until_more(20)


def broken(campaign, county, auditor, writers, faults, which):
    """Syncs or writes of one service fail: nobody is told that it was done."""
    what = "sync" if which == SYNC else "write"
    said = []
    for name in ("dispute", "dispatch", "gateway", "performance-evaluation"):
        writers.until_more(10)
        faults[name][which] = errno.EIO
        time.sleep(3)
        child = county.children[name]
        faults[name][which] = 0
        code = child.poll()
        if code is not None:
            county.told_to_end.add(child.pid)
            start_again(county, faults, name)
        said.append(f"{name}: {'went on' if code is None else f'exit {code}'}")
        if code not in (None, 1):
            campaign.say(False, f"a disk that fails to {what}: {name}", f"exit {code}: {county.log(name)[-300:]}")
        auditor.until_all_are_reached()
        writers.until_more(20)
    campaign.none(f"a disk that fails to {what}: what was acknowledged is so, and it goes on afterwards", writers.findings, ", ".join(said))


def clock(campaign, county, auditor, writers, faults):
    """The clock of the machine is set back an hour, on, and right again: for all, while people write."""
    # The processes hear of it one after another, and a call may be under way: what the one has signed has run out for the other.
    writers.passing = {"ACTOR_INVALID"}
    for seconds in (-60, -3600, 3600, -86400, 0):
        for each in faults.values():
            each[CLOCK] = seconds
        try:
            writers.until_more(40, within=30)
            campaign.none(f"the clock is set to {seconds:+} s: people write", writers.findings)
        except Broken as error:
            campaign.say(False, f"the clock is set to {seconds:+} s: people write", f"{error} {writers.findings[:2]}")
    writers.passing = set()


def descriptors(campaign, county, auditor, writers, read, faults):
    """More connections than a gateway with few descriptors can have, from many addresses; whoever is connected goes on, and it has some left."""
    county.stop("gateway")
    county.launch("gateway", prefix=[*faults["gateway"].prefix, "prlimit", f"--nofile={LIMIT}:{LIMIT}"])
    county.wait_until_serving("gateway")
    auditor.until_all_are_reached()
    # Each has a connection of its own again.
    auditor.operator.insist(auditor.operator.cases.GetCase, read)
    writers.until_more(20)
    flood = []
    for number in range(2 * LIMIT):
        connection = socket.socket()
        connection.bind((f"127.0.{number % 50 + 1}.1", 0))
        connection.connect(("127.0.0.1", county.ports["gateway"]))
        flood.append(connection)
    time.sleep(1)
    _, failed = read_for(campaign, auditor, read, 3)
    held = len(os.listdir(f"/proc/{county.pid('gateway')}/fd"))
    for connection in flood:
        connection.close()
    desk = Desk(county, campaign.told, "HOTLINE_OPERATOR", "hotline")
    took = eventually("somebody new is let in", lambda: desk.ask(desk.cases.GetCase, read, 5), pause=0.05)
    desk.close()
    campaign.say(not failed and held < LIMIT - 20 and took < 15, "more connections than descriptors: who is connected goes on, some are left",
                 f"{sorted(set(failed))}; {held} of {LIMIT}; somebody new after {took:.2f} s")
    writers.until_more(20)
    county.stop("gateway")
    start_again(county, faults, "gateway")
