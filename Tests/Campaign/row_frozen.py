"""A process that stands still (SIGSTOP): its connections are open, nothing comes. Calls to it end in time, calls to the others go on at
their speed, the gateway's memory is bounded, and it all goes on when the process does."""
import pathlib
import signal
import threading
import time

import grpc

import row_kill
from clients import Desk, Writers, case_service_pb2, import_service_pb2, organisation_service_pb2, scorecard_service_pb2
from clients import TOWNSHIP, call_service_pb2, determine_request, journey_service_pb2
from county import SERVICES, eventually

DEADLINE = 1.0
ENDS = {"DEADLINE_EXCEEDED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"}


def run(campaign):
    with campaign.at_work() as (county, auditor):
        reads, number = readings(county, campaign, auditor)
        for name in SERVICES:
            freeze(campaign, county, auditor, name, reads, number)
        freeze_gateway(campaign, county, auditor, reads)
        took = auditor.until_relayed()
        campaign.say(True, "everybody has heard everything", f"{took:.1f} s later")
        campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())


def readings(county, campaign, auditor):
    """A call that reads something of each service, and the number of a case that all of them know."""
    imports = row_kill.Imports(county, campaign.arguments.seed)
    imports.go_on()
    imports.end()
    rows = auditor.desk.insist(auditor.desk.imports.LookupImports, import_service_pb2.LookupImportsRequest(
        source=imports.ids[0][0], external_refs=[id for _, id in imports.ids])).imported_cases
    number = next(row.number for row in rows if row.call_id)
    determination = determine_request("")
    determination.dry_run = True
    determination.ClearField("request_id")
    return {
        "grid-registry": (auditor.desk.organisations.ListOrganisations, organisation_service_pb2.ListOrganisationsRequest(page_size=1)),
        "dispute": (auditor.desk.cases.GetCase, case_service_pb2.GetCaseRequest(number=number)),
        "responsibility-list": (auditor.leader.determinations.Determine, determination),
        "dispatch": (auditor.leader.calls.ListCalls, call_service_pb2.ListCallsRequest(page_size=1)),
        "performance-evaluation": (auditor.desk.scores.GetHandlingTime, scorecard_service_pb2.GetHandlingTimeRequest()),
    }, number


def stand_still(county, name):
    county.signal(name, signal.SIGSTOP)
    eventually(f"{name} stands still", lambda: all(
        pathlib.Path(task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
        for task in pathlib.Path(f"/proc/{county.pid(name)}/task").iterdir()), pause=0.01)


def timed(told, desk, method, request, timeout):
    begin = time.monotonic()
    try:
        method(request, metadata=desk.metadata, timeout=timeout)
        code = "OK"
    except grpc.RpcError as error:
        told.error(error)
        code = error.code().name
    return code, time.monotonic() - begin


def p99(times):
    return sorted(times)[max(0, int(len(times) * 0.99) - 1)]


def others(campaign, auditor, reads, name, seconds):
    """How long calls to the others take, one after another; and how any failed."""
    times, failed = [], []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for other, (method, request) in reads.items():
            if other != name:
                code, took = timed(campaign.told, auditor.desk if other != "responsibility-list" and other != "dispatch" else auditor.leader,
                                   method, request, 10)
                times.append(took)
                if code != "OK":
                    failed.append(f"{other}: {code}")
    return times, failed


def freeze(campaign, county, auditor, name, reads, number):
    import row_down  # which works with this row's readings

    before, _ = others(campaign, auditor, reads, name, 2)
    memory = county.resident("gateway")
    desk = Desk(county, campaign.told, "TOWNSHIP_LEADER", TOWNSHIP) if name in ("responsibility-list", "dispatch") else Desk(
        county, campaign.told, "COUNTY_ADMIN")
    method, request = bound(desk, name), reads[name][1]
    stand_still(county, name)
    ends, patient = [], []
    stop = threading.Event()

    def caller():
        while not stop.is_set():
            ends.append(timed(campaign.told, desk, method, request, DEADLINE))

    threads = [threading.Thread(target=caller) for _ in range(8)]
    try:
        for thread in threads:
            thread.start()
        # Callers who set no deadline, more than one connection has streams for.
        patient = [method.future(request, metadata=desk.metadata) for _ in range(300)]
        during, failed = others(campaign, auditor, reads, name, 5)
        journey = auditor.desk.ask(auditor.desk.journeys.GetJourney, journey_service_pb2.GetJourneyRequest(number=number), 5) \
            if name not in ("dispute",) else None
        grown = county.resident("gateway") - memory
        noticed = eventually(f"{name} is said not to serve", lambda: not row_down.is_serving(county, auditor, name), 30)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        county.signal(name, signal.SIGCONT)
    begin = time.monotonic()
    eventually(f"{name} answers again", lambda: timed(campaign.told, desk, method, request, 1)[0] == "OK", 30, pause=0.05)
    again = time.monotonic() - begin
    healthy = eventually(f"{name} is said to serve", lambda: row_down.is_serving(county, auditor, name), 30)
    left = 0
    for call in patient:
        try:
            call.result(timeout=30)
        except grpc.FutureTimeoutError:
            left += 1
        except grpc.RpcError as error:
            campaign.told.error(error)
    codes = sorted({code for code, _ in ends})
    late = max(took for _, took in ends)
    limit = max(3 * p99(before), 0.25)
    campaign.say(set(codes) <= ENDS and late < DEADLINE + 0.5, f"{name} frozen: its calls end in time",
                 f"{len(ends)} calls, {', '.join(codes)}, {late:.2f} s at most of {DEADLINE:.0f} s")
    campaign.say(not failed and p99(during) < limit, f"{name} frozen: calls to the others go on",
                 f"p99 {1000 * p99(before):.0f} → {1000 * p99(during):.0f} ms, {len(during)} calls, {len(failed)} failed {sorted(set(failed))}")
    if journey is not None and name in ("dispatch", "responsibility-list", "grid-registry"):
        campaign.say(journey.partial and list(journey.missing_services) == [name], f"{name} frozen: a journey says who is missing",
                     ", ".join(journey.missing_services))
    campaign.say(grown < 48, f"{name} frozen: the gateway's memory", f"{grown:+.1f} MiB with 300 calls that wait")
    campaign.say(True, f"{name} frozen: a health check at the gateway says so", f"{noticed:.1f} s after the other looks, "
                 f"and that it serves again {healthy:.1f} s after its first answer")
    campaign.say(again < 15 and left == 0, f"{name} goes on", f"answers after {again:.2f} s, behind the 300 that waited; {left} without an end")
    desk.close()


def bound(desk, name):
    return {
        "grid-registry": desk.organisations.ListOrganisations, "dispute": desk.cases.GetCase,
        "responsibility-list": desk.determinations.Determine, "dispatch": desk.calls.ListCalls,
        "performance-evaluation": desk.scores.GetHandlingTime,
    }[name]


def freeze_gateway(campaign, county, auditor, reads):
    """The gateway itself stands still, while people write."""
    writers = Writers(county, campaign.told, campaign.arguments.seed, count=4).start()
    try:
        writers.until_more(20)
        stand_still(county, "gateway")
        ends = [timed(campaign.told, auditor.desk, reads["dispute"][0], reads["dispute"][1], DEADLINE) for _ in range(4)]
        serving = [name for name in SERVICES if not county.serves(name)]
        county.signal("gateway", signal.SIGCONT)
        begin = time.monotonic()
        eventually("the gateway answers again", lambda: timed(
            campaign.told, auditor.desk, reads["dispute"][0], reads["dispute"][1], 1)[0] == "OK", 30, pause=0.05)
        again = time.monotonic() - begin
        writers.until_more(20)
    finally:
        writers.stop()
    campaign.say({code for code, _ in ends} <= ENDS and max(took for _, took in ends) < DEADLINE + 0.5, "gateway frozen: calls end in time",
                 f"{max(took for _, took in ends):.2f} s at most")
    campaign.none("gateway frozen: the services serve", serving)
    campaign.say(again < 5 and not writers.findings, "gateway goes on", f"answers after {again:.2f} s; {writers.findings}")
