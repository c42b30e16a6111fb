"""Where each peer comes from, and how it gets into build/peers. A peer that cannot be had is a sentence, not an end."""

import os
import shutil
import subprocess
import tempfile

GO = {"vegeta": "github.com/tsenart/vegeta/v12@v12.13.0",
      "bombardier": "github.com/codesenberg/bombardier@v1.2.6",
      "k6": "go.k6.io/k6@v1.8.1"}
DEBIAN = {"wrk": "wrk", "ab": "apache2-utils", "h2load": "nghttp2-client", "hey": "hey"}
ORDER = ["wrk", "ab", "h2load", "hey", "bombardier", "vegeta", "autocannon", "locust", "k6", "oha"]

LIMIT_S = 1800


class Workshop:
    """Finds or builds programs under one folder; remembers why one is missing."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.bin = os.path.join(self.folder, "bin")
        self.why_not = {}
        os.makedirs(self.bin, exist_ok=True)

    def find(self, name):
        """Path of the program, or nothing."""
        own = os.path.join(self.bin, name)
        if name in DEBIAN:
            return shutil.which(name)
        return own if os.access(own, os.X_OK) else None

    def get(self, name):
        """Path of the program, built when it is not there; nothing (and a reason) when it cannot be had."""
        if self.find(name):
            return self.find(name)
        if name in DEBIAN:
            self.why_not[name] = f"Debian's {DEBIAN[name]} is not installed"
        elif name in GO:
            self._go(name)
        else:
            getattr(self, "_" + name)()
        if not self.find(name):
            self.why_not.setdefault(name, f"its build left no program (see {self.folder}/{name}.log)")
        return self.find(name)

    def _run(self, name, command, **environment):
        """One step of a build, with the lowest priority; its output goes to a file beside the programs."""
        if not shutil.which(command[0]):
            self.why_not[name] = f"{command[0]} is not here"
            return False
        print(f"  {name}: {' '.join(command)}", flush=True)
        with open(os.path.join(self.folder, f"{name}.log"), "a", encoding="utf-8") as log:
            try:
                done = subprocess.run(["nice", "-n", "19"] + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      env={**os.environ, **environment}, timeout=LIMIT_S, check=False, cwd=self.folder)
            except subprocess.TimeoutExpired:
                self.why_not[name] = f"{command[0]} did not end in {LIMIT_S} s"
                return False
        if done.returncode != 0:
            self.why_not[name] = f"{command[0]} failed (see {log.name})"
        return done.returncode == 0

    def _go(self, name):
        with tempfile.TemporaryDirectory(dir=self.folder) as path:
            self._run(name, ["go", "install", "-trimpath", "-ldflags=-s -w", GO[name]], GOPATH=path, GOBIN=self.bin,
                      GOFLAGS="-mod=mod -modcacherw", GOTOOLCHAIN="local")

    def _oha(self):
        with tempfile.TemporaryDirectory(dir=self.folder) as target:
            self._run("oha", ["cargo", "install", "--locked", "--root", self.folder, "--version", "1.16.0", "oha"],
                      CARGO_TARGET_DIR=target)

    def _autocannon(self):
        place = os.path.join(self.folder, "npm")
        os.makedirs(place, exist_ok=True)
        if self._run("autocannon", ["npm", "install", "--no-audit", "--no-fund", "--prefix", place, "autocannon@9.0.0"]):
            self._script("autocannon", f'exec node {place}/node_modules/autocannon/autocannon.js "$@"')

    def _locust(self):
        place = os.path.join(self.folder, "venv")
        if (self._run("locust", ["python3", "-m", "venv", place])
                and self._run("locust", [f"{place}/bin/pip", "install", "--quiet", "locust==2.47.0"])):
            self._script("locust", f'exec {place}/bin/locust "$@"')

    def _script(self, name, line):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as script:
            script.write(f"#!/bin/sh\n{line}\n")
        os.chmod(path, 0o755)


if __name__ == "__main__":
    import sys
    shop = Workshop(sys.argv[1])
    for peer in sys.argv[2:] or ORDER:
        print(peer, shop.get(peer) or f"cannot be had: {shop.why_not[peer]}", flush=True)
