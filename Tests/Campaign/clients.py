"""Stock grpcio clients of the gateway: people at desks, writers that never give up, and every word that an error has told them."""
import collections
import random
import threading
import time
import uuid

import grpc

from huying.common.v1 import actor_pb2  # noqa: F401  (loads the contracts' package)
from google.rpc import error_details_pb2, status_pb2
from huying.dispatch.v1 import call_pb2, call_service_pb2, call_service_pb2_grpc
from huying.dispute.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc, import_service_pb2, import_service_pb2_grpc
from huying.gateway.v1 import journal_service_pb2, journal_service_pb2_grpc, relay_service_pb2, relay_service_pb2_grpc
from huying.gateway.v1 import journey_service_pb2, journey_service_pb2_grpc, session_service_pb2, session_service_pb2_grpc
from huying.grid_registry.v1 import organisation_service_pb2, organisation_service_pb2_grpc
from huying.performance_evaluation.v1 import rebuild_service_pb2, rebuild_service_pb2_grpc
from huying.performance_evaluation.v1 import scorecard_service_pb2, scorecard_service_pb2_grpc
from huying.responsibility_list.v1 import determination_service_pb2, determination_service_pb2_grpc

from backdoor import Backdoor
from county import eventually

TOWNSHIP_CODE = "379922001000"
TOWNSHIP = f"town-{TOWNSHIP_CODE}"
AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED}


class Told:
    """All that errors have said to clients, in every row: (code, text) → how often."""

    def __init__(self):
        self.lock = threading.Lock()
        self.texts = collections.Counter()

    def add(self, code, text):
        with self.lock:
            self.texts[code, text] += 1

    def error(self, error):
        """Everything that an RpcError shows: its message, its details decoded, every other piece of metadata as it came."""
        code = error.code().name
        self.add(code, error.details() or "")
        for part in list(error.initial_metadata() or ()) + list(error.trailing_metadata() or ()):
            key, value = part
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                self.add(code, status.message)
                for detail in status.details:
                    for kind in (
                            error_details_pb2.ErrorInfo, error_details_pb2.LocalizedMessage, error_details_pb2.BadRequest,
                            error_details_pb2.PreconditionFailure, error_details_pb2.RetryInfo, error_details_pb2.DebugInfo):
                        message = kind()
                        if detail.Unpack(message):
                            self.add(code, f"{kind.DESCRIPTOR.name}: {_words(message)}")
                            break
                    else:
                        self.add(code, f"{detail.type_url} {detail.value!r}")
            else:
                self.add(code, f"{key}: {value if isinstance(value, str) else value!r}")


def _words(message):
    """The texts of a message, one after another."""
    from google.protobuf import json_format

    return json_format.MessageToJson(message, indent=None, ensure_ascii=False)


def reasons(error):
    """The machine-readable reasons of an error."""
    found = []
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                information = error_details_pb2.ErrorInfo()
                if detail.Unpack(information):
                    found.append(information.reason)
    return found


def retry_hint(error):
    """After how many seconds the server would have the call again; None: it does not say."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-retry-pushback-ms":
            return int(value) / 1000
    return None


class Desk:
    """Somebody who is logged in, on a connection of their own."""

    def __init__(self, county, told, role, organisation="county-gov", options=()):
        self.told = told
        self.metadata = [("authorization", "Bearer " + county.token(role, organisation))]
        credentials = grpc.ssl_channel_credentials(root_certificates=county.authority)
        usual = {
            "grpc.initial_reconnect_backoff_ms": 100, "grpc.min_reconnect_backoff_ms": 5000, "grpc.max_reconnect_backoff_ms": 500,
            "grpc.use_local_subchannel_pool": 1, "grpc.enable_retries": 0,
        }
        self.channel = grpc.secure_channel(county.target, credentials, options=list((usual | dict(options)).items()))
        self.cases = case_service_pb2_grpc.CaseServiceStub(self.channel)
        self.imports = import_service_pb2_grpc.ImportServiceStub(self.channel)
        self.calls = call_service_pb2_grpc.CallServiceStub(self.channel)
        self.determinations = determination_service_pb2_grpc.DeterminationServiceStub(self.channel)
        self.organisations = organisation_service_pb2_grpc.OrganisationServiceStub(self.channel)
        self.journals = journal_service_pb2_grpc.JournalServiceStub(self.channel)
        self.journeys = journey_service_pb2_grpc.JourneyServiceStub(self.channel)
        self.relay = relay_service_pb2_grpc.RelayServiceStub(self.channel)
        self.scores = scorecard_service_pb2_grpc.ScorecardServiceStub(self.channel)
        self.rebuild = rebuild_service_pb2_grpc.RebuildServiceStub(self.channel)
        self.session = session_service_pb2_grpc.SessionServiceStub(self.channel)

    def ask(self, method, request, timeout=20):
        """One call; what an error says is kept."""
        try:
            return method(request, metadata=self.metadata, timeout=timeout)
        except grpc.RpcError as error:
            self.told.error(error)
            raise

    def insist(self, method, request, timeout=20, within=120, between=0.05):
        """The same request until it is answered. A refusal for good is raised."""
        deadline = time.monotonic() + within
        while True:
            try:
                return self.ask(method, request, timeout)
            except grpc.RpcError as error:
                if error.code() not in AGAIN or time.monotonic() > deadline:
                    raise
                time.sleep(retry_hint(error) or between)

    def close(self):
        self.channel.close()


def report_request(request_id):
    return case_service_pb2.ReportCaseRequest(
        request_id=request_id, kind=case_pb2.Case.KIND_MATTER, discovery=case_pb2.Case.DISCOVERY_HOTLINE,
        township_org_id=TOWNSHIP, title="路灯不亮", narrative=f"第 {request_id} 次来电")


def draft_request(request_id):
    return call_service_pb2.DraftCallRequest(request_id=request_id, draft=call_service_pb2.CallDraft(
        kind=call_pb2.Call.KIND_REASONED, channel=call_pb2.Call.CHANNEL_ONLINE, ground=call_pb2.Call.GROUND_NO_AUTHORITY,
        township_org_id=TOWNSHIP, narrative=f"河道内有违法建筑 {request_id}"))


def determine_request(request_id):
    return determination_service_pb2.DetermineRequest(request_id=request_id, question=determination_service_pb2.Question(
        text=f"有人往河里偷排污水 {request_id}", township_code=TOWNSHIP_CODE))


class Writers:
    """People who write through the gateway without a pause; each repeats a request until it is answered, and now and then afterwards."""

    def __init__(self, county, told, seed, count=8, pause=0.0):
        self.lock = threading.Lock()
        self.reports, self.drafts, self.determinations = {}, {}, {}
        self.attempts = 0
        self.findings = []
        self.stopping = threading.Event()
        self.pause = pause
        self.passing = set()  # reasons of a refusal that will not last
        self.threads = []
        for index in range(count):
            kind = ("report", "draft", "report", "determine")[index % 4]
            role, organisation = ("HOTLINE_OPERATOR", "hotline") if kind == "report" else ("TOWNSHIP_LEADER", TOWNSHIP)
            desk = Desk(county, told, role, organisation)
            self.threads.append(threading.Thread(target=self._write, args=(desk, kind, random.Random(f"{seed}/{index}"))))

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    @property
    def acknowledged(self):
        return len(self.reports) + len(self.drafts) + len(self.determinations)

    def until_more(self, more, within=60):
        goal = self.acknowledged + more
        eventually(f"{more} more writes are acknowledged", lambda: self.acknowledged >= goal or self.findings, within)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _write(self, desk, kind, random):
        make, method, store = {
            "report": (report_request, desk.cases.ReportCase, self.reports),
            "draft": (draft_request, desk.calls.DraftCall, self.drafts),
            "determine": (determine_request, desk.determinations.Determine, self.determinations),
        }[kind]
        try:
            while not self.stopping.is_set():
                request_id = str(uuid.UUID(int=random.getrandbits(128), version=4))
                request = make(request_id)
                answer = self._insist(desk, method, request, random)
                store[request_id] = answer
                if kind != "determine" and random.random() < 0.1:
                    again = self._insist(desk, method, request, random)
                    if again != answer:
                        self.findings.append(f"{kind} {request_id} was answered differently the second time")
                if self.pause:
                    self.stopping.wait(self.pause * random.random() * 2)
        except grpc.RpcError as error:
            self.findings.append(f"{kind}: {error.code().name} {reasons(error)} {error.details()}")
        finally:
            desk.close()

    def _insist(self, desk, method, request, random):
        while True:
            with self.lock:
                self.attempts += 1
            try:
                return desk.ask(method, request, timeout=5)
            except grpc.RpcError as error:
                if error.code() not in AGAIN and not self.passing & set(reasons(error)):
                    raise
                time.sleep(0.05 + 0.1 * random.random())


class Auditor:
    """Asks the running county whether all of it agrees."""

    def __init__(self, county, told):
        self.county = county
        self.desk = Desk(county, told, "COUNTY_ADMIN")
        self.operator = Desk(county, told, "HOTLINE_OPERATOR", "hotline")
        self.leader = Desk(county, told, "TOWNSHIP_LEADER", TOWNSHIP)

    def close(self):
        for desk in (self.desk, self.operator, self.leader):
            desk.close()

    def until_all_are_reached(self, within=60):
        """Until the gateway has a connection to every service again."""
        def reached():
            answer = self.desk.ask(self.desk.journals.VerifyJournals, journal_service_pb2.VerifyJournalsRequest(), 30)
            return not any(v.unreachable for v in answer.verifications)
        return eventually("the gateway reaches every service", reached, within)

    def until_relayed(self, within=120):
        """Until every target has heard all that its sources have written; the targets themselves are asked."""
        return Backdoor(self.county).until_relayed(within)

    def broken_chains(self):
        answer = self.desk.insist(self.desk.journals.VerifyJournals, journal_service_pb2.VerifyJournalsRequest(), 60)
        return [f"{v.service}: {'unreachable' if v.unreachable else f'seq {v.first_broken_seq}'}" for v in answer.verifications
                if v.first_broken_seq or v.unreachable], sum(v.verified_count for v in answer.verifications)

    def parked(self):
        return self.desk.insist(self.desk.relay.ListParkedMessages, relay_service_pb2.ListParkedMessagesRequest()).messages

    def count_cases(self):
        return self.desk.insist(self.desk.cases.CountCases, case_service_pb2.CountCasesRequest(
            group_by=case_service_pb2.CountCasesRequest.GROUP_BY_STATE)).total_count

    def count_drafts(self):
        request = call_service_pb2.ListCallsRequest(page_size=200)
        ids = []
        while True:
            answer = self.leader.insist(self.leader.calls.ListCalls, request)
            ids += [call.call_id for call in answer.calls if call.state == call_pb2.Call.STATE_DRAFT]
            if not answer.next_page_token:
                return ids
            request.page_token = answer.next_page_token

    def unsound(self):
        """What does not agree, a line each."""
        lines = []
        broken, count = self.broken_chains()
        lines += [f"the chain of {line} does not hold" for line in broken]
        lines += [f"parked at {m.target}: {m.reason} {m.explanation}" for m in self.parked()]
        # Another connection may be another event loop of the gateway, which reaches for a service that was away by itself.
        for _ in range(10):
            code, output, errors = self.county.huying("journal", "verify")
            if "does not answer" not in output:
                break
            time.sleep(0.2)
        if code != 0:
            lines.append(f"journal verify ended with {code}: {(output + errors)[-1500:]}")
        rebuilt = self.desk.insist(self.desk.rebuild.Rebuild, rebuild_service_pb2.RebuildRequest(request_id=str(uuid.uuid4())), 120)
        if rebuilt.checksum_before != rebuilt.checksum_after:
            lines.append("the scorecards are not what their facts say")
        return lines
