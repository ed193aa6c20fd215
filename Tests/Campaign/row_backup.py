"""kill -9 while a set is made: of `huying backup`, of a service that copies, of the gateway that makes one by the clock, of `backup verify`;
and second starts beside a copy. No half set has a set's name, what was broken off is cleared, and people write all the while."""
import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import row_kill
from attempts import Attempt
from clients import Writers
from county import ALL, eventually
from faults import CHANGES, KILL, NEVER, Faults

LIMIT = 90


def run(campaign):
    faults = {}

    def start(county):
        for name in ALL:
            faults[name] = Faults(county.folder, name)
        again(county, faults, *ALL)

    with campaign.at_work(start) as (county, auditor):
        existing = auditor.count_cases()
        dice = random.Random(campaign.arguments.seed)
        writers = Writers(county, campaign.told, campaign.arguments.seed, pause=0.5).start()
        try:
            shelf = Shelf(county, county.folder / "sets")
            by_hand(campaign, county, shelf, dice, writers)
            services(campaign, county, shelf, faults, dice, writers)
            second(campaign, county, shelf)
            verify(campaign, county, shelf, dice)
            by_the_clock(campaign, county, faults, dice, writers)
        finally:
            again(county, faults, *[name for name in ALL if name not in county.children or county.children[name].poll() is not None])
            writers.stop()
        row_kill.check(campaign, county, auditor, writers, row_kill.Imports(county, 0), existing, rebuild=False)


def again(county, faults, *names):
    for name in names:
        faults[name].clear()
        county.launch(name, prefix=faults[name].prefix)
    for name in names:
        county.wait_until_serving(name)


class Shelf:
    """A folder of sets, and `huying backup` over it."""

    def __init__(self, county, folder):
        self.county, self.folder = county, folder
        self.folder.mkdir(exist_ok=True)
        self.key = str(county.home / "operator" / "backup.key")
        self.work = county.folder / "work"
        self.work.mkdir(exist_ok=True)
        self.faults = Faults(county.folder, "huying")
        self.known = {}  # what verify has said

    def begin(self, *words, kill=NEVER):
        self.faults.clear()
        self.faults[KILL] = kill
        return subprocess.Popen(
            [*self.faults.prefix, self.county.program("huying"), "backup", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.county.client_environment())

    def make(self, kill=NEVER):
        """`huying backup`: its exit code (a signal is below 0), its errors and how long it took; code None: it did not end."""
        begin = time.monotonic()
        child = self.begin(str(self.folder), "--to", self.county.secret("backup.pub"), kill=kill)
        code, errors = ended(child)
        return code, errors, time.monotonic() - begin

    def until_made(self):
        """A set, from whoever may be refused at first. How long that took."""
        def made():
            code, errors, _ = self.make()
            if code != 0:
                raise RuntimeError(errors[-200:])
            return True
        return eventually("a set is made", made, within=LIMIT)

    @property
    def sets(self):
        return sorted(path for path in self.folder.iterdir() if path.name.startswith("huying-"))

    @property
    def drafts(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("huying-"))

    def verify(self, path, kill=NEVER):
        return ended(self.begin("verify", str(path), "--key", self.key, "--work-dir", str(self.work), kill=kill))

    def broken(self):
        """Sets that have a set's name, and do not hold. Each is looked at once."""
        for path in self.sets:
            if path not in self.known:
                code, said = self.verify(path)
                self.known[path] = [] if code == 0 else [f"{path.name}: exit {code} {said[-200:]}"]
        return [line for path in self.sets for line in self.known[path]]


def ended(child):
    try:
        _, errors = child.communicate(timeout=LIMIT)
        return child.returncode, errors.decode(errors="replace")
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return None, "it did not end"


def some(dice, last, count):
    """So many of 1…last, the first and the last ones surely."""
    ends = [*range(1, 4), *range(last - 5, last + 1)]
    return sorted({*ends, *(dice.randrange(1, last + 1) for _ in range(count))})


def by_hand(campaign, county, shelf, dice, writers):
    """`huying backup`, killed before one of its changes of files."""
    took = shelf.until_made()
    changes = shelf.faults[CHANGES]
    writers.until_more(10)
    broken, left, slowest = [], [], 0.0
    points = some(dice, changes, 12)
    for point in points:
        code, errors, _ = shelf.make(kill=point)
        if code != -signal.SIGKILL:
            broken.append(f"killed at {point}: exit {code} {errors[-200:]}")
        broken += shelf.broken()
        before = shelf.drafts
        slowest = max(slowest, shelf.until_made())
        left += [f"after {point}: {draft}" for draft in shelf.drafts if draft in before]
        shutil.rmtree(shelf.sets[0])
    campaign.none("huying backup, killed: no half set has a name; the next one is made", broken + shelf.broken(),
                  f"{len(points)} of {changes} changes, the next after {slowest:.1f} s at most ({took:.1f} s undisturbed)")
    campaign.none("huying backup, killed: the next one clears what it left", left)
    writers.until_more(10)


def services(campaign, county, shelf, faults, dice, writers):
    """A service, or the gateway, killed while it copies: there is no set, and soon; the next start clears its copies."""
    wrong, left, slowest, kills = [], [], 0.0, 0
    for name in ALL:
        for point in (1, 2, dice.randrange(3, 20), dice.randrange(3, 60), dice.randrange(3, 200)):
            before = len(shelf.sets)
            with armed(county, faults[name], name, point):
                code, errors, took = shelf.make()
            faults[name][KILL] = 0
            time.sleep(0.1)
            slowest = max(slowest, took)
            more = len(shelf.sets) - before
            if county.children[name].poll() is not None:
                kills += 1
                county.told_to_end.add(county.pid(name))
                again(county, faults, name)
                left += [f"{name} at {point}: {path}" for path in copies(county, name)]
            # Its last change may have come when the set was whole.
            if code is None or more != (code == 0):
                wrong.append(f"{name} at {point}: exit {code}, {more} more sets: {errors[-200:]}")
            wrong += shelf.broken()
            shelf.until_made()
            for path in shelf.sets[:-2]:
                shutil.rmtree(path)
            writers.until_more(5)
    campaign.none("a service killed while it copies: no set or a whole one, and the next one is made", wrong + shelf.broken(),
                  f"{kills} kills, huying says so after {slowest:.1f} s at most")
    campaign.none("its copies are gone after the next start", left)
    campaign.none("no draft stays", shelf.drafts)


@contextlib.contextmanager
def armed(county, faults, name, point):
    """Kills it before a change of a file, counted from when there is a copy."""
    over = threading.Event()

    def watch():
        while not over.is_set():
            if copies(county, name):
                faults[KILL] = point
                return
            time.sleep(0.0005)

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    over.set()
    thread.join()


def second(campaign, county, shelf):
    """Somebody starts each process once more while its copies are read: refused, and the copies are still there."""
    child = shelf.begin(str(shelf.folder), "--to", county.secret("backup.pub"))
    taken, refused = [], []
    try:
        eventually("the copies are made", lambda: all(copies(county, name) for name in ALL), within=LIMIT, pause=0)
        child.send_signal(signal.SIGSTOP)
        time.sleep(1)
        # Who has sent all of it has none any more.
        names = [name for name in ALL if copies(county, name)]
        for name in names:
            refused += [f"{name}: {fault}" for fault in Attempt(county, name, watch=False).faults()]
            taken += [] if copies(county, name) else [name]
    finally:
        child.send_signal(signal.SIGCONT)
    code, errors = ended(child)
    campaign.none("a second start beside copies is refused", refused)
    campaign.say(code == 0 and names and not taken, "a second start takes nobody's copies away",
                 f"exit {code}{' ' + errors[-200:] if code else ''}, beside copies of {' '.join(names)}, taken away: {' '.join(taken) or 'none'}")


def copies(county, name):
    return [file for file in os.listdir(county.data(name)) if file.startswith("copying-")]


def verify(campaign, county, shelf, dice):
    """`backup verify`, killed: the set is as before; what it had opened is cleared by the next one."""
    path = shelf.sets[-1]
    bytes = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    code, errors = shelf.verify(path)
    changes, killed, left = shelf.faults[CHANGES], 0, []
    for point in some(dice, changes, 6):
        killed += shelf.verify(path, kill=point)[0] == -signal.SIGKILL
        shelf.verify(path)
        left += [file.name for file in shelf.work.iterdir()]
        for file in shelf.work.iterdir():
            shutil.rmtree(file)
    same = bytes == {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    campaign.say(code == 0 and same, "backup verify, killed: the set is as it was", f"{killed} kills {errors[-200:] if code else ''}")
    campaign.none("backup verify, killed: the next one clears what it had opened", left)


def by_the_clock(campaign, county, faults, dice, writers):
    """The gateway makes sets itself, and is killed meanwhile, again and again."""
    shelf = Shelf(county, county.folder / "scheduled")
    county.variables = {
        "HUYING_BACKUP_EVERY": "10m", "HUYING_BACKUP_DIR": str(shelf.folder), "HUYING_BACKUP_KEEP": "1",
        "HUYING_BACKUP_TO": county.secret("backup.pub")}
    gateway = faults["gateway"]

    def until_made(count):
        return eventually("the gateway makes a set", lambda: len(shelf.sets) == count and not shelf.drafts, within=LIMIT)

    def restart(kill):
        with contextlib.suppress(KeyError):
            county.kill("gateway")
        gateway.clear()
        gateway[KILL] = kill
        county.launch("gateway", prefix=gateway.prefix)

    try:
        restart(NEVER)
        county.wait_until_serving("gateway")
        first = gateway[CHANGES]
        until_made(1)
        last = gateway[CHANGES]
        wrong, kills, heap = [], 0, 0
        for point in sorted(dice.randrange(first, last + 1) for _ in range(10)):
            # The set of before is older than ten minutes, as far as anybody can see: there is none.
            for path in shelf.sets:
                shutil.rmtree(path)
            restart(point)
            eventually("the gateway is killed or makes a set", lambda: county.children["gateway"].poll() is not None or shelf.sets, LIMIT)
            if county.children["gateway"].poll() is not None:
                kills += 1
                county.told_to_end.add(county.pid("gateway"))
                county.children.pop("gateway")
            wrong += shelf.broken()
            heap = max(heap, len(shelf.drafts))
        restart(NEVER)
        county.wait_until_serving("gateway")
        took = until_made(1) if not shelf.sets else 0
        campaign.none("the gateway killed while it makes a set: no half set has a name, the next one is made", wrong + shelf.broken(),
                      f"{kills} kills between changes {first} and {last}, a set {took:.1f} s after the last")
        campaign.say(heap <= 1 and not shelf.drafts, "the gateway killed: what is broken off does not pile up",
                     f"{heap} drafts at a time, {len(shelf.drafts)} in the end")
        writers.until_more(10)
    finally:
        county.variables = {}
        restart(NEVER)
        county.wait_until_serving("gateway")
