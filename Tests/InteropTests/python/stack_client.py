"""Uses a running stack as any integrating system would: stock grpcio, modules generated from our proto/, and reflection.

Arguments: gateway address, key folder, proto folder, then NAME=ADDRESS of each service. The token is in HUYING_TOKEN. Prints a line
per thing that works; exit 0 if all do.
"""
import hashlib
import hmac
import os
import sys
import threading
import time
import uuid

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool

import contracts

gateway_address, keys, proto = sys.argv[1:4]
services = dict(argument.split("=", 1) for argument in sys.argv[4:])
contracts.generate(proto)

from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from huying.common.v1 import actor_pb2  # noqa: E402
from huying.dispute.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc  # noqa: E402
from huying.feed.v1 import feed_service_pb2, feed_service_pb2_grpc  # noqa: E402
from huying.gateway.v1 import journal_service_pb2, journal_service_pb2_grpc  # noqa: E402
from huying.gateway.v1 import session_service_pb2, session_service_pb2_grpc  # noqa: E402
from huying.grid_registry.v1 import organisation_service_pb2, organisation_service_pb2_grpc  # noqa: E402

token = [("authorization", "Bearer " + os.environ["HUYING_TOKEN"])]
gateway = grpc.insecure_channel(gateway_address)


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("that should have failed")


def works(what):
    print(what, flush=True)


# Unary through the gateway.
organisations = organisation_service_pb2_grpc.OrganisationServiceStub(gateway)
listed = organisations.ListOrganisations(
    organisation_service_pb2.ListOrganisationsRequest(page_size=200), metadata=token, timeout=10)
assert any(o.name == "城关街道办事处" for o in listed.organisations), len(listed.organisations)
session = session_service_pb2_grpc.SessionServiceStub(gateway).GetSession(
    session_service_pb2.GetSessionRequest(), metadata=token, timeout=10)
assert session.actor.role == "COUNTY_ADMIN", session
works("unary")

# A server stream: as many lines as asked for, then its end; and one that is cancelled while it waits.
journals = journal_service_pb2_grpc.JournalServiceStub(gateway)
lines = list(journals.TailJournal(
    journal_service_pb2.TailJournalRequest(service="grid-registry", last_count=25), metadata=token, timeout=10))
assert len(lines) == 25 and [l.seq for l in lines] == sorted(l.seq for l in lines), lines
stream = journals.TailJournal(
    journal_service_pb2.TailJournalRequest(service="grid-registry", last_count=1, follow=True), metadata=token)
assert next(stream).seq == lines[-1].seq
threading.Timer(0.2, stream.cancel).start()
assert failure(lambda: next(stream)).code() == grpc.StatusCode.CANCELLED
works("server stream")

# Deadlines.
waiting = journals.TailJournal(
    journal_service_pb2.TailJournalRequest(service="grid-registry", follow=True), metadata=token, timeout=0.4)
start = time.monotonic()
assert failure(lambda: next(waiting)).code() == grpc.StatusCode.DEADLINE_EXCEEDED
assert time.monotonic() - start < 3
works("deadline")

# Errors with their details.
cases = case_service_pb2_grpc.CaseServiceStub(gateway)
error = failure(lambda: cases.GetCase(
    case_service_pb2.GetCaseRequest(case_id=str(uuid.uuid4())), metadata=token, timeout=10))
assert error.code() == grpc.StatusCode.NOT_FOUND, error
details = dict(error.trailing_metadata())["grpc-status-details-bin"]
status = status_pb2.Status.FromString(details)
assert status.code == 5 and status.message == error.details(), status
information, localized, violations = error_details_pb2.ErrorInfo(), error_details_pb2.LocalizedMessage(), None
assert any(d.Unpack(information) for d in status.details) and information.domain == "huying", status
assert information.reason == "CASE_NOT_FOUND", information
assert any(d.Unpack(localized) for d in status.details) and localized.message, status
works("error details")

# Metadata that is large, but allowed; and many calls at once on one connection.
answer = organisations.ListOrganisations(
    organisation_service_pb2.ListOrganisationsRequest(page_size=1),
    metadata=token + [("x-large", "呼应".encode().hex() * 400), ("x-large-bin", os.urandom(3000))], timeout=10)
assert len(answer.organisations) == 1
futures = [organisations.ListOrganisations.future(
    organisation_service_pb2.ListOrganisationsRequest(page_size=5), metadata=token, timeout=30) for _ in range(200)]
assert all(len(f.result().organisations) == 5 for f in futures)
works("metadata and concurrency")

# Without a token, and with a broken one.
for metadata in [None, [("authorization", "Bearer x.y.z")], [("authorization", token[0][1][:-4] + "AAAA")]]:
    error = failure(lambda: cases.ListCases(case_service_pb2.ListCasesRequest(), metadata=metadata, timeout=10))
    assert error.code() == grpc.StatusCode.UNAUTHENTICATED, error
feed = feed_service_pb2_grpc.FeedServiceStub(gateway)
error = failure(lambda: feed.GetHead(feed_service_pb2.GetHeadRequest(), metadata=token, timeout=10))
assert error.code() == grpc.StatusCode.PERMISSION_DENIED, error
unknown = gateway.unary_unary("/huying.dispute.v1.CaseService/NoSuchMethod")
assert failure(lambda: unknown(b"", metadata=token, timeout=10)).code() == grpc.StatusCode.UNIMPLEMENTED
works("refusals")


# Reflection alone: nothing generated.
def reflected(channel, service, method):
    pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
    descriptor = pool.FindServiceByName(service).FindMethodByName(method)
    make = message_factory.GetMessageClass
    return channel.unary_unary(
        f"/{service}/{method}", request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=make(descriptor.output_type).FromString), make(descriptor.input_type)


call, request = reflected(gateway, "huying.grid_registry.v1.OrganisationService", "ListOrganisations")
assert len(call(request(page_size=7), metadata=token, timeout=10).organisations) == 7
names = ProtoReflectionDescriptorDatabase(gateway).get_services()
assert "huying.dispatch.v1.CallService" in names and "huying.gateway.v1.JourneyService" in names, names
assert not any(n.endswith(".InboxService") or n.endswith(".FeedService") for n in names), names
works("reflection")


# Each service directly: health and reflection for everybody, all else for an actor signed with the stack's key.
key = bytes.fromhex(open(keys + "/actor-signing.key").read().strip())


def signed(path, role="SYSTEM", person="system", org="gateway", expire_in=50):
    actor = actor_pb2.SignedActor(
        actor=actor_pb2.Actor(person_id=person, org_id=org, role=role, county_code="379922000000"))
    actor.expire_time.FromSeconds(int(time.time()) + expire_in)
    body = actor.SerializeToString()
    code = hmac.new(key, path.encode() + b"\0" + body, hashlib.sha256).digest()
    return [("huying-actor-bin", body), ("huying-actor-signature-bin", code)]


for name, address in services.items():
    channel = grpc.insecure_channel(address)
    health = health_pb2_grpc.HealthStub(channel)
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=10).status == health_pb2.HealthCheckResponse.SERVING
    assert next(health.Watch(health_pb2.HealthCheckRequest(), timeout=10)).status == 1
    found = ProtoReflectionDescriptorDatabase(channel).get_services()
    package = "huying." + name.replace("-", "_") + ".v1."
    assert any(n.startswith(package) for n in found), (name, found)
    head = feed_service_pb2_grpc.FeedServiceStub(channel)
    path = "/huying.feed.v1.FeedService/GetHead"
    request = feed_service_pb2.GetHeadRequest()
    assert failure(lambda: head.GetHead(request, timeout=10)).code() == grpc.StatusCode.UNAUTHENTICATED
    if name != "performance-evaluation" or "huying.feed.v1.FeedService" in found:
        assert head.GetHead(request, metadata=signed(path), timeout=10).head.source_epoch, name
        for wrong in [signed("/another/Path"), signed(path, expire_in=-60), signed(path)[:1]]:
            assert failure(lambda: head.GetHead(request, metadata=wrong, timeout=10)).code() \
                == grpc.StatusCode.UNAUTHENTICATED
        error = failure(lambda: head.GetHead(
            request, metadata=signed(path, role="GRID_MEMBER", person="p", org="o"), timeout=10))
        assert error.code() == grpc.StatusCode.PERMISSION_DENIED, error
works("each service directly")

# A write through the gateway's back door, with a signed clerk: what is written is read again through the gateway.
dispute = grpc.insecure_channel(services["dispute"])
path = "/huying.dispute.v1.CaseService/ReportCase"
request = case_service_pb2.ReportCaseRequest(
    request_id=str(uuid.uuid4()), kind=case_pb2.Case.KIND_MATTER, discovery=case_pb2.Case.DISCOVERY_HOTLINE,
    township_org_id="town-379922001000", title="路灯不亮", narrative="整条街都不亮")
stub = case_service_pb2_grpc.CaseServiceStub(dispute)
clerk = dict(role="HOTLINE_OPERATOR", person="person-0007", org="hotline")
first = stub.ReportCase(request, metadata=signed(path, **clerk), timeout=10)
again = stub.ReportCase(request, metadata=signed(path, **clerk), timeout=10)
assert first == again and first.case_record.number.startswith("DJ-379922001-"), first
read = cases.GetCase(
    case_service_pb2.GetCaseRequest(number=first.case_record.number), metadata=token, timeout=10)
assert read.case_record.case_id == first.case_record.case_id
works("a write by a signed actor")
