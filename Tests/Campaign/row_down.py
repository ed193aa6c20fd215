"""A service that is not there: gone for a while under load, gone and back again and again, its port taken by something else, everything
gone but the gateway. Calls to it say so at once, calls to the others go on, a health check tells who it is, and all is well when it is
back. All the while the admin ports are asked for their numbers."""
import os
import re
import socket
import threading
import time
import urllib.request

import grpc

import row_frozen
import row_kill
from clients import Desk, Writers, journey_service_pb2, reasons
from county import ALL, SERVICES, eventually
from grpc_health.v1 import health_pb2, health_pb2_grpc

AT_ONCE = 2.0  # generous: what refuses has nothing to wait for
SAMPLE = re.compile(r'^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (NaN|[+-]Inf|[-+0-9.eE]+)$')


def run(campaign):
    with campaign.at_work() as (county, auditor):
        existing = auditor.count_cases()
        reads, number = row_frozen.readings(county, campaign, auditor)
        imported = auditor.count_cases() - existing
        scraper = Scraper(county).start()
        writers = Writers(county, campaign.told, campaign.arguments.seed, pause=0.1).start()
        try:
            for name in SERVICES:
                gone(campaign, county, auditor, name, reads, number)
            flapping(campaign, county, auditor, writers, "dispute", reads)
            for name in ("dispute", "grid-registry"):
                somebody_else(campaign, county, auditor, name, reads)
        finally:
            writers.stop()
        alone(campaign, county, auditor, reads)
        scraper.stop()
        campaign.none("the admin ports show their numbers all the while", scraper.findings, f"{scraper.count} times")
        row_kill.check(campaign, county, auditor, writers, row_kill.Imports(county, 0), existing + imported, rebuild=False)


def ask(campaign, desk, name, reads, timeout=5):
    """One call: its code, its reasons, how long it took."""
    method, request = row_frozen.bound(desk, name), reads[name][1]
    begin = time.monotonic()
    try:
        method(request, metadata=desk.metadata, timeout=timeout)
        return "OK", [], time.monotonic() - begin
    except grpc.RpcError as error:
        campaign.told.error(error)
        return error.code().name, reasons(error), time.monotonic() - begin


def at_desk(campaign, county, name):
    role = ("TOWNSHIP_LEADER", row_frozen.TOWNSHIP) if name in ("responsibility-list", "dispatch") else ("COUNTY_ADMIN", "county-gov")
    return Desk(county, campaign.told, *role)


def is_serving(county, auditor, name):
    """What the gateway's health check says of the service behind it."""
    answer = health_pb2_grpc.HealthStub(auditor.desk.channel).Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
    return answer.status == health_pb2.HealthCheckResponse.SERVING


def gone(campaign, county, auditor, name, reads, number):
    desk = at_desk(campaign, county, name)
    before, _ = row_frozen.others(campaign, auditor, reads, name, 1)
    ends, stop = [], threading.Event()

    def caller():
        while not stop.is_set():
            ends.append(ask(campaign, desk, name, reads))
            time.sleep(0.01)

    threads = [threading.Thread(target=caller) for _ in range(8)]
    county.kill(name)
    eventually(f"the gateway has noticed that {name} is gone", lambda: not is_serving(county, auditor, name))
    try:
        for thread in threads:
            thread.start()
        during, failed = row_frozen.others(campaign, auditor, reads, name, 3)
        journey = auditor.desk.ask(auditor.desk.journeys.GetJourney, journey_service_pb2.GetJourneyRequest(number=number), 5) \
            if name in ("grid-registry", "responsibility-list", "dispatch") else None
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    seen = {(code, *why) for code, why, _ in ends}
    late = max(took for _, _, took in ends)
    campaign.say(seen == {("UNAVAILABLE", "SERVICE_UNAVAILABLE")} and late < AT_ONCE, f"{name} gone: its calls say so at once",
                 f"{len(ends)} calls, {', '.join('/'.join(each) for each in sorted(seen))}, {late:.2f} s at most")
    campaign.say(not failed and row_frozen.p99(during) < max(3 * row_frozen.p99(before), 0.5), f"{name} gone: calls to the others go on",
                 f"p99 {1000 * row_frozen.p99(before):.0f} → {1000 * row_frozen.p99(during):.0f} ms, {len(during)} calls, {len(failed)} failed "
                 f"{sorted(set(failed))}")
    if journey is not None:
        campaign.say(journey.partial and list(journey.missing_services) == [name], f"{name} gone: a journey says who is missing",
                     ", ".join(journey.missing_services))
    county.start(name)
    took = eventually(f"{name} answers", lambda: ask(campaign, desk, name, reads)[0] == "OK", pause=0.02)
    healthy = eventually(f"{name} is said to serve", lambda: is_serving(county, auditor, name), pause=0.02)
    campaign.say(took < 5 and healthy < 10, f"{name} is back", f"answers {took:.2f} s after it serves, is said to serve {healthy:.2f} s after that")
    desk.close()


def flapping(campaign, county, auditor, writers, name, reads, times=15):
    """Away and back as fast as it starts."""
    open_before, memory = descriptors(county, "gateway"), county.resident("gateway")
    failed = []
    for _ in range(times):
        county.kill(name)
        failed += row_frozen.others(campaign, auditor, reads, name, 0.3)[1]
        county.start(name)
        failed += row_frozen.others(campaign, auditor, reads, name, 0.3)[1]
    writers.until_more(20)
    auditor.until_all_are_reached()
    eventually("connections are closed again", lambda: descriptors(county, "gateway") <= open_before + 10, 30)
    grown = county.resident("gateway") - memory
    campaign.say(grown < 64, f"{name} comes and goes {times} times: the gateway keeps nothing of it", f"{grown:+.0f} MiB, "
                 f"{descriptors(county, 'gateway') - open_before:+d} descriptors")
    campaign.none(f"{name} comes and goes: calls to the others go on", failed)


def descriptors(county, name):
    return len(os.listdir(f"/proc/{county.pid(name)}/fd"))


def somebody_else(campaign, county, auditor, name, reads):
    """Its port is taken by something that says nothing, hangs up, or speaks another protocol."""
    desk = at_desk(campaign, county, name)
    county.kill(name)
    for what, answer in {
            "says nothing": None, "hangs up": b"", "speaks HTTP/1.1": b"HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\n\r\n/srv/other/secret",
            "sends noise": bytes(range(256)) * 200}.items():
        other = Impostor(county.ports[name], answer)
        time.sleep(0.5)
        ends = [ask(campaign, desk, name, reads, timeout=2) for _ in range(3)]
        _, failed = row_frozen.others(campaign, auditor, reads, name, 1)
        serves = is_serving(county, auditor, name)
        other.close()
        codes = sorted({code for code, _, _ in ends})
        campaign.say(set(codes) <= {"UNAVAILABLE", "DEADLINE_EXCEEDED"} and not failed and not serves and other.count > 0,
                     f"{name}'s port is another's that {what}", f"{', '.join(codes)}, {max(took for _, _, took in ends):.2f} s at most of 2 s; "
                     f"{'said to serve' if serves else 'said not to serve'}; {len(failed)} calls to others failed")
    county.start(name)
    took = eventually(f"{name} answers", lambda: ask(campaign, desk, name, reads)[0] == "OK", pause=0.02)
    campaign.say(took < 20, f"{name} has its port again", f"answers after {took:.2f} s")
    desk.close()


class Impostor:
    """Takes connections, and says something or nothing."""

    def __init__(self, port, answer):
        self.answer, self.count, self.connections = answer, 0, []
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(50)
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            try:
                if self.answer:
                    connection.recv(100)
                    connection.sendall(self.answer)
            except OSError:
                pass
            if self.answer is None:
                self.connections.append(connection)
            else:
                connection.close()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()
        for connection in self.connections:
            connection.close()


def alone(campaign, county, auditor, reads):
    """The gateway with nobody behind it; then it starts first, and the others come in the wrong order."""
    desks = {name: at_desk(campaign, county, name) for name in SERVICES}
    for name in ALL:
        county.stop(name)
    county.start("gateway")
    eventually("the gateway answers", lambda: ask(campaign, desks["dispute"], "dispute", reads)[1] == ["SERVICE_UNAVAILABLE"])
    ends = {name: ask(campaign, desk, name, reads) for name, desk in desks.items()}
    campaign.say({(code, *why) for code, why, _ in ends.values()} == {("UNAVAILABLE", "SERVICE_UNAVAILABLE")}
                 and max(took for _, _, took in ends.values()) < AT_ONCE, "nobody behind the gateway: it says so at once",
                 ", ".join(sorted({code for code, _, _ in ends.values()})))
    for name in reversed(SERVICES):
        county.start(name)
    took = max(eventually(f"{name} answers", lambda: ask(campaign, desk, name, reads)[0] == "OK", pause=0.02) for name, desk in desks.items())
    auditor.until_all_are_reached()
    campaign.say(took < 10, "started in the wrong order, all are reached", f"after {took:.2f} s at most")
    for desk in desks.values():
        desk.close()


class Scraper:
    """Asks the admin ports of whoever runs for their numbers, and looks whether they are any."""

    def __init__(self, county):
        self.county, self.findings, self.count = county, [], 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._work)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self.thread.join()

    def _work(self):
        while not self.stopping.wait(0.3):
            for name in ALL:
                child = self.county.children.get(name)
                if child is None or not self.county.serves(name):
                    continue
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{self.county.admin_ports[name]}/metrics", timeout=5) as answer:
                        lines = answer.read().decode().split("\n")
                except OSError as error:
                    if self.county.children.get(name) is child and child.poll() is None and self.county.serves(name):
                        self.findings.append(f"{name}: {error}")
                    continue
                self.count += 1
                self.findings += [f"{name}: {line}" for line in lines if line and not line.startswith("#") and not SAMPLE.match(line)][:1]
                names = [line.split(" ")[0] for line in lines if line and not line.startswith("#")]
                if len(set(names)) < len(names):
                    self.findings.append(f"{name}: a number is there twice")
