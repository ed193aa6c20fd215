"""Prints seeded messages and what PyPI's protobuf makes of them, one case a line, fields between tabs, bytes as base64:

M type bytes json            a message and its JSON
E type bytes json            the same with fields printed that have no presence
T type ignore text bytes     a JSON text and the message it says, or ! if it is refused; ignore: 1 if unknown names are ignored
W type bytes bytes           bytes of any kind, decoded and encoded again, or ! if they are refused

usage: python3 Tests/ContractTests/python/differential.py SEED MESSAGES TEXTS WIRES   (needs grpcio-tools)
"""
import base64
import json
import random
import re
import sys
from collections.abc import MutableSequence

import contracts
from google.protobuf.unknown_fields import UnknownFieldSet
from google.protobuf import json_format

seed, messages, texts, wires = (int(argument) for argument in sys.argv[1:5])
pool, classes = contracts.load()
rng = random.Random(seed + 1)
out = []
# Descriptors are proto2: what they require Python requires, and their texts may be anything.
classes = {name: kind for name, kind in classes.items() if kind.DESCRIPTOR.file.name != "google/protobuf/descriptor.proto"}
names = list(classes)
filler = contracts.Filler(seed, classes)
# The types with every kind of field, and those that JSON writes in its own way, come more often than the contracts' many.
special = [name for name in names if name.startswith(("huying.sample.", "google.protobuf.", "google.rpc."))]


def b64(data):
    return base64.b64encode(data).decode()


def some_type():
    return rng.choice(special) if rng.random() < 0.6 else rng.choice(names)


def text_of(message, **options):
    try:
        return json_format.MessageToJson(message, indent=None, sort_keys=True, descriptor_pool=pool, **options)
    except (json_format.Error, ValueError, TypeError):
        return "!"


LEAVES = [None, True, False, 0, 1, -1, 1.0, 1.5, 1e2, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295,
          4294967296, 9223372036854775807, 9223372036854775808, 18446744073709551615, 18446744073709551616, "0", "1", "-1",
          "9223372036854775808", "abc", "", "NaN", "Infinity", "-Infinity", "true", [], {}, [None], [1], {"a": 1}, "AQ==",
          "-_8", "AQ", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789+08:00", "1.5s", "-0.5s", "aB", "a_b",
          "WARMTH_HOT", 1e39, 1e-50, "1e2", "甲"]


def mutated(value):
    """`value` with one change somewhere inside."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        match rng.randint(0, 9):
            case 0:
                return {key: inner for key, inner in value.items() if key != name}
            case 1:
                return {("no_such" if key == name else key): inner for key, inner in value.items()}
            case 2:
                snake = "".join("_" + c.lower() if c.isupper() else c for c in name)
                return {(snake if key == name else key): inner for key, inner in value.items()}
            case 3:
                return value | {"newName": rng.choice(LEAVES)}
            case _:
                return {key: (mutated(inner) if key == name else inner) for key, inner in value.items()}
    if isinstance(value, list) and value and rng.random() < 0.8:
        index = rng.randrange(len(value))
        return value[:index] + [mutated(value[index])] + value[index + 1:]
    return rng.choice(LEAVES)


def damaged(text):
    """`text` with a few characters changed."""
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(data) + 1)
        match rng.randint(0, 3):
            case 0:
                del data[at:at + rng.randint(1, 3)]
            case 1:
                data[at:at] = rng.choice([b" ", b",", b"}", b"{", b"]", b"\"", b"\\", b"0", b"-", b"e", b".", b"\x01", b"\xff",
                                          b"\\ud800", b"\\u0041", b"\xed\xa0\x80", b"null", b"\n"])
            case 2:
                del data[at:]
            case _:
                start = rng.randrange(len(data) + 1)
                data[at:at] = data[start:start + 12]
    return bytes(data)


def parsed(name, text, ignore):
    try:
        message = json_format.Parse(text, classes[name](), ignore_unknown_fields=ignore, descriptor_pool=pool)
        return b64(contracts.canonical(message))
    except Exception:  # Whatever it throws, it refuses.
        return "!"


for index in range(messages):
    name = some_type()
    message = filler.fill(classes[name]())
    data = contracts.canonical(message)
    out.append(f"M\t{name}\t{b64(data)}\t{text_of(message)}")
    if index % 5 == 0:
        text = text_of(message, always_print_fields_with_no_presence=True)
        out.append(f"E\t{name}\t{b64(data)}\t{text}")

# What is changed at random is of types that stay as they are: the cases do not change with every new contract.
rng = random.Random(seed + 2)
filler = contracts.Filler(seed + 2, classes)

while texts > 0:
    name = rng.choice(special)
    text = text_of(filler.fill(classes[name]()))
    if text == "!":
        continue
    texts -= 1
    if rng.random() < 0.7:
        value = json.loads(text)
        for _ in range(rng.choice([1, 1, 2])):
            value = mutated(value)
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.35:
        data = damaged(data.decode("utf-8", "replace"))
    # Numbers in quotes are values of enums to Python and unknown names to us, which matters where these are passed over.
    ignore = rng.random() < 0.2 and not re.search(rb'"-?[0-9]+"', data)
    out.append(f"T\t{name}\t{int(ignore)}\t{b64(data)}\t{parsed(name, data, ignore)}")


def damaged_wire(name, data):
    data = bytearray(data)
    other = filler.fill(classes[name]()).SerializeToString(deterministic=True)
    match rng.randint(0, 7):
        case 0:
            return bytes(data + other)
        case 1:
            foreign = filler.fill(classes[rng.choice(special)]()).SerializeToString(deterministic=True)
            return bytes(data + foreign)
        case 2:
            return bytes(data[:rng.randrange(len(data) + 1)])
        case 3:
            return bytes(data + bytes([0x8b, 0x7d, 0x08, 0x01, 0x8c, 0x7d]) + other)  # An unknown group.
        case _:
            for _ in range(rng.randint(1, 4)):
                if data:
                    data[rng.randrange(len(data))] = rng.choice([0, 1, 2, 8, 0x7f, 0x80, 0xff, rng.randrange(256)])
            return bytes(data)


def keeps_map_entries_aside(message):
    """Whether Python has kept a map's entry as an unknown field: it does so with one that has unknown fields of its own, and
    the map goes without it. Here, as in C++, the entry is the map's and its unknown fields are lost."""
    fields = message.DESCRIPTOR.fields_by_number
    for unknown in UnknownFieldSet(message):
        field = fields.get(unknown.field_number)
        if field is not None and field.message_type is not None and field.message_type.GetOptions().map_entry:
            return True
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            values = value.values() if field.message_type.fields_by_name["value"].message_type else []
        else:
            values = value if isinstance(value, MutableSequence) else [value]
        if any(keeps_map_entries_aside(each) for each in values):
            return True
    return False


# Where bytes of a Value are damaged, another member of its oneof may stay than here; what lies in an Any is put in order by
# `canonical` only: not compared.
values = {"google.protobuf.Value", "google.protobuf.Struct", "google.protobuf.ListValue", "google.protobuf.Any"}
for _ in range(wires):
    name = rng.choice(special)
    while name in values:
        name = rng.choice(special)
    data = damaged_wire(name, filler.fill(classes[name]()).SerializeToString(deterministic=True))
    try:
        message = classes[name].FromString(data)
        if keeps_map_entries_aside(message):
            continue
        result = b64(contracts.canonical(message))
    except Exception:
        result = "!"
    if result == "!" and len(data) < 16 and data.count(data[:1]) > 1:
        continue  # Perhaps a bad text that a later one takes the place of: Python looks at both, we at the one that stays.
    if result == "!" and re.search(rb"[\x80-\xff]{4}[\x10-\x7f]", data):
        continue  # Perhaps a tag of more than 32 bits, of which protobuf-c takes the lower ones.
    out.append(f"W\t{name}\t{b64(data)}\t{result}")

sys.stdout.write("\n".join(out) + "\n")
