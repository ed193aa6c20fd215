"""Files that something has happened to, hundreds of times: a bit, a sector, a cut, a page in another's place; in the file, its log and
its index. What a service then does: it refuses to start with one line and leaves the file as it is, or it serves what it served before.
Never anything else, and never less without a word."""
import collections
import json
import random
import shutil
import time
import uuid

import grpc

import messages
from backdoor import Backdoor
from clients import Auditor, draft_request, report_request, determine_request
from clients import call_service_pb2, case_service_pb2, organisation_service_pb2, rebuild_service_pb2, scorecard_service_pb2
from county import SERVICES
from huying.common.v1 import actor_pb2  # noqa: F401
from huying.dispatch.v1 import coordination_service_pb2
from huying.feed.v1 import feed_service_pb2
from huying.grid_registry.v1 import coverage_service_pb2, grid_service_pb2, person_service_pb2
from huying.performance_evaluation.v1 import indicator_pb2
from huying.responsibility_list.v1 import item_service_pb2, list_version_service_pb2

READINGS = {
    "grid-registry": [
        (organisation_service_pb2, "OrganisationService", "ListOrganisations", dict(page_size=500)),
        (person_service_pb2, "PersonService", "ListPersons", dict(page_size=500)),
        (grid_service_pb2, "GridService", "ListGrids", dict(page_size=500)),
        (coverage_service_pb2, "CoverageService", "ListUnits", dict(page_size=500)),
    ],
    "dispute": [(case_service_pb2, "CaseService", "ListCases", dict(page_size=200))],
    "dispatch": [
        (call_service_pb2, "CallService", "ListCalls", dict(page_size=200)),
        (coordination_service_pb2, "CoordinationService", "ListCoordinationTasks", dict(page_size=200)),
    ],
    "responsibility-list": [
        (list_version_service_pb2, "ListVersionService", "ListListVersions", dict(page_size=200)),
        (item_service_pb2, "ItemService", "ListItems", dict(page_size=200)),
    ],
    "performance-evaluation": [
        (scorecard_service_pb2, "ScorecardService", "ListScorecards", dict(page_size=200, subject_class=subject, scope={}))
        for subject in (indicator_pb2.Subject.SUBJECT_CLASS_TOWNSHIP, indicator_pb2.Subject.SUBJECT_CLASS_DEPARTMENT)
    ] + [
        (scorecard_service_pb2, "ScorecardService", "GetHandlingTime", {}),
        (rebuild_service_pb2, "RebuildService", "GetWatermarks", {}),
    ],
}


class Reader:
    """Reads all that a service serves, past the gateway."""

    def __init__(self, county, name):
        self.backdoor, self.name = Backdoor(county), name
        self.package = f"huying.{name.replace('-', '_')}.v1"
        self.channel = grpc.insecure_channel(
            f"127.0.0.1:{county.ports[name]}", options=[("grpc.use_local_subchannel_pool", 1)])
        self.refused = []

    def ask(self, path, request, answer, **actor):
        method = self.channel.unary_unary(path, type(request).SerializeToString, answer.FromString)
        try:
            return method(request, metadata=self.backdoor.signed(path, **actor), timeout=30)
        except grpc.RpcError as error:
            self.refused.append(f"{path.split('/')[-1]}: {error.code().name}")
            return None

    def everything(self):
        """Path and request → answer. What was refused is left out."""
        served = {}

        def read(module, service, method, request):
            path = f"/{self.package}.{service}/{method}"
            answer = self.ask(path, request, getattr(module, method + "Response"), role="COUNTY_ADMIN", person="p", organisation="county-gov")
            if answer is not None:
                served[path, request.SerializeToString()] = answer.SerializeToString(deterministic=True)
            return answer

        for module, service, method, fields in READINGS[self.name]:
            request = getattr(module, method + "Request")(**fields)
            while (answer := read(module, service, method, request)) is not None:
                for case in getattr(answer, "cases", []):
                    read(case_service_pb2, service, "GetCase", case_service_pb2.GetCaseRequest(case_id=case.case_id))
                    read(case_service_pb2, service, "ListTimeline", case_service_pb2.ListTimelineRequest(case_id=case.case_id))
                for call in getattr(answer, "calls", []):
                    read(call_service_pb2, service, "GetCall", call_service_pb2.GetCallRequest(call_id=call.call_id))
                if not getattr(answer, "next_page_token", ""):
                    break
                request = getattr(module, method + "Request")(**fields, page_token=answer.next_page_token)
        after = 0
        path = "/huying.feed.v1.FeedService/PullEvents"
        while True:
            request = feed_service_pb2.PullEventsRequest(after_seq=after, page_size=1000)
            answer = self.ask(path, request, feed_service_pb2.PullEventsResponse)
            if answer is None:
                break
            for event in answer.events:
                served[path, event.seq] = event.SerializeToString(deterministic=True)
            if answer.read_to_seq >= answer.head.seq:
                served[path, "head"] = answer.head.SerializeToString(deterministic=True)
                break
            after = answer.read_to_seq
        return served

    def close(self):
        self.channel.close()


def run(campaign):
    county = campaign.county()
    dice = random.Random(campaign.arguments.seed)
    try:
        bases = prepare(county, dice)
        served = {}
        for state, folder in bases.items():
            for name in SERVICES:
                # Twice: what a term that ends at the start adds is another thing each time.
                for _ in range(2):
                    lay(county, folder, name)
                    code, errors = county.try_to_start(name)
                    if code is not None:
                        campaign.say(False, f"{name}, {state}, undamaged, does not start", errors)
                        return
                    reader = Reader(county, name)
                    time.sleep(1)
                    now = reader.everything()
                    reader.close()
                    county.kill(name)
                    before = served.get((state, name), now)
                    served[state, name] = {key: value for key, value in now.items() if before.get(key) == value}
        outcomes = collections.Counter()
        wrong, silent, impolite, overwritten = [], [], [], []
        for number in range(campaign.arguments.flips):
            state = dice.choice(["stopped", "killed"])
            name = dice.choice(["dispute"] * 3 + ["dispatch", "responsibility-list", "grid-registry", "performance-evaluation"])
            folder = bases[state]
            lay(county, folder, name)
            what = f"{number}: {name}, {state}: {damage(county.data(name), name, state, dice)}"
            before = contents(county.data(name), name)
            code, errors = county.try_to_start(name)
            if code is not None:
                outcomes["refused"] += 1
                if code != 2 or len(errors.strip().split("\n")) != 1:
                    impolite.append(f"{what}: exit {code}: {errors[-300:]}")
                if contents(county.data(name), name) != before:
                    overwritten.append(what)
                continue
            reader = Reader(county, name)
            now = reader.everything()
            refused = reader.refused
            reader.close()
            if not refused:
                county.stop(name)
            else:
                county.kill(name)
            good = served[state, name]
            differ = [key for key, value in now.items() if key in good and value != good[key]]
            missing = [key for key in good if key not in now]
            if differ:
                outcomes["served something else"] += 1
                wrong.append(f"{what}: {differ[0][0].split('/')[-1]} and {len(differ) - 1} more")
            elif missing and not refused:
                outcomes["served less"] += 1
                silent.append(f"{what}: {len(missing)} answers")
            elif refused:
                outcomes["started, refused what it could not read"] += 1
            else:
                outcomes["served the same"] += 1
        figures = ", ".join(f"{what} {count}" for what, count in sorted(outcomes.items()))
        campaign.say(True, f"{campaign.arguments.flips} damages", figures)
        campaign.none("nothing else than before is served", wrong)
        campaign.none("nothing is missing without a word", silent)
        campaign.none("a refusal is exit 2 and one line", impolite)
        campaign.none("what is refused is left as it is", overwritten)
    finally:
        campaign.none("no process ended that nobody ended", county.ended())
        county.end()


def prepare(county, dice):
    """Files of services that were stopped, and files, logs and indexes of services that were killed."""
    county.start()
    county.login()
    path = county.folder / "messages.jsonl"
    messages.write(path, 40, "damage")
    code, _, errors = county.huying("import", "cases", str(path))
    assert code == 0, errors
    auditor = Auditor(county, campaign_told())
    def more(count):
        for _ in range(count):
            id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
            auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(id))
            auditor.leader.insist(auditor.leader.calls.DraftCall, draft_request(id))
            auditor.leader.insist(auditor.leader.determinations.Determine, determine_request(id))
        auditor.until_relayed()
    more(10)
    auditor.close()
    county.stop_all()
    bases = {}
    for state in ("stopped", "killed"):
        if state == "killed":
            county.start()
            auditor = Auditor(county, campaign_told())
            auditor.until_all_are_reached()
            more(15)
            auditor.close()
            for name in list(county.children):
                county.kill(name)
        bases[state] = county.folder / state
        shutil.copytree(county.folder / "data", bases[state])
    return bases


def campaign_told():
    from clients import Told

    return Told()


def lay(county, base, name):
    shutil.rmtree(county.data(name))
    shutil.copytree(base / name, county.data(name))


def contents(folder, name):
    """Bytes of file and log; the index is the engine's own, made anew whenever it likes."""
    return [path.read_bytes() if path.exists() else b"" for path in (folder / f"{name}.sqlite", folder / f"{name}.sqlite-wal")]


def damage(folder, name, state, dice):
    """Does something to the file, or to the log that a killed service has left. What it was."""
    file, log, index = (folder / f"{name}.sqlite{suffix}" for suffix in ("", "-wal", "-shm"))
    target = dice.choice([file, log, log, index]) if state == "killed" else file
    kind = dice.choice(["bit"] * 5 + ["sector", "cut", "swap"])
    if target is index:
        kind = dice.choice(["bit", "gone"])
    if target is log and dice.random() < 0.05:
        kind = "gone"
    bytes = bytearray(target.read_bytes())
    if kind == "bit":
        place = dice.randrange(len(bytes))
        bytes[place] ^= 1 << dice.randrange(8)
        what = f"bit at {place}"
    elif kind == "sector":
        place = dice.randrange(len(bytes) // 512) * 512
        bytes[place:place + 512] = b"\0" * 512
        what = f"512 zeros at {place}"
    elif kind == "cut":
        place = dice.randrange(len(bytes))
        del bytes[place:]
        what = f"cut at {place}"
    elif kind == "swap":
        a, b = (dice.randrange(1, len(bytes) // 4096) * 4096 for _ in range(2))
        bytes[a:a + 4096], bytes[b:b + 4096] = bytes[b:b + 4096], bytes[a:a + 4096]
        what = f"pages at {a} and {b} exchanged"
    else:
        target.unlink()
        return f"{target.name} is gone"
    target.write_bytes(bytes)
    return f"{target.name}, {what}"
