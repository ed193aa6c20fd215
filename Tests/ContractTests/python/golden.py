"""Writes Tests/ContractTests/golden.txt: for every message of every contract, what PyPI's protobuf makes of seeded values.

usage: python3 Tests/ContractTests/python/golden.py [--check]   (needs grpcio-tools; --check only compares)
"""
import base64
import pathlib
import sys

import contracts

SEED = 20260101
LIMIT = 1500
pool, classes = contracts.load()
lines = []
for name, kind in classes.items():
    filler = contracts.Filler(f"{SEED} {name}", classes)
    candidates = [contracts.canonical(filler.fill(kind())) for _ in range(12)]
    fitting = sorted((data for data in set(candidates) if len(data) <= LIMIT), key=lambda data: (len(data), data))
    for data in fitting[-2:]:
        lines.append(f"{name} {base64.b64encode(data).decode()}\n")
target = pathlib.Path(contracts.root, "Tests/ContractTests/golden.txt")
if "--check" in sys.argv:
    if target.read_text() != "".join(lines):
        sys.exit("golden.txt is not what golden.py makes: run it and commit what it wrote")
    print(f"{len(lines)} lines, as kept")
else:
    target.write_text("".join(lines))
