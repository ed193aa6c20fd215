"""SIGTERM to each process under load, with streams open and with connections that never get anywhere: it says so, finishes what is
under way, ends with 0 in time; a client that tries again sees no failure while all are restarted one after the other."""
import json
import signal
import socket
import ssl
import threading
import time
import uuid

import grpc
import h2.config
import h2.connection
import h2.events

import row_kill
from clients import Desk, Writers, journal_service_pb2, report_request
from county import ALL, SERVICES, eventually

LIMIT = 9.0  # eight seconds for calls under way, and the log's folding in


def run(campaign):
    with campaign.at_work() as (county, auditor):
        existing = auditor.count_cases()
        writers = Writers(county, campaign.told, campaign.arguments.seed).start()
        patient = Patient(county, campaign.told)
        try:
            each(campaign, county, auditor, writers)
            rolling(campaign, county, writers, patient)
        finally:
            writers.stop()
            patient.stop()
        row_kill.check(
            campaign, county, auditor, writers, row_kill.Imports(county, 0), existing + len(patient.answers), rebuild=False)
        stalled(campaign, county)
        frozen_behind(campaign, county)
        young(campaign, county)


def each(campaign, county, auditor, writers):
    """Every process once, with streams open through it."""
    codes, times, hanging, unsaid = [], {}, [], []
    for name in ALL:
        writers.until_more(20)
        desk = Desk(county, campaign.told, "COUNTY_ADMIN")
        stream = desk.journals.TailJournal(journal_service_pb2.TailJournalRequest(
            service="grid-registry" if name == "gateway" else name, last_count=1, follow=True), metadata=desk.metadata)
        if name != "performance-evaluation":  # which has no journal of its own, and nothing to say
            next(stream)
        ended = []
        reader = threading.Thread(target=lambda: ended.append(_end(stream)))
        reader.start()
        code, took = county.stop(name)
        if code != 0:
            codes.append(f"{name}: {code}")
        times[name] = took
        reader.join(5)
        if not ended:
            hanging.append(name)
            stream.cancel()
        elif ended[0] not in ("UNAVAILABLE", "OK"):
            hanging.append(f"{name}: {ended[0]}")
        if "\"stopped\"" not in county.log(name)[-3000:]:
            unsaid.append(name)
        desk.close()
        county.start(name)
        auditor.until_all_are_reached()
    campaign.none("SIGTERM under load: exit 0", codes, ", ".join(f"{name} {took:.1f} s" for name, took in times.items()))
    campaign.none("in time", [f"{name}: {took:.1f} s" for name, took in times.items() if took > LIMIT])
    campaign.none("open streams end with a status", hanging)
    campaign.none("the log says that it stopped", unsaid)


def _end(stream):
    try:
        for _ in stream:
            pass
        return "OK"
    except grpc.RpcError as error:
        return error.code().name


class Patient:
    """A stock client with gRPC's own retry policy and nothing else: what it sees is what the application sees."""

    def __init__(self, county, told):
        policy = {"methodConfig": [{"name": [{}], "waitForReady": True, "retryPolicy": {
            "maxAttempts": 5, "initialBackoff": "0.5s", "maxBackoff": "4s", "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE"]}}]}
        self.desk = Desk(county, told, "HOTLINE_OPERATOR", "hotline", [
            ("grpc.enable_retries", 1), ("grpc.service_config", json.dumps(policy))])
        self.answers, self.failures = {}, []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._work)

    def start(self):
        self.thread.start()

    def stop(self):
        self.stopping.set()
        if self.thread.is_alive():
            self.thread.join()

    def _work(self):
        while not self.stopping.is_set():
            request_id = str(uuid.uuid4())
            try:
                self.answers[request_id] = self.desk.ask(self.desk.cases.ReportCase, report_request(request_id), timeout=30)
            except grpc.RpcError as error:
                self.failures.append(f"{error.code().name} {error.details()}")
                # Whether it was taken is settled by asking again, so that the books can be compared.
                self.answers[request_id] = self.desk.insist(self.desk.cases.ReportCase, report_request(request_id))
            time.sleep(0.02)


def rolling(campaign, county, writers, patient):
    """All six, one after the other, each only when the one before serves: an upgrade."""
    patient.start()
    begin = time.monotonic()
    for name in ALL:
        writers.until_more(10)
        county.stop(name)
        county.start(name)
        eventually("the next answer", lambda count=len(patient.answers): len(patient.answers) > count)
    took = time.monotonic() - begin
    patient.stop()
    campaign.none("a rolling restart, seen by a stock client with a retry policy", patient.failures,
                  f"{len(patient.answers)} calls, none failed, {took:.0f} s")
    campaign.none("a rolling restart, seen by writers that ask again", writers.findings)


def stalled(campaign, county):
    """Connections that never get anywhere must not hold the gateway up."""
    address = ("127.0.0.1", county.ports["gateway"])
    context = ssl.create_default_context(cadata=county.authority.decode())
    context.set_alpn_protocols(["h2"])

    def plain():
        return socket.create_connection(address)

    def begun():
        """A ClientHello of which a half has been sent."""
        connection = plain()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        hello = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        try:
            hello.do_handshake()
        except ssl.SSLWantReadError:
            pass
        bytes = outgoing.read()
        connection.sendall(bytes[:len(bytes) // 2])
        return connection

    def silent():
        """TLS, and then nothing."""
        return context.wrap_socket(plain(), server_hostname="localhost")

    def speaking():
        """HTTP/2, and then nothing."""
        connection = silent()
        session = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        session.initiate_connection()
        connection.sendall(session.data_to_send())
        return connection, session

    for what, makers in {
            "a handshake that stalls": [plain, begun, begun], "TLS without a word of HTTP/2": [silent, silent],
            "a head that is never finished": [lambda: _half_a_head(*speaking())],
            "a request that is never finished": [lambda: _half_a_request(county, *speaking())]}.items():
        connections = [make() for make in makers]
        time.sleep(0.5)
        code, took = county.stop("gateway")
        campaign.say(code == 0 and took < LIMIT, f"{what} while the gateway drains", f"exit {code} after {took:.1f} s")
        for connection in connections:
            connection.close()
        county.start("gateway")
    connection, session = speaking()
    time.sleep(0.3)
    county.signal("gateway", signal.SIGTERM)
    seen = []
    connection.settimeout(5)
    try:
        while data := connection.recv(65536):
            seen += [event for event in session.receive_data(data) if isinstance(event, h2.events.ConnectionTerminated)]
            connection.sendall(session.data_to_send())
    except OSError:
        pass
    county.stop("gateway")
    campaign.say(bool(seen) and all(event.error_code == 0 for event in seen), "an idle connection is told with GOAWAY",
                 f"last stream {', '.join(str(event.last_stream_id) for event in seen)}")
    county.start("gateway")


def _half_a_head(connection, session):
    # HEADERS of stream 1 without END_HEADERS, and no CONTINUATION.
    connection.sendall(b"\x00\x00\x04\x01\x00\x00\x00\x00\x01" + b"\x82\x86\x84\x41"[:4])
    return connection


def _half_a_request(county, connection, session):
    session.send_headers(1, [
        (":method", "POST"), (":scheme", "https"), (":path", "/huying.dispute.v1.CaseService/ReportCase"), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"),
        ("authorization", "Bearer " + county.token("HOTLINE_OPERATOR", "hotline"))])
    session.send_data(1, b"\x00\x00\x00\x01\x00half")
    connection.sendall(session.data_to_send())
    return connection


def frozen_behind(campaign, county):
    """The gateway drains while a service that it waits for stands still."""
    desk = Desk(county, campaign.told, "HOTLINE_OPERATOR", "hotline")
    desk.insist(desk.cases.ReportCase, report_request(str(uuid.uuid4())))
    county.signal("dispute", signal.SIGSTOP)
    calls = [desk.cases.ReportCase.future(report_request(str(uuid.uuid4())), metadata=desk.metadata, timeout=60) for _ in range(50)]
    time.sleep(0.5)
    code, took = county.stop("gateway")
    county.signal("dispute", signal.SIGCONT)
    ends = set()
    for call in calls:
        try:
            call.result(timeout=10)
            ends.add("OK")
        except grpc.FutureTimeoutError:
            ends.add("no end")
        except grpc.RpcError as error:
            campaign.told.error(error)
            ends.add(error.code().name)
    campaign.say(code == 0 and took < LIMIT + 1 and ends == {"UNAVAILABLE"}, "the gateway drains while dispute stands still",
                 f"exit {code} after {took:.1f} s, 50 calls end with {', '.join(sorted(ends))}")
    desk.close()
    county.start("gateway")


def young(campaign, county):
    """SIGTERM at any moment of a start, and twice."""
    bad = []
    for name in SERVICES:
        county.stop(name)
        for step in range(6):
            county.launch(name)
            time.sleep(0.03 * step * step)
            if step % 2:
                county.signal(name, signal.SIGTERM)
            code, took = county.stop(name)
            if code not in (0, -signal.SIGTERM) or took > LIMIT:
                bad.append(f"{name} after {30 * step * step} ms: {code} in {took:.1f} s")
    campaign.none("SIGTERM while it starts, once or twice", bad, "30 starts")
