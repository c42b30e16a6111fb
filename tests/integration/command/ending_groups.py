"""How a run ends that does not end by itself: signals, a target that is not there, a full disk. On both reactors."""

import os
import shutil
import signal
import subprocess
import time

from harness import (REACTORS, STEP_LIMIT_S, CommandTest, Demo, command_line, free_port, run, signal_and_await,
                     started)


class Signals(CommandTest):
    def interrupt(self, demo, path, signals, io):
        """Starts a long run, sends `signals` once some requests are under way, and waits for its end."""
        with started("http", demo.url + path, "--tps", "100", "--duration", "60s", "--io", io, "--out",
                     f"json={self.result_file}") as process:
            demo.wait_for(20, "/delay")
            begin = time.monotonic()
            for number in signals:
                signal_and_await(process, number)
            text = "".join(process.communicate(timeout=STEP_LIMIT_S))
            took_s = time.monotonic() - begin
        result = self.result()
        self.assertEqual(process.returncode, 128 + signals[-1], text)
        self.assertEqual(result["exit_code"], process.returncode)
        self.assertEqual(result["run"]["io"], io)
        self.assert_accounts_balance(result["load"])
        self.assertIn("interrupted before its end", text)
        self.assertIn("response time", text)
        self.assertLess(result["run"]["duration_s"], 20)
        return result["load"], took_s

    def test_ctrl_c_once_lets_what_is_in_flight_end(self):
        for io in REACTORS:
            with self.subTest(io=io), Demo() as demo:
                load, took_s = self.interrupt(demo, "/delay/500ms", [signal.SIGINT], io)
                self.assertEqual(load["interrupted"], 0, load)
                self.assertGreaterEqual(load["succeeded"], 20)
                self.assertLess(took_s, 4)
                self.assertEqual(demo.count("/delay"), load["started"])

    def test_ctrl_c_twice_stops_at_once_and_still_reports(self):
        for io in REACTORS:
            with self.subTest(io=io), Demo() as demo:
                load, took_s = self.interrupt(demo, "/delay/30s", [signal.SIGINT, signal.SIGINT], io)
                self.assertGreaterEqual(load["interrupted"], 20, load)
                self.assertLess(took_s, 2, "the drain time-out is 5 s")

    def test_sigterm_is_143_and_a_terminal_that_hangs_up_129(self):
        for io in REACTORS:
            for number in (signal.SIGTERM, signal.SIGHUP):
                with self.subTest(io=io, signal=number.name), Demo() as demo:
                    load, _ = self.interrupt(demo, "/delay/10ms", [number], io)
                    self.assertEqual(load["interrupted"], 0)


class Unreachable(CommandTest):
    """Said within a second, and not after the whole duration."""

    def assert_ends_at_once(self, url, *options, kind="connection-refused"):
        begin = time.monotonic()
        result = self.load(url, *options, codes=[1])
        self.assertLess(time.monotonic() - begin, 1.5)
        self.assertIn(f"the target cannot be reached ({kind})", self.ended.stdout + self.ended.stderr)
        return result

    def test_a_refused_first_connection_ends_the_run_on_both_reactors(self):
        for io in REACTORS:
            with self.subTest(io=io):
                result = self.assert_ends_at_once(f"http://127.0.0.1:{free_port()}/", "--tps", "100", "--duration",
                                                  "20s", "--io", io)
                self.assertEqual(result["run"]["io"], io)
                self.assert_only_error(result, "connection-refused")

    def test_whatever_the_load(self):
        url = f"http://127.0.0.1:{free_port()}/"
        loads = [
            ["--users", "8"],
            ["--tps", "1"],
            ["--load", "ramp 1..1000/s 20s"],
            ["--tps", "100", "--shards", "2"],
            ["--users", "2", "--iterations", "100000000"],
        ]
        for load in loads:
            with self.subTest(load=load):
                self.assert_ends_at_once(url, *load)

    def test_in_the_warm_up_too(self):
        result = self.assert_ends_at_once(f"http://127.0.0.1:{free_port()}/", "--tps", "100", "--warmup", "20s")
        self.assertGreater(result["warmup"]["failed"], 0)

    def test_a_socket_that_is_not_there(self):
        self.assert_ends_at_once("http://localhost/", "--unix-socket", os.path.join(self.folder, "nothing"), "--tps",
                                 "100")

    def test_one_success_keeps_the_run_going(self):
        with Demo("--close-after", "1") as demo, started(
                "http", demo.url, "--tps", "50", "--duration", "1500ms", "--out",
                f"json={self.result_file}") as process:
            demo.wait_for(3)
            demo.process.terminate()
            process.communicate(timeout=STEP_LIMIT_S)
        load = self.result()["load"]
        self.assertEqual(load["target"], 75)
        self.assertGreaterEqual(load["succeeded"], 3)
        self.assertGreater(load["failed"], 20)


class FullDisk(CommandTest):
    def test_device_is_1_with_a_sentence_and_the_summary_is_still_shown(self):
        for io in REACTORS:
            with self.subTest(io=io), Demo() as demo:
                ended = run("http", demo.url, "--iterations", "10", "--io", io, "--out", "json=/dev/full")
                self.assert_said(ended, "/dev/full", io)

    def test_of_a_file_leaves_nothing_half_written_and_the_old_result_whole(self):
        mount = os.path.join(self.folder, "small")
        os.mkdir(mount)
        for io in REACTORS:
            with self.subTest(io=io), Demo() as demo:
                file = f"{mount}/result.json"
                ended = self.on_a_full_disk(mount, "http", demo.url, "--iterations", "10", "--io", io, "--out",
                                            f"json={file}")
                self.assert_said(ended, file, io)
                self.assertIn("free some space", ended.stderr)
                self.assertEqual(ended.stdout.split("left behind:\n")[1].split(), ["filler", "result.json", "old"])
                self.assertEqual(demo.count(), 10)

    def assert_said(self, ended, file, io):
        self.assertEqual(ended.returncode, 1, ended.stdout + ended.stderr)
        self.assertIn(f"cannot write {file}: No space left on device", ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), 1, ended.stderr)
        self.assertIn("service time", ended.stdout)
        self.assertIn(f"· {io}, 1 shard", ended.stdout)

    def on_a_full_disk(self, mount, *arguments):
        """Runs the command where `mount` is a disk of 64 KiB with 4 KiB free and an older result, and lists what
        is there afterwards. In a mount namespace of its own: nobody else sees that disk, and it ends with it."""
        script = f"""
            mount -t tmpfs -o size=64k small {mount} || exit 77
            echo old > {mount}/result.json
            head -c 57344 /dev/zero > {mount}/filler
            "$@"; code=$?
            echo 'left behind:'; ls -A {mount}; cat {mount}/result.json
            exit $code"""
        if os.geteuid() != 0 or not shutil.which("unshare"):
            self.skipTest("needs root and unshare")
        ended = subprocess.run(["unshare", "-m", "/bin/sh", "-c", script, "sh", *command_line(*arguments)],
                               capture_output=True, text=True, timeout=STEP_LIMIT_S)
        if ended.returncode == 77 or "unshare failed" in ended.stderr:
            self.skipTest("no mount namespace is allowed here: " + ended.stderr)
        return ended
