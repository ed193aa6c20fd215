"""Four times what the system can do. Capacity is measured first, by callers who wait for their answers; then calls come when they are
due, whether they are answered or not. The load is `huying bench`; stock clients look on."""
import json
import os
import re
import threading
import time
import urllib.request
import uuid

import grpc
from google.protobuf import json_format
from grpc_health.v1 import health_pb2, health_pb2_grpc

from clients import Desk, case_service_pb2, reasons, report_request, retry_hint
from county import Broken, eventually

# More calls under way than the gateway runs and lets wait; 64 connections are the most that it takes of one address.
CONNECTIONS, CALLS = 50, 5000


def run(campaign):
    # Load comes from other machines: here, from the first half of the processors; the processes have the other half.
    count = os.cpu_count()
    before = ["taskset", "-c", f"{count // 2}-{count - 1}"] if count > 1 else []
    with campaign.at_work(before=before) as (county, auditor):
        first = auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(str(uuid.uuid4())))
        seconds = max(5, campaign.arguments.overload // 2)
        overload(campaign, county, auditor, "reads", "GetCase", [{"caseId": first.case_record.case_id}], seconds)
        reported = auditor.count_cases()
        # Each its own request_id: one that was asked before is answered from memory, and is no work.
        answered, asked = overload(campaign, county, auditor, "writes", "ReportCase", None, seconds)
        more = auditor.count_cases() - reported
        campaign.say(answered <= more <= asked, "every write that was acknowledged is there, none twice",
                     f"{answered} acknowledged, {more} there, {asked} asked for")
        took = auditor.until_relayed(600)
        campaign.say(True, "everybody has heard everything", f"{took:.0f} s later")
        campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())


def bench(county, method, file, *words):
    """What `huying bench` says of a load."""
    process = county.begin_huying(
        "bench", f"huying.dispute.v1.CaseService/{method}", "-t", county.target, "--ca", county.secret("county-ca.pem"),
        "-H", "authorization: Bearer " + county.token("HOTLINE_OPERATOR", "hotline"), "-d", f"@{file}", "-o", "json", "--yes", *words)
    os.sched_setaffinity(process.pid, range(max(1, os.cpu_count() // 2)))
    output, errors = process.communicate()
    if not output:
        raise Broken(f"bench ended with {process.returncode}: {errors.decode(errors='replace')[-300:]}")
    return json.loads(output)


def percentile(values, percent):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else 0.0


def overload(campaign, county, auditor, what, method, requests, seconds):
    def file(name, count):
        path = county.folder / f"{what}-{name}.ndjson"
        with open(path, "w") as lines:
            for request in requests or (json_format.MessageToDict(report_request(str(uuid.uuid4()))) for _ in range(count)):
                print(json.dumps(request, ensure_ascii=False), file=lines)
        return path

    usual = bench(county, method, file("usual", 30_000), "-c", "64", "--connections", "8", "--warmup", "3s", "--duration", "8s")
    capacity = usual["succeeded"] / usual["durationSeconds"]
    memory = {name: county.resident(name) for name in ("gateway", "dispute")}
    calls = file("load", int(4 * capacity * (seconds + 2)))
    before = Refusals(county)
    watcher = Watcher(county, campaign.told, requests[0] if requests else None)
    load = bench(county, method, calls, "--rate", f"{4 * capacity:.0f}", "-c", str(CALLS), "--connections", str(CONNECTIONS), "--warmup", "1s",
                 "--duration", f"{seconds}s", "--max-time", "5")
    recovered = eventually("a call is as fast as before", watcher.is_quick, 60, pause=0.02)
    watcher.stop()
    grown = {name: county.resident(name) - before for name, before in memory.items()}
    statuses = dict(load["statuses"])
    good = statuses.pop("OK", 0)
    refused = statuses.pop("RESOURCE_EXHAUSTED", 0)
    goodput = good / load["durationSeconds"]
    inside = Refusals(county).since(before)  # what the gateway itself says of its refusals
    soon = sum(count for bound, count in inside.items() if bound <= 0.005)
    many = sum(inside.values())
    campaign.say(goodput >= 0.8 * capacity, f"{what}: goodput at four times the capacity",
                 f"{goodput:.0f}/s of {capacity:.0f}/s ({100 * goodput / capacity:.0f} %); {load['achievedRate']:.0f}/s ended, "
                 f"{refused} refused, {load['notStarted']} never begun by the generator")
    campaign.say(many > 0 and soon >= 0.99 * many, f"{what}: refusals are fast",
                 f"{100 * soon / max(1, many):.2f} % of {many} within 5 ms at the gateway; by seconds: "
                 + ", ".join(f"{bound:g}: {count}" for bound, count in inside.items() if count))
    hints = watcher.hints
    campaign.say(all(hint for hint in hints), f"{what}: a refusal says when to come again",
                 f"{len(hints)} seen by a stock client, {min(hints or [0]) or 0:.2f} to {max(hints or [0]) or 0:.2f} s")
    campaign.none(f"{what}: nothing but answers and refusals", [f"{code} {count}" for code, count in statuses.items()])
    campaign.say(not watcher.failed, f"{what}: health checks answer all the while",
                 f"{len(watcher.times)} checks, p99 {1000 * percentile(watcher.times, 99):.0f} ms; failed: {watcher.failed}")
    campaign.say(max(grown.values()) < 256, f"{what}: memory",
                 ", ".join(f"{name} {memory[name]:.0f} {mib:+.0f} MiB" for name, mib in grown.items()))
    campaign.say(recovered <= 2, f"{what}: recovery", f"{recovered:.2f} s")
    # What the generator no longer waited for may be in as well.
    asked = sum(each["calls"] + each["cutOff"] + 60_000 for each in (usual, load))
    return good, asked


class Refusals:
    """How long the gateway has taken to say RESOURCE_EXHAUSTED: calls by the upper bound of their time, of its own metrics."""
    BUCKET = re.compile(r'^rpc_server_call_duration_seconds_bucket\{(?=[^}]*rpc_grpc_status_code="8")[^}]*le="([^"]+)"\} (\S+)', re.M)

    def __init__(self, county):
        self.totals = {}
        with urllib.request.urlopen(f"http://127.0.0.1:{county.admin_ports['gateway']}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        for bound, count in self.BUCKET.findall(text):
            self.totals[float(bound)] = self.totals.get(float(bound), 0) + int(float(count))

    def since(self, before):
        counts, last = {}, 0
        for bound, total in sorted(self.totals.items()):
            total -= before.totals.get(bound, 0)
            counts[bound], last = total - last, total
        return counts


class Watcher:
    """Stock clients that look on: health five times a second on a connection of its own, and a call like those of the load."""

    def __init__(self, county, told, request):
        self.desk = Desk(county, told, "HOTLINE_OPERATOR", "hotline")
        self.request = request
        self.channel = grpc.secure_channel(
            county.target, grpc.ssl_channel_credentials(county.authority), options=[("grpc.use_local_subchannel_pool", 1)])
        self.times, self.failed, self.hints = [], [], []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=each) for each in (self._health, self._call)]
        for thread in self.threads:
            thread.start()

    def _health(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        while not self.stopping.wait(0.2):
            begin = time.monotonic()
            try:
                stub.Check(health_pb2.HealthCheckRequest(), timeout=3, wait_for_ready=True)
                self.times.append(time.monotonic() - begin)
            except grpc.RpcError as error:
                self.failed.append(error.code().name)

    def _one(self):
        if self.request is None:
            return self.desk.ask(self.desk.cases.ReportCase, report_request(str(uuid.uuid4())), timeout=5)
        return self.desk.ask(self.desk.cases.GetCase, case_service_pb2.GetCaseRequest(case_id=self.request["caseId"]), timeout=5)

    def _call(self):
        while not self.stopping.wait(0.05):
            try:
                self._one()
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
                    self.hints.append(retry_hint(error))
                    if not reasons(error) and not error.details():
                        self.failed.append("a refusal without words")

    def is_quick(self):
        begin = time.monotonic()
        try:
            self._one()
        except grpc.RpcError:
            return False
        return time.monotonic() - begin < 0.1

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        self.channel.close()
        self.desk.close()
