"""What every group of these tests stands on: the command under test, what it runs against, and how its result
is read. Everything listens on loopback, on free ports, and ends by its process id."""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

NGINX = "/usr/sbin/nginx"
STEP_LIMIT_S = 25
REACTORS = ("io_uring", "epoll")

# 0: the run says it was VALID or DEGRADED, 98: INVALID. On a host that gives its processor to others at
# times both are right answers, and what is tested here holds in both.
ANSWERED = (0, 98)

_binary = ""


def use_binary(path):
    global _binary
    _binary = os.path.abspath(path)


def command_line(*arguments):
    return [_binary, *arguments]


def run(*arguments, **options):
    """Runs the command to its end."""
    options.setdefault("timeout", STEP_LIMIT_S)
    if "stdout" not in options:
        options.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return subprocess.run(command_line(*arguments), text=True, **options)


@contextlib.contextmanager
def started(*arguments):
    """The command on its way, with its output in pipes; ended by its process id when the test has not."""
    process = subprocess.Popen(command_line(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def eventually(condition, what):
    """Polls until `condition` gives something true, and returns it."""
    deadline = time.monotonic() + STEP_LIMIT_S
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.005)
    raise AssertionError(f"did not happen: {what}")


def signal_and_await(process, number):
    """Sends a signal and waits until it was taken: two equal ones that are both pending would be one."""
    process.send_signal(number)
    status = pathlib.Path(f"/proc/{process.pid}/status")
    eventually(lambda: re.search(r"ShdPnd:\s*0+\s", status.read_text()), f"signal {number} is taken")


def free_port(family=socket.AF_INET, host="127.0.0.1"):
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Demo:
    """`vajrapulse demo-server` on a free port, ended by its process id."""

    def __init__(self, *options, listen="127.0.0.1:0"):
        self.process = subprocess.Popen(
            command_line("demo-server", "--listen", listen, *options), stdout=subprocess.PIPE, text=True)
        self.started = time.monotonic()
        self.url = re.search(r"https?://\S+?(?=/)", self.process.stdout.readline()).group(0)
        self.port = int(self.url.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STEP_LIMIT_S)
        self.process.stdout.close()

    def stats(self):
        with urllib.request.urlopen(self.url + "/stats", timeout=5) as answer:
            return json.load(answer)

    def count(self, path="/"):
        return self.stats()["paths"][path]

    def wait_for(self, count, path="/"):
        eventually(lambda: self.count(path) >= count, f"{count} requests to {path}")


class Nginx:
    """A real nginx on a free port, ended by its process id."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        folder = self.folder.name
        pathlib.Path(folder, "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log warn;
            events {{ worker_connections 512; }}
            http {{
              access_log off; keepalive_requests 100000000;
              client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
              uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
              server {{
                listen 127.0.0.1:{self.port};
                location / {{ return 200 "hello\\n"; }}
                location = /nginx_status {{ stub_status; }}
              }}
            }}""")
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", f"{folder}/nginx.conf"],
                                        stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}/"
        eventually(self.answers, "nginx answers")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(STEP_LIMIT_S)
        self.folder.cleanup()

    def answers(self):
        try:
            return self.requests() >= 0
        except OSError:
            return False

    def requests(self):
        """How many requests nginx has counted before this one."""
        with urllib.request.urlopen(self.url + "nginx_status", timeout=5) as answer:
            text = answer.read().decode()
        return int(text.split("requests\n")[1].split()[2]) - 1


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.result_file = os.path.join(self.folder, "result.json")

    def file(self, name, content):
        path = pathlib.Path(self.folder, name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def result(self):
        with open(self.result_file, encoding="utf-8") as file:
            return json.load(file)

    def load(self, *arguments, codes=ANSWERED, **options):
        """Runs `vajrapulse http` with a result file, and returns the result; how it ended is in `self.ended`."""
        self.ended = run("http", *arguments, "--out", f"json={self.result_file}", **options)
        self.assertIn(self.ended.returncode, codes, self.ended.stdout + self.ended.stderr)
        result = self.result()
        self.assertEqual(result["exit_code"], self.ended.returncode)
        self.assert_accounts_balance(result["load"])
        return result

    def assert_accounts_balance(self, load):
        """The equations of DESIGN section 5, at the end: nothing queued, nothing in flight."""
        if load["target"] is not None:  # a closed loop has none
            self.assertEqual(load["target"], load["started"] + load["dropped"] + load["missed"], load)
        self.assertEqual(load["started"], load["succeeded"] + load["failed"] + load["interrupted"], load)
        self.assertEqual(load["completed"], load["succeeded"] + load["failed"], load)

    def assert_usage_error(self, *arguments):
        """Exit code 2, one sentence on standard error, nothing on standard output. Returns the sentence."""
        ended = run(*arguments)
        self.assertEqual(ended.returncode, 2, ended.stdout + ended.stderr)
        self.assertEqual(ended.stdout, "")
        self.assertEqual(len([line for line in ended.stderr.splitlines() if line]), 1, ended.stderr)
        return ended.stderr

    def assert_only_error(self, result, kind):
        """Everything failed, and with this kind."""
        self.assertEqual({error["kind"] for error in result["errors"]}, {kind}, result["errors"])
        self.assertEqual(result["load"]["succeeded"], 0)
        self.assertGreater(result["load"]["failed"], 0)

    def metric(self, result, name, **tags):
        found = [m for m in result["metrics"] if m["name"] == "vajrapulse." + name and m["tags"] == tags]
        self.assertLessEqual(len(found), 1)
        return found[0] if found else None

    def counter(self, result, name, **tags):
        found = self.metric(result, name, **tags)
        return found["value"] if found else 0

    def response_time(self, result):
        return self.metric(result, "execution.response_time")
