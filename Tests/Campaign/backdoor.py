"""The services past the gateway, with the gateway's own signature: what they know themselves, whatever the gateway believes."""
import hashlib
import hmac
import time

import grpc

from huying.common.v1 import actor_pb2
from huying.dispute.v1 import inbox_service_pb2
from huying.feed.v1 import feed_service_pb2

from county import CODE, Broken, eventually

ROUTES = {
    "grid-registry": ["dispute", "responsibility-list", "dispatch", "performance-evaluation"],
    "dispute": ["grid-registry", "dispatch", "performance-evaluation"],
    "dispatch": ["dispute", "performance-evaluation"],
}


class Backdoor:
    def __init__(self, county):
        self.county = county
        with open(county.secret("actor-signing.key")) as file:
            self.key = bytes.fromhex(file.readline().strip())

    def signed(self, path, role="SYSTEM", person="system", organisation="gateway"):
        actor = actor_pb2.SignedActor(
            actor=actor_pb2.Actor(person_id=person, org_id=organisation, role=role, county_code=CODE))
        actor.expire_time.FromSeconds(int(time.time()) + 50)
        body = actor.SerializeToString()
        code = hmac.new(self.key, path.encode() + b"\0" + body, hashlib.sha256).digest()
        return [("huying-actor-bin", body), ("huying-actor-signature-bin", code)]

    def ask(self, name, path, request, answer, **actor):
        """One call on a connection of its own."""
        with grpc.insecure_channel(
                f"127.0.0.1:{self.county.ports[name]}", options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            method = channel.unary_unary(path, type(request).SerializeToString, answer.FromString)
            return method(request, metadata=self.signed(path, **actor), timeout=20)

    def head(self, source):
        return self.ask(
            source, "/huying.feed.v1.FeedService/GetHead", feed_service_pb2.GetHeadRequest(), feed_service_pb2.GetHeadResponse).head

    def position(self, target, source):
        return self.ask(
            target, f"/huying.{target.replace('-', '_')}.v1.InboxService/GetPosition",
            inbox_service_pb2.GetPositionRequest(source=source), inbox_service_pb2.GetPositionResponse).position

    def until_relayed(self, within=120):
        """Until every target says that it has heard what its sources have written; how long that took."""
        begin = time.monotonic()
        quiet = False
        while not quiet:  # what the last message made its target write is heard by others in turn
            heads = {source: self.head(source) for source in ROUTES}
            for source, targets in ROUTES.items():
                for target in targets:
                    def heard():
                        position = self.position(target, source)
                        if heads[source].seq and (
                                position.seq < heads[source].seq or position.source_epoch != heads[source].source_epoch):
                            raise Broken(f"it has heard {position.seq} of {heads[source].seq}")
                        return True
                    eventually(f"{target} has heard all of {source}", heard, within)
            quiet = all(self.head(source).seq == head.seq for source, head in heads.items())
        return time.monotonic() - begin
