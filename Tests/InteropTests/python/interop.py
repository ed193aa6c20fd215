"""Runs our programs against foreign ones, both ways, over every transport, and prints a table. Exit code 1 if anything failed.

usage: interop.py FOLDER [--short] [--only WORD]
FOLDER has interop-server and interop-client; --short takes a representative part; --only the rows that contain WORD.
"""
import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import certificates
import testing_contract

# Whoever runs this may pass on that it ignores or blocks SIGTERM, which is how the servers here are ended.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_SETMASK, [])

HERE = pathlib.Path(__file__).resolve().parent
NO_COMPRESSION = [
    "client_compressed_unary", "client_compressed_streaming", "server_compressed_unary", "server_compressed_streaming"]
UNSEEN_COMPRESSION = ["client_compressed_unary", "client_compressed_streaming"]


class Suite:
    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = pathlib.Path(folder)
        self.authority = certificates.Authority(folder, "interop")
        self.server_pair = self.authority.issue("server", "localhost")
        self.client_pair = self.authority.issue("client", "interop-client")
        self.rows = []
        self.servers = 0
        stubs = self.folder / "stubs"
        stubs.mkdir()
        testing_contract.make(str(stubs))
        self.environment = dict(os.environ, HUYING_STUBS=str(stubs), PYTHONDONTWRITEBYTECODE="1", GRPC_VERBOSITY="NONE")

    def ours(self, name):
        return [str(pathlib.Path(self.arguments.folder).resolve() / name)]

    @staticmethod
    def foreign(name):
        return [sys.executable, str(HERE / f"{name}.py")]

    def wanted(self, title):
        return not self.arguments.only or self.arguments.only in title

    def row(self, title, server, client, transport="plaintext", skipped=(), note=""):
        """One client against one server, started for it."""
        if not self.wanted(f"{title} {transport}"):
            return
        begin = time.monotonic()
        process, flags = self.start(server, transport)
        try:
            lines, complaint = self.run(client + flags, 900)
        finally:
            code = self.stop(process)
        outcomes = [line for line in lines if ": passed" in line or ": FAILED" in line]
        failures = [line for line in outcomes if ": FAILED" in line]
        if complaint and not failures:
            failures.append(complaint)
        if not outcomes and not failures:
            failures.append("nothing was run")
        if code not in (0, -signal.SIGTERM):
            failures.append(f"the server ended with {code}")
        passed = len([line for line in outcomes if ": passed" in line])
        self.add(title, transport, passed, failures, time.monotonic() - begin, ", ".join(skipped) or note)

    def add(self, title, transport, passed, failures, seconds, note=""):
        self.rows.append((title, transport, passed, failures, seconds, note))
        verdict = "ok" if not failures else "FAILED"
        print(f"{verdict:7}{title} · {transport}: {passed} passed in {seconds:.1f} s", flush=True)
        for failure in failures[:6]:
            print(f"       {failure}", flush=True)
        if len(failures) > 6:
            print(f"       and {len(failures) - 6} more", flush=True)

    def start(self, server, transport):
        """Gives the process, and the flags of a client for it."""
        self.servers += 1
        flags, client = ["--port", "0"], []
        socket = str(self.folder / f"{self.servers}.sock")
        if transport == "unix":
            flags += ["--unix", socket]
        if transport in ("tls", "mtls"):
            flags += ["--tls-cert", self.server_pair[0], "--tls-key", self.server_pair[1]]
            client += ["--tls", "--ca", self.authority.path]
        if transport == "mtls":
            flags += ["--client-ca", self.authority.path]
            client += ["--cert", self.client_pair[0], "--key", self.client_pair[1]]
        process = subprocess.Popen(server + flags, stdout=subprocess.PIPE, text=True, env=self.environment)
        port = process.stdout.readline().strip()
        assert port, f"{server} did not start"
        return process, ["--target", f"unix:{socket}" if transport == "unix" else f"127.0.0.1:{port}"] + client

    def run(self, command, limit):
        """Lines, and what is wrong with the end."""
        try:
            done = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit, env=self.environment)
        except subprocess.TimeoutExpired as late:
            output = late.stdout or b""
            lines = (output if isinstance(output, str) else output.decode()).splitlines()
            return lines, f"no end after {limit} s, last: {lines[-1] if lines else 'nothing'}"
        complaint = None
        if done.returncode != 0:
            complaint = f"exit code {done.returncode}: {done.stderr.strip()[-300:]}"
        return done.stdout.splitlines(), complaint

    @staticmethod
    def stop(process):
        process.terminate()
        try:
            return process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "SIGKILL after 15 s"
        finally:
            process.stdout.close()

    def peers(self):
        """Clients of theirs on our server, and ours on theirs."""
        short = self.arguments.short
        server, client = self.ours("interop-server"), self.ours("interop-client")
        calls = ["--concurrent-calls", "50" if short else "1000"]
        pairs = {
            "plaintext": ("grpcio", "grpclib", "grpcio_server", "grpclib_server"), "tls": ("grpcio_aio_server",),
            "mtls": ("grpcio", "grpcio_server"), "unix": ("grpclib", "grpcio_server")}
        for transport in ("plaintext", "tls", "mtls", "unix"):
            self.short = pairs[transport] if short else None
            self.row("interop-client → interop-server", server, client + calls, transport)
            if self.takes("grpcio"):
                self.row("grpcio → interop-server", server, self.foreign("grpcio_client") + calls, transport)
            if self.takes("grpclib"):
                self.row(
                    "grpclib → interop-server", server, self.foreign("grpclib_client") + calls, transport,
                    note="grpclib knows no compression")
            for name in ("grpcio_server", "grpcio_aio_server"):
                if not self.takes(name):
                    continue
                title = f"interop-client → {name.removesuffix('_server').replace('_', ' ')}"
                self.row(
                    title, self.foreign(name), client + calls + ["--except", ",".join(UNSEEN_COMPRESSION)], transport,
                    UNSEEN_COMPRESSION)
                self.row(
                    f"{title}, compressed", self.foreign(name), client + ["--case", "client_compressed_unprobed"], transport)
            if self.takes("grpclib_server"):
                self.row(
                    "interop-client → grpclib", self.foreign("grpclib_server"),
                    client + calls + ["--except", ",".join(NO_COMPRESSION)], transport, NO_COMPRESSION)

    def takes(self, name):
        return self.short is None or name in self.short

    def conformance(self):
        """Hand-made frames and grpcio's options against our server."""
        server = self.ours("interop-server")
        more = ["--server", server[0]]
        for title, script in (("protocol document", "protocol_cases"), ("lawful oddities", "lawful_cases")):
            self.row(f"{title} → interop-server", server, self.foreign(script) + more)
        client = ["--client", self.ours("interop-client")[0]]
        self.row("TLS of both programs", server, self.foreign("tls_cases") + more + client)
        short = ["--short"] if self.arguments.short else []
        self.row("grpcio's options → interop-server", server, self.foreign("grpcio_features") + more + short)
        self.row("Debian tools → interop-server", server, self.foreign("tools") + short)
        if not self.arguments.short:
            self.row("Debian tools → interop-server", server, self.foreign("tools"), "tls")
        calls = ["--case", "empty_unary,large_unary,server_streaming,rpc_soak"]
        odd = ["one_byte_frames", "padding", "continuation"] if self.arguments.short else odd_cases()
        for case in odd:
            self.row(
                f"interop-client → odd server ({case})", self.foreign("odd_server") + ["--case", case],
                self.ours("interop-client") + calls)
        for case in ("goaway", "rst_after_header", "rst_during_data", "rst_after_data", "ping", "max_streams"):
            self.row(
                f"interop-client → breaking server ({case})", self.foreign("breaking_server") + ["--case", case],
                self.ours("interop-client") + ["--case", case])

    def table(self):
        """Everything again, as Markdown."""
        print("\n| pair | transport | passed | failed | seconds | left out |\n|---|---|---|---|---|---|")
        for title, transport, passed, failures, seconds, note in self.rows:
            print(f"| {title} | {transport} | {passed} | {len(failures)} | {seconds:.1f} | {note} |")
        failed = sum(len(failures) for _, _, _, failures, _, _ in self.rows)
        passed = sum(passed for _, _, passed, _, _, _ in self.rows)
        print(f"\n{passed} passed, {failed} failed")
        return 1 if failed or not passed else 0


def odd_cases():
    import ast

    tree = ast.parse((HERE / "odd_server.py").read_text())
    return next(
        ast.literal_eval(node.value) for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CASES")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only")
    folder = tempfile.mkdtemp(prefix="huying-interop-")
    try:
        suite = Suite(parser.parse_args(), folder)
        suite.peers()
        suite.conformance()
        return suite.table()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
