"""The target: one nginx worker pinned to one core, answering twelve bytes."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

CONFIGURATION = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ default_type text/plain; return 200 "Hello world\\n"; }}
    location = /stub_status {{ stub_status; }}
    {locations}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    def __init__(self, core, connections=4096, locations=""):
        """`locations`: what it answers besides, as its configuration has them."""
        self.core = core
        self.locations = locations
        self.connections = connections
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="vajrapulse-bench-")
        os.chmod(self.folder, 0o755)
        file = os.path.join(self.folder, "nginx.conf")
        with open(file, "w", encoding="utf-8") as out:
            out.write(CONFIGURATION.format(folder=self.folder, port=self.port, connections=self.connections,
                                           descriptors=self.connections + 1000, locations=self.locations))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen(
            ["taskset", "-c", str(self.core), program, "-p", self.folder, "-c", file],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait_until_it_answers()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_until_it_answers(self):
        for _ in range(100):
            try:
                self.requests()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"nginx did not start: see {self.folder}/error.log")

    def requests(self):
        """Requests that nginx has counted, this question included."""
        return int(re.search(r"\n\s*(\d+) (\d+) (\d+)", self._status()).group(3))

    def connections_now(self):
        """Open at this moment, the one of this question included."""
        return int(re.search(r"Active connections: (\d+)", self._status()).group(1))

    def _status(self):
        with urllib.request.urlopen(self.url + "stub_status", timeout=5) as answer:
            return answer.read().decode()
