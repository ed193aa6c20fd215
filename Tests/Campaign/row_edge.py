"""What errors say to whoever calls: every method asked with nothing, with noise, with hostile words; without a right to it; while its
service is away. All that they have said, here and in the rows before, is looked through for what is nobody's business."""
import collections
import random
import re
import signal
import ssl
import socket

import grpc
from google.protobuf import text_format

import messages
from clients import TOWNSHIP, Desk, reasons, relay_service_pb2
from county import SERVICES
from hostile import WORDS, Requests, every_method

SECRETS = {
    "a path": re.compile(r"(?<![\w.:/])/(?!huying\.|grpc\.)[\w.-]+/[\w./-]+|\.sqlite|\.key\b|\.swift\b|\.pem\b"),
    "SQL": re.compile(
        r"\bSELECT\b|\bINSERT\b|\bUPDATE\b.*\bSET\b|\bDELETE FROM\b|\bWHERE\b|\bSAVEPOINT\b|SQLITE|sqlite|UNIQUE constraint|no such (table|column)"),
    "a stack trace": re.compile(r"Fatal error|Stack dump|#\d+ 0x|\b0x[0-9a-f]{8,}|\bat \S+:\d+|Thread \d+ crashed|Traceback"),
    "a type of the program": re.compile(
        r"Optional\(|\bSwift\.|\bNIO\w+|Unsafe\w*Pointer|StorageError|DecodingError|CancellationError|Error Domain=|\berrno\b|nghttp2|BoringSSL"
        r"|\w+\.\w+Error\b|NSError|CocoaError"),
    "a secret": re.compile(r"hy[ik]_[0-9a-zA-Z]{8,}|Bearer \S{8,}|-----BEGIN"),
}
# What a reply must not say of a request that is well formed.
INSIDE = {"INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED", "DATA_LOSS"}
ROLES = """GRID_MEMBER GRID_LEAD MEDIATOR LEVEL_CLERK LEVEL_LEADER TOWNSHIP_LEADER TOWNSHIP_PARTY_COMMITTEE GRID_CENTRE AGENCY_STAFF AGENCY_HEAD
    DEPT_CLERK DEPT_LEADER CALL_OFFICE HOTLINE_OPERATOR BIANBAN COUNTY_LEADERSHIP LEGAL_OFFICE PERSONNEL_OFFICE APPROVAL_BUREAU
    ASSESSMENT_OFFICE APPEAL_PANEL SUPERVISION DPO AUDITOR COUNTY_ADMIN COUNTY_IT INTEGRATION""".split()
OF_A_TOWNSHIP = ROLES[:8]


def run(campaign):
    with campaign.at_work() as (county, auditor):
        methods = list(every_method())
        dice = random.Random(campaign.arguments.seed)
        requests = Requests(dice)
        provoke(campaign, county, methods, requests, dice)
        nearly_right(campaign, county, auditor, methods, requests, dice)
        strangers(campaign, county, methods)
        for name in SERVICES:
            without(campaign, county, name, methods)
        oddities(campaign, county)
        auditor.until_all_are_reached()
        campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())
    found = []
    for (code, text), count in sorted(campaign.told.texts.items()):
        for what, pattern in SECRETS.items():
            # What the caller has said itself may come back.
            rest = text
            for own in WORDS:
                rest = rest.replace(own, "")
            if match := pattern.search(rest):
                found.append(f"{what} ({match[0]!r}) in {code}: {text[:200]}")
    campaign.none("no reply shows a path, SQL, a stack trace, a type or a secret", found,
                  f"{len(campaign.told.texts)} different texts in {sum(campaign.told.texts.values())} replies")


def ask(campaign, desk, method, bytes, timeout=10, metadata=None):
    """One call with these bytes: its code, and the answer's bytes if it is one. NOT_HEARD: what it names may be on its way."""
    metadata = desk.metadata if metadata is None else metadata
    kind = ("stream" if method.client_streaming else "unary") + "_" + ("stream" if method.server_streaming else "unary")
    call = getattr(desk.channel, kind)(method.path, lambda value: value, lambda value: value)
    try:
        answer = call(iter([bytes]) if method.client_streaming else bytes, metadata=metadata, timeout=0.5 if method.server_streaming else timeout)
        if not method.server_streaming:
            return "OK", answer
        for _ in answer:
            break
        answer.cancel()
        return "OK", None
    except grpc.RpcError as error:
        campaign.told.error(error)
        return "NOT_HEARD" if any(reason.endswith("_NOT_HEARD") for reason in reasons(error)) else error.code().name, None


def provoke(campaign, county, methods, requests, dice):
    """Every method with an empty request, hostile ones and noise, as people of several roles."""
    failed = set()
    desks = [Desk(county, campaign.told, role, organisation) for role, organisation in (
        ("COUNTY_ADMIN", "county-gov"), ("LEVEL_CLERK", TOWNSHIP), ("GRID_MEMBER", "../x"))]
    counts = collections.Counter()
    for method in methods:
        for desk in desks:
            for lawful, bytes in [(True, b"")] + [(True, requests.make(method.request, 0).SerializeToString()) for _ in range(3)] + [
                    (False, dice.randbytes(30)), (False, b"\x0a\xff\xff\xff\xff\x0f"), (False, b"\x0a\x03\xff\xfe\xfd")]:
                code = ask(campaign, desk, method, bytes)[0]
                counts[code] += 1
                if lawful and code in INSIDE and not method.server_streaming:
                    failed.add(f"{method.path}: {code}")
                    revive(county)
    for desk in desks:
        desk.close()
    campaign.say(True, f"{len(methods)} methods, empty, hostile and noisy requests", figures(counts))
    campaign.none("a well-formed request does not fail inside", sorted(failed))


def nearly_right(campaign, county, auditor, methods, requests, dice):
    """Every method by people who may ask it, with what exists, and a value or two that nobody expects. Some of it is done, then."""
    path = county.folder / "messages.jsonl"
    messages.write(path, 30, "edge")
    county.huying("import", "cases", str(path))
    desks = {role: Desk(county, campaign.told, role, TOWNSHIP if role in OF_A_TOWNSHIP else "county-gov") for role in ROLES}
    allowed, failed, counts, ending = {}, set(), collections.Counter(), set()
    for method in methods:
        allowed[method] = [desk for desk in desks.values() if ask(campaign, desk, method, b"")[0] != "PERMISSION_DENIED"]
    for sanity in (1, 0.9, 0.6):
        for method in dice.sample(methods, len(methods)):
            for _ in range(campaign.arguments.requests):
                if not allowed[method] or method in ending:
                    continue
                request = requests.make(method.request, sanity)
                code, answer = ask(campaign, dice.choice(allowed[method]), method, request.SerializeToString())
                counts[code] += 1
                if answer is not None:
                    requests.learn(method.answer.FromString(answer))
                elif code in INSIDE and not method.server_streaming:
                    failed.add(f"{method.path}: {code} {text_format.MessageToString(request, as_one_line=True, as_utf8=True)[:800]}")
                    if revive(county):
                        ending.add(method)
                        auditor.until_all_are_reached()
    for desk in desks.values():
        desk.close()
    campaign.say(True, f"{len(methods)} methods, nearly right requests", figures(counts))
    campaign.none("a nearly right request does not fail inside", sorted(failed))


def revive(county):
    """Starts again what has ended; whether anything had."""
    gone = [name for name, child in county.children.items() if child.poll() is not None]
    if gone:
        county.ended()
        county.start(*gone)
    return bool(gone)


def figures(counts):
    return ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))


def strangers(campaign, county, methods):
    """Without a token, with broken ones, with somebody else's headers."""
    desk = Desk(county, campaign.told, "COUNTY_ADMIN")
    token = desk.metadata[0][1]
    bad = set()
    for method in methods[::7]:
        for metadata in [
                [], [("authorization", "Bearer x.y.z")], [("authorization", token[:-6] + "AAAAAA")], [("authorization", "Basic eDp5")],
                [("authorization", "Bearer hyk_" + "0" * 40)], [("huying-actor-bin", b"\x0a\x01x"), ("huying-actor-signature-bin", b"x")]]:
            code, _ = ask(campaign, desk, method, b"", metadata=metadata)
            if code not in ("UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED") and "RedeemInvitation" not in method.path:
                bad.add(f"{method.path}: {code}")
    campaign.none("strangers are refused", sorted(bad))
    desk.close()


def without(campaign, county, name, methods):
    """While a service is dead, and while it stands still."""
    mine = [method for method in methods if method.service == name][:6]
    desk = Desk(county, campaign.told, "COUNTY_ADMIN")
    console = [method for method in methods if method.service == "gateway"]
    county.signal(name, signal.SIGSTOP)
    for method in mine[:2]:
        ask(campaign, desk, method, b"", timeout=0.3)
    county.signal(name, signal.SIGCONT)
    county.kill(name)
    codes = {ask(campaign, desk, method, b"", timeout=3)[0] for method in mine}
    for method in console:
        ask(campaign, desk, method, b"", timeout=3)
    for route in desk.insist(desk.relay.GetRelayStatus, relay_service_pb2.GetRelayStatusRequest()).routes:
        campaign.told.add("relay status", route.explanation)
    campaign.say(codes <= {"UNAVAILABLE", "DEADLINE_EXCEEDED", "PERMISSION_DENIED", "UNIMPLEMENTED"}, f"{name} is dead: its methods say so",
                 ", ".join(sorted(codes)))
    county.start(name)
    desk.close()


def oddities(campaign, county):
    """Whoever does not speak gRPC, at both ports."""
    context = ssl.create_default_context(cadata=county.authority.decode())
    for alpn in (["h2"], ["http/1.1"], None):
        if alpn:
            context.set_alpn_protocols(alpn)
        for text in (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 200, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense"):
            campaign.told.add("port", _exchange(lambda: context.wrap_socket(
                socket.create_connection(("127.0.0.1", county.ports["gateway"]), 5), server_hostname="localhost"), text))
    for path in (b"/", b"/metrics/../../etc/passwd", b"/health?x=" + b"y" * 9000, b"/%00"):
        campaign.told.add("admin", _exchange(lambda: socket.create_connection(("127.0.0.1", county.admin_ports["gateway"]), 5),
                                             b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    campaign.say(True, "other protocols at the ports", "their answers are among the texts")


def _exchange(connect, bytes):
    try:
        with connect() as connection:
            connection.settimeout(3)
            connection.sendall(bytes)
            return connection.recv(65536).decode("utf-8", "replace")
    except OSError as error:
        return type(error).__name__
