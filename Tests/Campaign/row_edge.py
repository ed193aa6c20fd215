"""What errors say to whoever calls: every method asked with nothing, with noise, with hostile words; without a right to it; while its
service is away. All that they have said, here and in the rows before, is looked through for what is nobody's business."""
import importlib
import pathlib
import random
import re
import signal
import ssl
import socket

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

import huying
from clients import TOWNSHIP, Auditor, Desk, relay_service_pb2
from county import SERVICES

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
HOSTILE = ["'; DROP TABLE cases; --", "../../../../etc/passwd", "%s%s%n", "x" * 5000, "呼应\u202e😀", "\x01\x7f", "0", "-1", "DJ-379922001-2026-0"]


def run(campaign):
    county = campaign.county()
    try:
        county.start()
        county.login()
        auditor = Auditor(county, campaign.told)
        auditor.until_all_are_reached()
        methods = list(every_method())
        dice = random.Random(campaign.arguments.seed)
        internal = provoke(campaign, county, methods, dice)
        strangers(campaign, county, methods)
        for name in SERVICES:
            without(campaign, county, name, methods)
        oddities(campaign, county)
        campaign.none("no lawful request fails inside", internal, f"{len(methods)} methods")
        campaign.none("no process ended", [name for name in county.children if county.children[name].poll() is not None])
        auditor.until_all_are_reached()
        campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())
        auditor.close()
    finally:
        county.end()
    found = []
    for (code, text), count in sorted(campaign.told.texts.items()):
        for what, pattern in SECRETS.items():
            # What the caller has said itself may come back.
            rest = text
            for own in HOSTILE:
                rest = rest.replace(own, "")
            if match := pattern.search(rest):
                found.append(f"{what} ({match[0]!r}) in {code}: {text[:200]}")
    campaign.none("no reply shows a path, SQL, a stack trace, a type or a secret", found,
                  f"{len(campaign.told.texts)} different texts in {sum(campaign.told.texts.values())} replies")


def every_method():
    """Every method of every contract of ours: its path, its kind, its request's class."""
    pool = descriptor_pool.Default()
    for path in pathlib.Path(huying.__path__[0]).rglob("*_service_pb2.py"):
        module = importlib.import_module("huying." + ".".join(path.relative_to(huying.__path__[0]).with_suffix("").parts))
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                yield f"/{service.full_name}/{method.name}", method, GetMessageClass(pool.FindMessageTypeByName(method.input_type.full_name))


def ask(campaign, desk, path, method, bytes, timeout=10, metadata=None):
    """One call with these bytes; its code."""
    metadata = desk.metadata if metadata is None else metadata
    kind = ("stream" if method.client_streaming else "unary") + "_" + ("stream" if method.server_streaming else "unary")
    call = getattr(desk.channel, kind)(path, lambda value: value, lambda value: value)
    try:
        answer = call(iter([bytes]) if method.client_streaming else bytes, metadata=metadata, timeout=0.5 if method.server_streaming else timeout)
        if method.server_streaming:
            for _ in answer:
                break
            answer.cancel()
        return "OK"
    except grpc.RpcError as error:
        campaign.told.error(error)
        return error.code().name


def fill(message, dice, depth=0):
    """Hostile words in every field."""
    for field in message.DESCRIPTOR.fields:
        value = None
        if field.message_type:
            if depth > 2 or field.message_type.GetOptions().map_entry:
                continue
            part = getattr(message, field.name)
            if _is_repeated(field):
                fill(part.add(), dice, depth + 1)
            else:
                fill(part, dice, depth + 1)
                part.SetInParent()
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            value = dice.choice(HOSTILE)
        elif field.type == FieldDescriptor.TYPE_BYTES:
            value = dice.randbytes(40)
        elif field.type == FieldDescriptor.TYPE_BOOL:
            value = True
        elif field.type == FieldDescriptor.TYPE_ENUM:
            value = dice.choice([99, 1, 2])
        elif field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT):
            value = dice.choice([float("nan"), float("inf"), -1.0, 1e300])
        elif field.type in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32):
            value = dice.choice([-1, 2**31 - 1, -2**31, 1])
        elif field.type in (FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_FIXED32):
            value = dice.choice([0, 2**32 - 1])
        elif field.type in (FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT64):
            value = dice.choice([-1, 2**63 - 1, -2**63, 1])
        else:
            value = dice.choice([0, 2**64 - 1])
        if _is_repeated(field):
            getattr(message, field.name).extend([value])
        else:
            setattr(message, field.name, value)
    return message


def _is_repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED


def provoke(campaign, county, methods, dice):
    """Every method with an empty request, hostile ones and noise, as people of several roles."""
    internal = []
    desks = [Desk(county, campaign.told, role, organisation) for role, organisation in (
        ("COUNTY_ADMIN", "county-gov"), ("LEVEL_CLERK", TOWNSHIP), ("GRID_MEMBER", "../x"))]
    counts = {}
    for path, method, request in methods:
        for desk in desks:
            for lawful, bytes in [(True, b"")] + [(True, fill(request(), dice).SerializeToString()) for _ in range(3)] + [
                    (False, dice.randbytes(30)), (False, b"\x0a\xff\xff\xff\xff\x0f"), (False, b"\x0a\x03\xff\xfe\xfd")]:
                code = ask(campaign, desk, path, method, bytes)
                counts[code] = counts.get(code, 0) + 1
                if lawful and code in ("INTERNAL", "UNKNOWN", "UNAVAILABLE", "DEADLINE_EXCEEDED") and not method.server_streaming:
                    internal.append(f"{path}: {code}")
    for desk in desks:
        desk.close()
    campaign.say(True, "every method, empty, hostile and noisy requests", ", ".join(f"{code} {count}" for code, count in sorted(counts.items())))
    return sorted(set(internal))


def strangers(campaign, county, methods):
    """Without a token, with broken ones, with somebody else's headers."""
    desk = Desk(county, campaign.told, "COUNTY_ADMIN")
    token = desk.metadata[0][1]
    bad = set()
    for path, method, _ in methods[::7]:
        for metadata in [
                [], [("authorization", "Bearer x.y.z")], [("authorization", token[:-6] + "AAAAAA")], [("authorization", "Basic eDp5")],
                [("authorization", "Bearer hyk_" + "0" * 40)], [("huying-actor-bin", b"\x0a\x01x"), ("huying-actor-signature-bin", b"x")]]:
            code = ask(campaign, desk, path, method, b"", metadata=metadata)
            if code not in ("UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED") and "RedeemInvitation" not in path:
                bad.add(f"{path}: {code}")
    campaign.none("strangers are refused", sorted(bad))
    desk.close()


def without(campaign, county, name, methods):
    """While a service is dead, and while it stands still."""
    package = f"/huying.{name.replace('-', '_')}."
    mine = [each for each in methods if each[0].startswith(package)][:6]
    desk = Desk(county, campaign.told, "COUNTY_ADMIN")
    console = [each for each in methods if each[0].startswith("/huying.gateway.")]
    county.signal(name, signal.SIGSTOP)
    for path, method, _ in mine[:2]:
        ask(campaign, desk, path, method, b"", timeout=0.3)
    county.signal(name, signal.SIGCONT)
    county.kill(name)
    codes = {ask(campaign, desk, path, method, b"", timeout=3) for path, method, _ in mine}
    for path, method, _ in console:
        ask(campaign, desk, path, method, b"", timeout=3)
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
