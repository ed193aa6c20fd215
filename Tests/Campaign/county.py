"""A county's installation as `huying init` makes it: six real processes over TLS at the gateway, in a folder of its own, which a row can
kill, freeze, starve and start again."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

SERVICES = ["grid-registry", "dispute", "responsibility-list", "dispatch", "performance-evaluation"]
ALL = SERVICES + ["gateway"]
CODE = "379922000000"
PATIENCE = 60


class Broken(Exception):
    """The campaign cannot go on; not a finding about what is tried."""


def eventually(what, condition, within=PATIENCE, pause=0.1):
    """Asks until it holds; says how long that took."""
    begin = time.monotonic()
    last = None
    while True:
        try:
            if condition():
                return time.monotonic() - begin
            last = None
        except Exception as error:  # whatever it was is told if it stays
            last = error
        if time.monotonic() - begin > within:
            raise Broken(f"not within {within} s: {what}" + (f" ({last})" if last else ""))
        time.sleep(pause)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class County:
    def __init__(self, programs, folder, template=None):
        self.programs = pathlib.Path(programs).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "log").mkdir(exist_ok=True)
        ports = free_ports(2 * len(ALL))
        self.ports = dict(zip(ALL, ports))
        self.admin_ports = dict(zip(ALL, ports[len(ALL):]))
        self.children = {}
        self.logs = {}
        self.tokens = {}
        self.variables = {}
        self.before = []  # words before each program
        self.gone = []  # what ended without being told to
        self.told_to_end = set()
        self.home = template.home if template else self.folder / "county"
        if template:
            for name in ALL:
                shutil.copytree(template.data(name), self.data(name))
        else:
            self.run([self.program("huying"), "init", str(self.home), "--county", CODE, "--name", "localhost"])

    def program(self, name):
        return str(self.programs / name)

    def data(self, name):
        return self.folder / "data" / name

    def database(self, name):
        return self.data(name) / f"{name}.sqlite"

    def secret(self, name):
        return str(self.home / "secrets" / name)

    @property
    def authority(self):
        return pathlib.Path(self.secret("county-ca.pem")).read_bytes()

    @property
    def target(self):
        return f"localhost:{self.ports['gateway']}"

    def log(self, name):
        path = self.folder / "log" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # ---- processes

    def environment(self, name, data=None):
        """What docker-compose.yml gives the service, on this machine's loopback."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("HUYING_")}
        own |= {
            "HUYING_COUNTY": CODE, "HUYING_LISTEN": f"127.0.0.1:{self.ports[name]}",
            "HUYING_ADMIN": f"127.0.0.1:{self.admin_ports[name]}", "HUYING_DATA_DIR": str(data or self.data(name)),
            "HUYING_KEY_DIR": str(self.home / "secrets"), "HUYING_SEALING_KEY": self.secret(f"{name}-sealing.key"),
        }
        if name == "gateway":
            own |= {
                "HUYING_TLS_CERTIFICATE": self.secret("gateway-certificate.pem"),
                "HUYING_TLS_KEY": self.secret("gateway-key.pem"), "HUYING_JWKS": self.secret("jwks.json"),
                "HUYING_FIRST_ADMINISTRATOR": self.secret("first-administrator"),
            }
            for other in SERVICES:
                own[f"HUYING_{other.upper().replace('-', '_')}_TARGET"] = f"127.0.0.1:{self.ports[other]}"
        return own | self.variables

    def launch(self, name, prefix=(), data=None):
        """Starts a process and does not wait for it."""
        log = open(self.folder / "log" / f"{name}.log", "ab")
        self.children[name] = subprocess.Popen(
            [*self.before, *prefix, self.program(name)], env=self.environment(name, data), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            process_group=0)
        log.close()
        return self.children[name]

    def try_to_start(self, name, limit=PATIENCE):
        """Runs a process that may refuse to start. Its exit code and what it said on standard error; None: it serves, and is ended."""
        child = subprocess.Popen(
            [self.program(name)], env=self.environment(name), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, process_group=0)
        self.children[name] = child
        deadline = time.monotonic() + limit
        while child.poll() is None and not self.serves(name):
            if time.monotonic() > deadline:
                child.kill()
                child.wait()
                raise Broken(f"{name} neither serves nor ends")
            time.sleep(0.02)
        if child.poll() is None:
            return None, ""
        errors = child.stderr.read().decode(errors="replace")
        child.stderr.close()
        del self.children[name]
        return child.returncode, errors

    def serves(self, name):
        """Whether `PROGRAM probe` would say so; asked by the admin port, which costs no process."""
        import urllib.request

        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_ports[name]}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_until_serving(self, name):
        def serving():
            child = self.children[name]
            if child.poll() is not None:
                raise Broken(f"{name} ended with {child.returncode}: {self.log(name)[-600:]}")
            return self.serves(name)
        return eventually(f"{name} serves", serving, pause=0.02)

    def start(self, *names, prefix=(), data=None):
        for name in names or ALL:
            self.launch(name, prefix, data)
        for name in names or ALL:
            self.wait_until_serving(name)

    def pid(self, name):
        return self.children[name].pid

    def signal(self, name, number):
        if number in (signal.SIGTERM, signal.SIGINT):
            self.told_to_end.add(self.pid(name))
        self.children[name].send_signal(number)

    def ended(self):
        """Processes that have ended, now or in the meantime, and nobody had told them to."""
        for name, child in self.children.items():
            self._look_at(name, child)
        return self.gone

    def _look_at(self, name, child):
        if child.poll() is None or child.pid in self.told_to_end:
            return
        self.told_to_end.add(child.pid)
        said = [line for line in self.log(name).split("\n") if "***" in line or "Fatal error" in line]
        self.gone.append(f"{name}: exit {child.returncode} {' '.join(said[-2:])}".rstrip())

    def kill(self, name):
        child = self.children.pop(name)
        self._look_at(name, child)
        child.send_signal(signal.SIGKILL)
        child.wait()

    def stop(self, name, within=30):
        """SIGTERM. Its exit code and how long it took; code None: it did not end, and was killed."""
        child = self.children.pop(name)
        self._look_at(name, child)
        begin = time.monotonic()
        child.send_signal(signal.SIGTERM)
        try:
            return child.wait(within), time.monotonic() - begin
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return None, time.monotonic() - begin

    def stop_all(self):
        for name in reversed(ALL):
            if name in self.children:
                self.stop(name)

    def end(self):
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(signal.SIGCONT)
                child.kill()
            child.wait()
        self.children = {}

    def resident(self, name):
        """Resident memory of a process, MiB."""
        status = pathlib.Path(f"/proc/{self.pid(name)}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    # ---- huying

    def run(self, command, **more):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.client_environment(), **more)
        if done.returncode != 0:
            raise Broken(f"{' '.join(command[1:4])} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
        return done.stdout.decode()

    def client_environment(self, session="session.json"):
        own = {key: value for key, value in os.environ.items() if not key.startswith("HUYING_")}
        return own | {
            "HUYING_SESSION": str(self.folder / session), "HUYING_KEY_DIR": str(self.home / "operator"),
            "HUYING_TARGET": self.target, "HUYING_CA": self.secret("county-ca.pem"), "HUYING_LANG": "en",
            "HUYING_CONFIG": str(self.folder / "config.json"),
        }

    def huying(self, *words, session="session.json"):
        """Runs huying to its end: exit code, output, errors."""
        done = subprocess.run(
            [self.program("huying"), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.client_environment(session))
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def begin_huying(self, *words, session="session.json"):
        return subprocess.Popen(
            [self.program("huying"), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.client_environment(session))

    def login(self, role="COUNTY_ADMIN", organisation="county-gov", session="session.json"):
        self.run([
            self.program("huying"), "login", "--as", f"{role}@{organisation}", "--county", CODE, "--target", self.target,
            "--ca", self.secret("county-ca.pem"), "--quiet"]) if session == "session.json" else None

    def token(self, role, organisation="county-gov"):
        import json

        key = f"{role}@{organisation}"
        if key not in self.tokens:
            session = f"session-{len(self.tokens)}.json"
            code, _, errors = self.huying(
                "login", "--as", key, "--county", CODE, "--target", self.target, "--ca", self.secret("county-ca.pem"), "--quiet",
                session=session)
            if code != 0:
                raise Broken(f"no login as {key}: {errors}")
            self.tokens[key] = json.loads((self.folder / session).read_text())["token"]
        return self.tokens[key]

