"""Requests for every method of every contract: nothing, noise, hostile words in every field, and requests that are nearly right: ids that
exist, a lawful request id, and one value or two that nobody would expect."""
import importlib
import pathlib
import time
import uuid

from google.protobuf import descriptor_pool, timestamp_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

import huying

WORDS = ["'; DROP TABLE cases; --", "../../../../etc/passwd", "%s%s%n", "x" * 5000, "呼应\u202e😀", "\x01\x7f", "0", "-1", "DJ-379922001-2026-0",
         "9999-12-31", "0001-01-01", "18446744073709551615"]
NUMBERS = {
    FieldDescriptor.CPPTYPE_INT32: [-1, 0, 2**31 - 1, -2**31], FieldDescriptor.CPPTYPE_UINT32: [0, 2**32 - 1],
    FieldDescriptor.CPPTYPE_INT64: [-1, 0, 2**63 - 1, -2**63, 2**53 + 1], FieldDescriptor.CPPTYPE_UINT64: [0, 2**64 - 1, 2**63],
    FieldDescriptor.CPPTYPE_DOUBLE: [float("nan"), float("inf"), float("-inf"), -1.0, 1e300],
    FieldDescriptor.CPPTYPE_FLOAT: [float("nan"), float("inf"), float("-inf"), -1.0, 1e30],
}
# The first and the last second of a timestamp, one beyond each, and what does not fit at all.
SECONDS = [-62135596800, 253402300799, -62135596801, 253402300800, 2**63 - 1, -2**63, 0]


class Method:
    """A method of ours, and the classes of its request and its answer."""

    def __init__(self, service, method):
        self.path = f"/{service.full_name}/{method.name}"
        self.service = service.full_name.split(".")[1].replace("_", "-")
        self.client_streaming, self.server_streaming = method.client_streaming, method.server_streaming
        pool = descriptor_pool.Default()
        self.request, self.answer = (GetMessageClass(pool.FindMessageTypeByName(type.full_name)) for type in (
            method.input_type, method.output_type))


def every_method():
    for path in sorted(pathlib.Path(huying.__path__[0]).rglob("*_service_pb2.py")):
        module = importlib.import_module("huying." + ".".join(path.relative_to(huying.__path__[0]).with_suffix("").parts))
        for service in module.DESCRIPTOR.services_by_name.values():
            yield from (Method(service, method) for method in service.methods)


class Requests:
    """Makes requests; learns from answers what exists."""

    def __init__(self, dice):
        self.dice = dice
        self.known = {}  # kind and name of a field → values that answers had there

    def learn(self, message):
        for field, value in message.ListFields():
            for one in value if _is_repeated(field) and not _is_map(field) else [value]:
                if field.message_type:
                    if not _is_map(field):
                        self.learn(one)
                elif field.cpp_type in (FieldDescriptor.CPPTYPE_STRING, FieldDescriptor.CPPTYPE_UINT64) and len(str(one)) < 100:
                    values = self.known.setdefault((field.cpp_type, field.name), [])
                    if one not in values:
                        values.append(one)
                        del values[:-40]

    def make(self, request, sanity, depth=0):
        """A request of which each value is what one would expect with this probability."""
        message = request if depth else request()
        chosen = {oneof.name: self.dice.choice(oneof.fields).name for oneof in message.DESCRIPTOR.oneofs}
        for field in message.DESCRIPTOR.fields:
            oneof = field.containing_oneof
            if _is_map(field) or depth > 3 or oneof and len(oneof.fields) > 1 and chosen[oneof.name] != field.name:
                continue
            if sanity and field.name != "request_id" and self.dice.random() < 0.1:
                continue
            if not field.message_type:
                sane = self.dice.random() < sanity
                value = self._usual(field) if sane else self._hostile(field)
                getattr(message, field.name).append(value) if _is_repeated(field) else setattr(message, field.name, value)
                continue
            for _ in range(self.dice.choice([1, 1, 2]) if _is_repeated(field) else 1):
                part = getattr(message, field.name).add() if _is_repeated(field) else getattr(message, field.name)
                part.SetInParent()
                if field.message_type.full_name == timestamp_pb2.Timestamp.DESCRIPTOR.full_name:
                    sane = self.dice.random() < sanity
                    part.seconds = int(time.time()) + self.dice.randrange(-10**6, 10**6) if sane else self.dice.choice(SECONDS)
                    part.nanos = 0 if sane else self.dice.choice([0, -1, 999_999_999, 2**31 - 1])
                else:
                    self.make(part, sanity, depth + 1)
        return message

    def _usual(self, field):
        if field.name == "request_id":
            return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        if field.cpp_type in (FieldDescriptor.CPPTYPE_STRING, FieldDescriptor.CPPTYPE_UINT64) and field.type != FieldDescriptor.TYPE_BYTES:
            # owner_org_id: as one, or as an org_id.
            words = field.name.split("_")
            for start in range(len(words)):
                name = "_".join(words[start:])
                for like in (name, name.removesuffix("s")):
                    if known := self.known.get((field.cpp_type, like)):
                        return self.dice.choice(known)
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self.dice.choice(field.enum_type.values[1:] or field.enum_type.values).number
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self.dice.random() < 0.5
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.dice.randbytes(40)
        if field.type == FieldDescriptor.TYPE_STRING:
            return f"20{self.dice.randrange(20, 28)}-0{self.dice.randrange(1, 10)}-15" if "date" in field.name else "说明文字"
        return self.dice.choice([1, 2, 3, 20, 2026, 90])

    def _hostile(self, field):
        if field.type == FieldDescriptor.TYPE_STRING:
            return self.dice.choice(WORDS)
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.dice.randbytes(40)
        if field.type == FieldDescriptor.TYPE_BOOL:
            return True
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self.dice.choice([99, 0, 1, 2])
        return self.dice.choice(NUMBERS[field.cpp_type])


def _is_repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED


def _is_map(field):
    return bool(field.message_type) and field.message_type.GetOptions().map_entry
