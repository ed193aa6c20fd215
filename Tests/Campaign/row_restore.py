"""kill -9 while a set is laid back, and while a newer program takes over the files of an older one (`--older FOLDER`: its programs). What is
half laid back is not served and does not stand in the way; a file is as before its upgrade or after it, and the copy beside it is whole."""
import random
import shutil
import signal
import sqlite3
import subprocess

import row_kill
from attempts import Attempt
from clients import Auditor, Writers
from county import ALL, County
from faults import CHANGES, KILL, NEVER, Faults
from row_backup import some


def run(campaign):
    restore(campaign)
    if campaign.arguments.older:
        upgrade(campaign)
    else:
        campaign.say(True, "upgrades were not tried: there is no --older")


def written(campaign, county, count):
    """A county that people have written to, and that has ended. How many cases it had before, and the writers."""
    auditor = Auditor(county, campaign.told)
    try:
        auditor.until_all_are_reached()
        existing = auditor.count_cases()
        writers = Writers(county, campaign.told, campaign.arguments.seed, pause=0.01).start()
        try:
            writers.until_more(count)
        finally:
            writers.stop()
        auditor.until_relayed()
    finally:
        auditor.close()
    return existing, writers


def check(campaign, county, existing, writers):
    county.start()
    auditor = Auditor(county, campaign.told)
    try:
        auditor.until_all_are_reached()
        row_kill.check(campaign, county, auditor, writers, row_kill.Imports(county, 0), existing, rebuild=False)
    finally:
        auditor.close()


# ---- a set is laid back


class Laying:
    """`huying restore` of one set into the county's data folders."""

    def __init__(self, county, path):
        self.county, self.path = county, path
        self.into = county.folder / "data"
        self.faults = Faults(county.folder, "huying")

    def lay(self, kill=NEVER):
        self.faults.clear()
        self.faults[KILL] = kill
        done = subprocess.run(
            [*self.faults.prefix, self.county.program("huying"), "restore", str(self.path), "--into", str(self.into),
             "--key", str(self.county.home / "operator" / "backup.key")],
            env=self.county.client_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stderr.decode(errors="replace").strip()

    def clear(self):
        shutil.rmtree(self.into)
        self.into.mkdir()

    def files(self):
        return {str(file.relative_to(self.into)): file.read_bytes() for file in sorted(self.into.rglob("*")) if file.is_file()}

    def named(self):
        return {name: bytes for name, bytes in self.files().items() if name.endswith(".sqlite")}


def restore(campaign):
    dice = random.Random(campaign.arguments.seed)
    county = campaign.county()
    try:
        county.start()
        county.login()
        existing, writers = written(campaign, county, 200)
        county.run([county.program("huying"), "backup", str(county.folder / "sets"), "--to", county.secret("backup.pub")])
        county.stop_all()
        laying = Laying(county, next((county.folder / "sets").iterdir()))
        laying.clear()
        code, errors = laying.lay()
        whole, changes = laying.named(), laying.faults[CHANGES]
        if code != 0 or len(whole) != len(ALL):
            campaign.say(False, "an undisturbed restore", f"exit {code}: {errors}")
            return
        half, stuck, stray, served, moved, starts = [], [], [], [], 0, 0
        tried = set(some(dice, changes, 3))
        for point in range(1, changes + 1):
            laying.clear()
            code, _ = laying.lay(kill=point)
            named = laying.named()
            half += [f"{point}: {name}" for name, bytes in named.items() if bytes != whole[name]]
            if code == 0:
                continue
            drafts = [name for name in ALL if (county.data(name) / f"{name}.sqlite.restoring").exists() and f"{name}/{name}.sqlite" not in named]
            if point in tried and drafts:
                starts += 1
                faults = Attempt(county, drafts[-1]).faults()
                served += [f"{point}: {drafts[-1]}: {fault}" for fault in faults]
                if faults:
                    shutil.rmtree(county.data(drafts[-1]))
            code, errors = laying.lay()
            if code == 1 and all(str(laying.into / name) in errors for name in named) and "move its data away" in errors:
                moved += 1
                for name in named:
                    (laying.into / name).unlink()
                code, errors = laying.lay()
            if code != 0 or laying.named() != whole:
                stuck.append(f"{point}: exit {code} {errors[-200:]}")
            stray += [f"{point}: {name}" for name in laying.files() if name.endswith(".restoring")]
        campaign.none("a restore killed: what has its name is whole", half, f"at each of {changes} changes")
        campaign.none("a restore killed: it can be done again", stuck, f"{moved} times when what it named was moved away")
        campaign.none("done again it leaves no draft", stray)
        campaign.none("a start beside a draft alone is refused, and leaves it", served, f"{starts} starts")
        check(campaign, county, existing, writers)
        campaign.none("no process ended that nobody ended", county.ended())
    finally:
        county.end()


# ---- a newer program


def look(path):
    """What the engine says of a file, and its migrations."""
    try:
        connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            return sound, [row[0] for row in connection.execute("SELECT name FROM schema_migration ORDER BY name")]
        finally:
            connection.close()
    except sqlite3.Error as error:
        return str(error), []


def upgrade(campaign):
    dice = random.Random(campaign.arguments.seed)
    county = County(campaign.arguments.older, campaign.folder / "older")
    try:
        county.start()
        county.login()
        code, _, errors = county.huying("import", "county")
        if code != 0:
            campaign.say(False, "the older program imports a county", errors)
            return
        existing, writers = written(campaign, county, 200)
        county.stop_all()
        shutil.copytree(county.folder / "data", county.folder / "before")
        newer = County(campaign.arguments.folder, county.folder / "newer", county)
        county.programs = newer.programs
        refused, copies, ends, kills, figures = [], [], [], 0, []
        for name in ALL:
            kills += upgrade_one(county, name, dice, refused, copies, ends, figures)
        campaign.none("an upgrade killed: the next start serves", refused, f"{kills} kills; {', '.join(figures)}")
        campaign.none("every copy from before the upgrade is whole, and from before", copies)
        campaign.none("a file is as before the upgrade or after it", ends)
        check(campaign, county, existing, writers)
        campaign.none("no process ended that nobody ended", county.ended())
    finally:
        county.end()


def upgrade_one(county, name, dice, refused, copies, ends, figures):
    """Kills the newer program before some of its changes of one service's files; the last time it is let through."""
    faults, data, file = Faults(county.folder, name), county.data(name), county.database(name)

    def fresh(kill):
        shutil.rmtree(data)
        shutil.copytree(county.folder / "before" / name, data)
        faults.clear()
        faults[KILL] = kill
        county.launch(name, prefix=faults.prefix)

    before = look(file)
    fresh(NEVER)
    county.wait_until_serving(name)
    changes = faults[CHANGES]
    county.stop(name)
    after = look(file)
    figures.append(f"{name} {len(after[1]) - len(before[1])} migrations, {changes} changes")
    points = some(dice, changes, 25)
    for point in points:
        fresh(point)
        child = county.children.pop(name)
        if child.wait(60) != -signal.SIGKILL:
            refused.append(f"{name} at {point}: exit {child.returncode}")
        # As the engine will see it: with its log.
        with sqlite3.connect(shutil.copytree(data, county.folder / f"look-{name}-{point}") / file.name) as connection:
            known = [row[0] for row in connection.execute("SELECT name FROM schema_migration ORDER BY name")]
        connection.close()
        if known not in (before[1], after[1]):
            ends.append(f"{name} at {point}: {len(known)} migrations, between {len(before[1])} and {len(after[1])}")
        code, errors = county.try_to_start(name)
        if code is not None:
            refused.append(f"{name} at {point}: exit {code}: {errors.strip()[-300:]}")
            continue
        county.stop(name)
        if look(file) != after:
            ends.append(f"{name} at {point}: in the end {look(file)[0]}")
        folder = data / "before-upgrade"
        found = sorted(folder.iterdir()) if folder.exists() else []
        copies += [f"{name} at {point}: {copy.name} {look(copy)[0]}, {len(look(copy)[1])} migrations"
                   for copy in found if look(copy) != before]
        if len(before[1]) < len(after[1]) and not found:
            copies.append(f"{name} at {point}: there is none")
    return len(points)
