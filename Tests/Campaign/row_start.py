"""Everything that can be in the way of a start: a second process on the same file, a file system that takes nothing, things that are no
database or no key, ports in use, settings that are none, a file that somebody has locked, few descriptors. The process ends soon, with a
code and one line that says what is wrong, and leaves what it found as it is. kill -9 right before any change of a file of the very first
start. And starts in any order."""
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import uuid

from attempts import LIMIT, Attempt, Look
from clients import report_request
from county import ALL, SERVICES, Broken
from faults import CHANGES, KILL, NEVER, Faults


def run(campaign):
    first_starts(campaign)
    with campaign.at_work() as (county, auditor):
        for _ in range(5):
            auditor.operator.insist(auditor.operator.cases.ReportCase, report_request(str(uuid.uuid4())))
        auditor.until_relayed()
        existing = auditor.count_cases()
        second(campaign, county)
        county.stop_all()
        places(campaign, county)
        secrets(campaign, county)
        settings(campaign, county)
        locked(campaign, county)
        starving(campaign, county)
        orders(campaign, county)
        auditor.until_all_are_reached()
        campaign.say(auditor.count_cases() == existing, "afterwards all start, and have what they had", f"{existing} cases")
        campaign.none("chains hold, nothing is parked, the scorecards are what their facts say", auditor.unsound())


def second(campaign, county):
    look = Look(campaign, "a second process on the same file is refused")
    for name in ALL:
        look.at(name, Attempt(county, name))
    look.end()
    campaign.none("the first goes on", [name for name in ALL if not county.serves(name)])


def places(campaign, county):
    """What stands where the database should, its log, its index, its lock."""
    look = Look(campaign, "no place for a database is said in one line")
    name = "dispute"
    folder, file = county.data(name), county.database(name)
    kept = county.folder / "kept"
    shutil.copytree(folder, kept)
    nowhere = county.folder / "nowhere" / "x.sqlite"
    # Root may read and write whatever it likes, unless it lacks that one right.
    plain = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]

    def with_file(case, make, prefix=()):
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        make()
        look.at(case, Attempt(county, name, prefix=prefix))
        folder.chmod(0o700)

    def beside(suffix, make):
        def lay():
            shutil.copy(kept / file.name, file)
            make(file.with_name(file.name + suffix))
        return lay

    with_file("empty", lambda: file.write_bytes(b""))
    with_file("a text", lambda: file.write_text("你好\n" * 3000))
    with_file("a folder", lambda: file.mkdir())
    with_file("a pipe", lambda: os.mkfifo(file))
    with_file("a link to nowhere", lambda: file.symlink_to(nowhere))
    with_file("a link to itself", lambda: file.symlink_to(file))
    with_file("a device", lambda: file.symlink_to("/dev/zero"))
    with_file("a socket", lambda: _socket(file))
    with_file("another service's", lambda: shutil.copy(county.database("dispatch"), file))
    with_file("another program's", lambda: _foreign(file))
    with_file("half", lambda: file.write_bytes((kept / file.name).read_bytes()[:50_000]))
    with_file("not readable", beside("", lambda path: path.chmod(0)), plain)
    with_file("not writable", beside("", lambda path: path.chmod(0o400)), plain)
    with_file("in a folder that may not be written", beside("", lambda path: folder.chmod(0o500)), plain)
    with_file("in a folder that may not be read", beside("", lambda path: folder.chmod(0)), plain)
    for suffix in ("-wal", "-shm"):
        with_file(f"{suffix} is a folder", beside(suffix, lambda path: path.mkdir()))
        with_file(f"{suffix} is a pipe", beside(suffix, lambda path: os.mkfifo(path)))
        with_file(f"{suffix} is a device", beside(suffix, lambda path: path.symlink_to("/dev/zero")))
        with_file(f"{suffix} is a link to nowhere", beside(suffix, lambda path: path.symlink_to(nowhere)))
        with_file(f"{suffix} may not be read", beside(suffix, lambda path: (path.touch(), path.chmod(0))), plain)
    with_file("the lock is a folder", beside(".lock", lambda path: path.mkdir()))
    with_file("the lock is a link to nowhere", beside(".lock", lambda path: path.symlink_to(nowhere)))
    with_file("the lock may not be written", beside(".lock", lambda path: (path.touch(), path.chmod(0))), plain)
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    for case, place in {"the folder is a file": str(file), "below a file": str(file / "x"), "below /proc": "/proc/x/y"}.items():
        look.at(case, Attempt(county, name, {"HUYING_DATA_DIR": place}))
    # Not for root: a mount that takes nothing.
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    look.at("a file system that takes nothing", Attempt(county, name, prefix=["unshare", "-m", "sh", "-c", script, str(folder)]))
    disk = county.folder / "disk"
    disk.mkdir()
    full = 'mount -t tmpfs -o size=4m,mode=0700 tmpfs "$0" && {0}{{ cat /dev/zero > "$0/filler" 2>/dev/null; exec "$@"; }}'
    for case, copy in {"a disk without room": "", "a disk without room, with data": f'cp "{file}" "$0/" && '}.items():
        prefix = ["unshare", "-m", "sh", "-c", full.format(copy), str(disk)]
        look.at(case, Attempt(county, name, {"HUYING_DATA_DIR": str(disk)}, prefix, watch=False), (1, 2))
    look.end()


def _socket(path):
    # Its name may be longer than a socket's may be.
    with socket.socket(socket.AF_UNIX) as own:
        folder = os.open(path.parent, os.O_RDONLY)
        own.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


def _foreign(file):
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes(text)")
    connection.close()


def secrets(campaign, county):
    """Keys and certificates that are missing or none."""
    look = Look(campaign, "a key that is missing or none is said in one line")
    here = county.folder / "secrets"
    shutil.copytree(county.home / "secrets", here)
    files = {
        "dispute": {"HUYING_SEALING_KEY": "dispute-sealing.key", "HUYING_KEY_DIR": "actor-signing.key"},
        "gateway": {"HUYING_TLS_CERTIFICATE": "gateway-certificate.pem", "HUYING_TLS_KEY": "gateway-key.pem", "HUYING_JWKS": "jwks.json",
                    "HUYING_KEY_DIR": "actor-signing.key"},
    }
    for name, variables in files.items():
        for variable, file in variables.items():
            path = here / file
            right = path.read_bytes()
            own = {variable: str(here if variable == "HUYING_KEY_DIR" else path)}
            # A signing key is made where there is none: compose mounts the folder read-only, and then that is refused.
            cases = {} if variable == "HUYING_KEY_DIR" else {"missing": None}
            for case, wrong in (cases | {"empty": b"", "noise": os.urandom(200), "half": right[:len(right) // 2], "a folder": ...}).items():
                path.unlink()
                if wrong is ...:
                    path.mkdir()
                elif wrong is not None:
                    path.write_bytes(wrong)
                    path.chmod(0o600)
                look.at(f"{name} {file} {case}", Attempt(county, name, own), (1, 2))
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
                path.write_bytes(right)
                path.chmod(0o600)
    other = here / "other-key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(other)], check=True,
                   stderr=subprocess.DEVNULL)
    look.at("gateway another's TLS key", Attempt(county, "gateway", {"HUYING_TLS_KEY": str(other)}))
    look.end()


def settings(campaign, county):
    look = Look(campaign, "a setting that is none is said in one line")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = f"127.0.0.1:{taken.getsockname()[1]}"
        for case, variables in {
                "a port in use": {"HUYING_LISTEN": port}, "an admin port in use": {"HUYING_ADMIN": port},
                "a county of letters": {"HUYING_COUNTY": "abc"},
                "an address that is none": {"HUYING_LISTEN": "here:now"},
                "a port too large": {"HUYING_LISTEN": "127.0.0.1:70000"}, "another machine's address": {"HUYING_LISTEN": "192.0.2.1:7902"},
                "an admin address that is none": {"HUYING_ADMIN": "7902"}}.items():
            for name in ("dispute", "gateway"):
                look.at(f"{name}, {case}", Attempt(county, name, variables))
    look.at("grid-registry, another county", Attempt(county, "grid-registry", {"HUYING_COUNTY": "110101000000"}))
    look.at("a flag that is none", Attempt(county, "dispute", prefix=["sh", "-c", 'exec "$0" --nonsense']))
    look.end()


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode=EXCLUSIVE")
connection.execute("BEGIN EXCLUSIVE")
print(flush=True)
sys.stdin.read()
"""


def locked(campaign, county):
    """Somebody looks into the file with another program, and does not let go."""
    look = Look(campaign, "a file that another program has locked is refused in one line")
    for name in SERVICES:
        # A process of its own: whoever closes a file loses the locks that he has on it elsewhere.
        holder = subprocess.Popen([sys.executable, "-c", HOLD, str(county.database(name))], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        holder.stdout.readline()
        look.at(name, Attempt(county, name, watch=False), (1, 2))
        holder.communicate()
    look.end()


def starving(campaign, county):
    """So few descriptors that it cannot open what it needs: it says so, or it serves."""
    look = Look(campaign, "with few descriptors it serves, or says so in one line")
    for name in ("dispute", "gateway"):
        for count in (20, 24, 28, 32, 40, 48):
            attempt = Attempt(county, name, prefix=["timeout", "-s", "TERM", "6", "prlimit", f"--nofile={count}:{count}"])
            if '"serving"' not in attempt.output:
                look.at(f"{name} with {count}", attempt, (1, 2))
    look.end()


def orders(campaign, county):
    """One after another, each serving before the next one comes, the gateway first, in the middle and last."""
    dice = random.Random(campaign.arguments.seed)
    bad, slowest = [], 0.0
    for place in (0, 3, 5):
        names = dice.sample(SERVICES, len(SERVICES))
        names.insert(place, "gateway")
        try:
            for name in names:
                county.launch(name)
                slowest = max(slowest, county.wait_until_serving(name))
        except Broken as error:
            bad.append(f"{' '.join(names)}: {error}")
        if place != 5:
            county.stop_all()
    campaign.none("started one by one, in any order, each serves", bad, f"after {slowest:.1f} s at most")


def first_starts(campaign):
    """kill -9 right before a change of a file of the very first start, keys and all; the next one starts, and makes all of it."""
    county = campaign.county()
    dice = random.Random(campaign.arguments.seed)
    refused, less, strays, kills, changes = [], [], [], 0, {}
    data = county.folder / "data"
    try:
        for name in ALL:
            faults = Faults(county.folder, name)
            county.variables = {
                "HUYING_KEY_DIR": str(data / "keys"), "HUYING_SEALING_KEY": str(county.data(name) / "sealing.key"),
                "HUYING_CARE_VISITS": "on"}

            def first(kill):
                shutil.rmtree(data)
                data.mkdir()
                faults.clear()
                faults[KILL] = kill
                county.launch(name, prefix=faults.prefix)

            def made():
                return {str(path.relative_to(data)) for path in data.rglob("*")}, schema(county.database(name))

            first(NEVER)
            county.wait_until_serving(name)
            changes[name] = faults[CHANGES]
            county.stop(name)
            whole = made()
            every = range(1, changes[name] + 1)
            for point in sorted({*every[:32], *dice.sample(every, min(len(every), 16)), *every[-2:]}):
                first(point)
                child = county.children.pop(name)
                child.wait(LIMIT)
                kills += 1
                code, errors = county.try_to_start(name)
                if code is not None:
                    refused.append(f"{name} at {point}: exit {code}: {errors.strip()}")
                    continue
                county.stop(name)
                now = made()
                strays += [f"{name} at {point}: {path}" for path in sorted(now[0] - whole[0])]
                less += [f"{name} at {point}: no {path}" for path in sorted(whole[0] - now[0])]
                less += [f"{name} at {point}: other tables"] if now[1] != whole[1] else []
        figures = ", ".join(f"{name} {count}" for name, count in changes.items())
        campaign.none("kill -9 during the very first start: the next one starts", refused, f"{kills} kills, of changes: {figures}")
        campaign.none("and makes all that a first start makes", less)
        campaign.none("and nothing else lies there", strays)
        campaign.none("no process ended that nobody ended", county.ended())
    finally:
        county.end()


def schema(path):
    """Tables and indexes, and which migrations made them."""
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as connection:
        tables = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
        migrations = connection.execute("SELECT name, checksum FROM schema_migration").fetchall()
    connection.close()
    return sorted(map(str, tables)), sorted(migrations)
