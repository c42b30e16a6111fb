#!/usr/bin/env python3
"""The command `vajrapulse` as a person meets it: exit codes, signals, result files, and counts that agree
with the server's own. Standard library only.

    command_test.py PATH_TO_VAJRAPULSE [GROUP…] [unittest options]

A group is a class of tests, here or in one of the *_groups.py beside this file.
"""

import json
import os
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True  # the sources stay as they are

from connection_groups import Connections, Tls, UnixSocket
from ending_groups import FullDisk, Signals, Unreachable
from harness import (ANSWERED, NGINX, REACTORS, STEP_LIMIT_S, CommandTest, Demo, Nginx, command_line, run,
                     use_binary)
from host_groups import Exhausted, Starved
from load_groups import Cooldown, Exact, Limit, Pattern, Poisson, Strict, Users, Warmup
from plan_groups import ExamplePlans, PlanRuns, SavedPlans
from replay_groups import Replay
from request_groups import Answers, Once, Requests
from screen_groups import Keys, LiveView, PlainLines
from search_groups import Adaptive, FindMax


class BadUsage(CommandTest):
    def test_is_exit_code_2_and_one_sentence(self):
        cases = [
            ["http"],
            ["http", "no-url at all"],
            ["http", "ftp://127.0.0.1/"],
            ["http", "http://127.0.0.1:1/", "--tps", "many"],
            ["http", "http://127.0.0.1:1/", "--tps", "10", "--users", "3"],
            ["http", "http://127.0.0.1:1/", "--duration", "5 parsecs"],
            ["http", "http://127.0.0.1:1/", "--io", "kqueue"],
            ["http", "http://127.0.0.1:1/", "-d", "@/no/such/file"],
            ["http", "http://127.0.0.1:1/", "--tpss", "10"],
            ["http", "http://127.0.0.1:1/", "--tps", ""],
            ["http", "http://127.0.0.1:1/", "--duration", ""],
            ["http", "http://127.0.0.1:1/", "--iterations", "-1"],
            ["http", "http://127.0.0.1:1/", "--iterations", "99999999999999999999"],
            ["http", "http://127.0.0.1:1/", "--connections", "-1"],
            ["http", "http://127.0.0.1:1/", "--connections", "2", "--shards", "3"],
            ["http", "http://127.0.0.1:1/", "--tps", "1", "--tps", "2"],
            ["http", "http://127.0.0.1:1/", "--", "--tps", "1"],
            ["http", "http://127.0.0.1:1/", "--resolve", "other:1:127.0.0.1"],
            ["http", "http://127.0.0.1:1/", "--once", "--tps", "1"],
            ["http", "http://127.0.0.1:1/", "http://127.0.0.1:1/2", "--once"],
            ["http", "http://127.0.0.1:1/", "--once", "-H", "two words: x"],
            ["demo-server", "--cert", "a", "--key", "b"],
            ["demo-server", "--close-after", "-1"],
            ["demo-server", "--error-rate", "often"],
            ["demo-server", "--latency", "slow"],
            ["demo-server", "--stall-every", "1s"],
            ["demo-server", "--listen", "nowhere"],
            ["no-such-command"],
        ]
        for arguments in cases:
            with self.subTest(arguments=arguments):
                self.assert_usage_error(*arguments)

    def test_names_the_nearest_right_option(self):
        self.assertIn("--tps", run("http", "http://127.0.0.1:1/", "--tpss", "10").stderr)

    def test_never_shows_the_password_of_a_url(self):
        for url in ("http://user:hidden@127.0.0.1:99999/", "user:hidden@127.0.0.1", "http://user:hidden@/"):
            ended = run("http", url)
            self.assertEqual(ended.returncode, 2)
            self.assertNotIn("hidden", ended.stderr)

    def test_help_and_version_are_0(self):
        for arguments in (["--help"], ["http", "--help"], ["demo-server", "--help"], ["--version"]):
            ended = run(*arguments)
            self.assertEqual(ended.returncode, 0)
            self.assertLessEqual(max(map(len, ended.stdout.splitlines())), 100, arguments)


class ResultFile(CommandTest):
    def test_standard_output_that_is_full_is_1(self):
        with Demo() as demo:
            for arguments in (["--help"], ["http", demo.url, "--once"], ["http", demo.url, "--iterations", "3"]):
                with open("/dev/full", "w", encoding="utf-8") as full:
                    ended = run(*arguments, stdout=full, stderr=subprocess.PIPE)
                self.assertEqual(ended.returncode, 1, arguments)
                self.assertIn("standard output", ended.stderr)

    def test_a_closed_standard_output_does_not_become_a_socket(self):
        """Descriptor 1 would be the first one that the run opens, and the summary would go into it."""
        with Demo() as demo:
            ended = subprocess.run(
                ["/bin/sh", "-c", 'exec "$0" "$@" <&- >&-',
                 *command_line("http", demo.url, "--iterations", "3", "--out", f"json={self.result_file}")],
                stderr=subprocess.PIPE, text=True, timeout=STEP_LIMIT_S)
            self.assertEqual(demo.stats()["paths"]["/"], 3)
        self.assertIn(ended.returncode, ANSWERED, ended.stderr)
        self.assertEqual(self.result()["load"]["succeeded"], 3)

    def test_a_folder_that_is_not_there_is_said_before_anything_is_sent(self):
        with Demo() as demo:
            ended = run("http", demo.url, "--iterations", "10", "--out", "json=/no/such/folder/result.json")
            self.assertIn(ended.returncode, (1, 2))
            self.assertIn("/no/such/folder", ended.stderr)
            self.assertEqual(demo.stats()["paths"]["/"], 0)

    def test_standard_output_is_a_file_too(self):
        with Demo() as demo:
            ended = run("http", demo.url, "--iterations", "5", "--quiet", "--out", "json=-")
        self.assertEqual(json.loads(ended.stdout)["schema"], "vajrapulse.result/1")


class Counts(CommandTest):
    def test_agree_with_nginx_on_both_reactors(self):
        if not os.access(NGINX, os.X_OK):
            self.skipTest("nginx is not installed")
        for io in REACTORS:
            with self.subTest(io=io), Nginx() as nginx:
                before = nginx.requests()
                ended = run("http", nginx.url, "--tps", "2000", "--duration", "2s", "--io", io,
                            "--out", f"json={self.result_file}")
                after = nginx.requests()
                self.assertIn(ended.returncode, ANSWERED, ended.stderr)
                result = self.result()
                load = result["load"]
                self.assertEqual(result["run"]["io"], io)
                self.assertEqual(load["target"], 4000)
                self.assert_accounts_balance(load)
                self.assertEqual(load["failed"], 0)
                self.assertEqual(load["started"], after - before - 1)
                self.assertEqual(result["exit_code"], ended.returncode)
                self.assertEqual(ended.returncode == 98, result["verdict"]["status"] == "INVALID")

    def test_agree_with_the_demo_server_when_some_answers_are_errors(self):
        with Demo("--error-rate", "0.2", "--close-after", "7") as demo:
            ended = run("http", demo.url, "--users", "4", "--iterations", "2000", "--out", f"json={self.result_file}")
            stats = demo.stats()
        self.assertIn(ended.returncode, ANSWERED, ended.stderr)
        load = self.result()["load"]
        self.assert_accounts_balance(load)
        self.assertEqual(load["started"], 2000)
        self.assertEqual(stats["paths"]["/"], 2000)
        # Binomial: 400 expected, five deviations are 90.
        self.assertAlmostEqual(load["failed"], 400, delta=90)
        self.assertGreaterEqual(stats["connections_accepted"], 2000 // 7)


class Truth(CommandTest):
    def test_a_stalled_server_is_seen_as_every_arrival_saw_it(self):
        """Stalls of 300 ms once a second hold 30 % of even arrivals, for times evenly spread up to 300 ms:
        the response time at quantile q > 0.7 is 300 ms * (q - 0.7) / 0.3. Tools that wait for an answer
        before they send again see nearly nothing of it."""
        with Demo("--stall-every", "1s", "--stall-for", "300ms") as demo:
            time.sleep(max(0.0, demo.started + 1.1 - time.monotonic()))  # the first stall is 1 s after its start
            ended = run("http", demo.url, "--tps", "500", "--duration", "4s", "--out", f"json={self.result_file}")
        self.assertIn(ended.returncode, ANSWERED, ended.stderr)
        result = self.result()
        self.assert_accounts_balance(result["load"])
        self.assertEqual(result["load"]["target"], 2000)
        times = self.response_time(result)
        for name, quantile in (("p75", 0.75), ("p90", 0.90), ("p95", 0.95), ("p99", 0.99)):
            expected_ms = 300 * (quantile - 0.7) / 0.3
            self.assertAlmostEqual(times[name] / 1e6, expected_ms, delta=25, msg=name)
        self.assertLess(times["p50"] / 1e6, 50)
        self.assertGreaterEqual(times["max"] / 1e6, 295)


if __name__ == "__main__":
    use_binary(sys.argv.pop(1))
    unittest.main(verbosity=2)
