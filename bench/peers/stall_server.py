"""A server that answers at once, but every 2 s for 240 ms not at all: our demo server, on a core of its own."""

import os
import signal
import socket
import subprocess
import time

from nginx import free_port

EVERY, LENGTH = "2s", "240ms"
FIRST_S = 3  # its first stall comes after 2 s; from here on, 10 s hold five whole ones, wherever they begin


class StallServer:
    def __init__(self, program, core):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.command = ["taskset", "-c", str(core), program, "demo-server", "--listen", f"127.0.0.1:{self.port}",
                        "--stall-every", EVERY, "--stall-for", LENGTH]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    time.sleep(FIRST_S)
                    return self
            time.sleep(0.05)
        raise SystemExit(f"{' '.join(self.command)} did not start")

    def __exit__(self, *_):
        os.kill(self.process.pid, signal.SIGTERM)
        self.process.wait(10)
