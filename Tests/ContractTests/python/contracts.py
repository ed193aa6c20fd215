"""All contracts of the repository for PyPI's protobuf, and seeded values for their messages."""
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

root = pathlib.Path(__file__).resolve().parents[3]
folders = ["proto", "Tests/Contracts/proto", "Tests/InteropTests/proto"]


def load():
    """A pool of every contract, and the classes of all its messages by full name, map entries left out."""
    pool = descriptor_pool.DescriptorPool()
    files = {}
    for folder in folders:
        names = sorted(str(path.relative_to(root / folder)) for path in (root / folder).rglob("*.proto"))
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "grpc_tools.protoc", f"--proto_path={folder}"]
            if folder != "proto":
                command.append("--proto_path=proto")
            subprocess.run(command + ["--include_imports", f"--descriptor_set_out={place}/set", *names], cwd=root, check=True)
            data = pathlib.Path(place, "set").read_bytes()
        for file in descriptor_pb2.FileDescriptorSet.FromString(data).file:
            if file.name not in files:
                files[file.name] = file
                pool.AddSerializedFile(file.SerializeToString())
    classes = {}

    def walk(descriptor):
        if descriptor.GetOptions().map_entry:
            return
        classes[descriptor.full_name] = message_factory.GetMessageClass(descriptor)
        for nested in descriptor.nested_types:
            walk(nested)

    for name in files:
        for descriptor in pool.FindFileByName(name).message_types_by_name.values():
            walk(descriptor)
    return pool, dict(sorted(classes.items()))


TEXTS = ["", "a", "甲", "群众来电反映窨井盖缺失", "🙂🇨🇳", "\u0001\t\n\r\u001f\u007f", "\"\\/'", "<b>&amp;</b>", "\u2028\u2029",
         "é\u0301", "\ufeff", "\U0010ffff", "x" * 40, "caseId", "日" * 30]
DOUBLES = [0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, 1.7976931348623157e308, 123456789.125, 1e21, 1e-7, float("inf"),
           float("-inf"), float("nan"), 9007199254740993.0, 1 / 3]
SECONDS = [0, 1, -1, 1767323045, -62135596800, 253402300799, 951782400, -2208988800]
NANOS = [0, 1, 999999999, 500000000, 1000, 120000000, 123456000]
PATHS = ["a", "case_id", "inner.name", "a.b_c.d", "x1"]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def end_of(data, at, wire_type):
    """Where the value that begins at `at` ends, for a message that has been parsed before."""
    match wire_type:
        case 0:
            return varint(data, at)[1]
        case 1:
            return at + 8
        case 2:
            length, at = varint(data, at)
            return at + length
        case 3:
            while True:
                tag, at = varint(data, at)
                if tag & 7 == 4:
                    return at
                at = end_of(data, at, tag & 7)
        case 5:
            return at + 4


def canonical(message):
    """The message's bytes with the entries of maps in the order of their keys: protobuf leaves it open, and Python has another."""
    return ordered(message.DESCRIPTOR, message.SerializeToString(deterministic=True))


def ordered(descriptor, data):
    if descriptor.full_name == "google.protobuf.Any":
        return ordered_any(descriptor, data)
    out, entries, at = [], {}, 0
    while at < len(data):
        start = at
        tag, at = varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        content = at
        at = end_of(data, at, wire_type)
        field = descriptor.fields_by_number.get(number)
        if field is None or wire_type != 2 or not field.message_type:
            out.append(data[start:at])
            continue
        length, begin = varint(data, content)
        inner = data[start:begin] + ordered(field.message_type, data[begin:at])
        if field.message_type.GetOptions().map_entry:
            if number not in entries:
                entries[number] = []
                out.append(entries[number])
            key = message_factory.GetMessageClass(field.message_type).FromString(data[begin:at]).key
            entries[number].append((key.encode() if isinstance(key, str) else key, inner))
        else:
            out.append(inner)
    return b"".join(part if isinstance(part, bytes) else b"".join(inner for _, inner in sorted(part)) for part in out)


def ordered_any(descriptor, data):
    message = message_factory.GetMessageClass(descriptor).FromString(data)
    try:
        content = descriptor.file.pool.FindMessageTypeByName(message.type_url.split("/")[-1])
        message.value = ordered(content, message.value)
    except (KeyError, IndexError, TypeError, ValueError):
        return data  # Of a type that nobody knows, or not of its type: nothing is put in order.
    return message.SerializeToString(deterministic=True)


class Filler:
    """Fills messages by reflection; the same seed gives the same values."""

    def __init__(self, seed, classes):
        self.random = random.Random(seed)
        self.classes = classes

    def integer(self, bits, signed):
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        r = self.random.random()
        if r < 0.3:
            return self.random.choice([0, 1, low, high, high - 1] + ([-1] if signed else []))
        if r < 0.7:
            return self.random.randint(-100 if signed else 0, 300)
        return self.random.randint(low, high)

    def scalar(self, field):
        r = self.random
        match field.type:
            case field.TYPE_DOUBLE:
                value = r.choice(DOUBLES) if r.random() < 0.7 else struct.unpack("<d", r.randbytes(8))[0]
                return value if value == value else float("nan")  # JSON has one NaN.
            case field.TYPE_FLOAT:
                value = r.choice(DOUBLES) if r.random() < 0.7 else r.uniform(-1e6, 1e6)
                if abs(value) > 3.4e38 and value not in (float("inf"), float("-inf")):
                    value = 3.4028234663852886e38
                return struct.unpack("<f", struct.pack("<f", value))[0]
            case field.TYPE_INT64 | field.TYPE_SINT64 | field.TYPE_SFIXED64:
                return self.integer(64, True)
            case field.TYPE_UINT64 | field.TYPE_FIXED64:
                return self.integer(64, False)
            case field.TYPE_INT32 | field.TYPE_SINT32 | field.TYPE_SFIXED32:
                return self.integer(32, True)
            case field.TYPE_UINT32 | field.TYPE_FIXED32:
                return self.integer(32, False)
            case field.TYPE_BOOL:
                return r.random() < 0.6
            case field.TYPE_STRING:
                return r.choice(TEXTS)
            case field.TYPE_BYTES:
                return r.randbytes(r.choice([0, 1, 2, 3, 7, 40]))
            case field.TYPE_ENUM if field.enum_type.full_name == "google.protobuf.NullValue":
                return 0  # JSON's null says no other number.
            case field.TYPE_ENUM:
                if r.random() < 0.1 and not field.enum_type.is_closed:
                    return r.choice([77, -3, 2147483647])
                return r.choice(field.enum_type.values).number

    def fill(self, message, depth=0):
        """Sets fields of `message` at random; returns it."""
        special = getattr(self, "fill_" + message.DESCRIPTOR.full_name.replace(".", "_"), None)
        if special:
            special(message, depth)
            return message
        density = self.random.choice([0.15, 0.5, 1.0]) / (1 + 0.6 * depth)
        for field in message.DESCRIPTOR.fields:
            if not field.is_required and self.random.random() > density:
                continue
            if field.message_type and field.message_type.GetOptions().map_entry:
                self.fill_map(getattr(message, field.name), field.message_type, depth)
            elif field.is_repeated:
                for _ in range(self.random.choice([1, 1, 2, 3])):
                    if field.message_type:
                        if depth < 4:
                            self.fill(getattr(message, field.name).add(), depth + 1)
                    else:
                        getattr(message, field.name).append(self.scalar(field))
            elif field.message_type:
                if depth < 4:
                    inner = getattr(message, field.name)
                    inner.SetInParent()
                    self.fill(inner, depth + 1)
            else:
                setattr(message, field.name, self.scalar(field))
        return message

    def fill_map(self, container, entry, depth):
        key, value = entry.fields_by_name["key"], entry.fields_by_name["value"]
        for _ in range(self.random.choice([1, 2, 4])):
            name = self.scalar(key)
            if value.message_type:
                if depth < 4:
                    self.fill(container[name], depth + 1)
            else:
                container[name] = self.scalar(value)

    def fill_google_protobuf_Timestamp(self, message, depth):
        message.seconds = self.random.choice(SECONDS + [self.random.randint(-62135596800, 253402300799)])
        message.nanos = self.random.choice(NANOS)

    def fill_google_protobuf_Duration(self, message, depth):
        sign = self.random.choice([1, -1])
        message.seconds = sign * self.random.choice([0, 1, 59, 86400, 315576000000, self.random.randint(0, 1 << 36)])
        message.nanos = sign * (self.random.choice(NANOS) if abs(message.seconds) < 315576000000 else 0)

    def fill_google_protobuf_FieldMask(self, message, depth):
        message.paths.extend(self.random.sample(PATHS, self.random.randint(0, 3)))

    def fill_google_protobuf_Any(self, message, depth):
        if depth > 3 or self.random.random() < 0.1:
            return
        content = self.fill(self.classes[self.random.choice(list(self.classes))](), depth + 2)
        message.type_url = self.random.choice(["type.googleapis.com/", "type.googleapis.com/", "example.com/a/"]) \
            + content.DESCRIPTOR.full_name
        message.value = canonical(content)

    def fill_google_protobuf_Value(self, message, depth):
        kind = self.random.randint(0, 5 if depth < 4 else 3)
        if kind == 0:
            message.null_value = 0
        elif kind == 1:
            message.number_value = self.random.choice([0.0, -0.0, 1.5, 1e300, -7.0, 0.1])
        elif kind == 2:
            message.string_value = self.random.choice(TEXTS)
        elif kind == 3:
            message.bool_value = self.random.random() < 0.5
        elif kind == 4:
            message.list_value.SetInParent()
            for _ in range(self.random.randint(0, 2)):
                self.fill(message.list_value.values.add(), depth + 1)
        else:
            message.struct_value.SetInParent()
            self.fill_map(message.struct_value.fields, message.struct_value.DESCRIPTOR.nested_types[0], depth)
