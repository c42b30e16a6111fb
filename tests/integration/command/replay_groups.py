"""Recorded traffic sent again: what, in which order, and when."""

from harness import CommandTest, Demo, run
from servers import MemoryServer

GAPS = """time,method,path
2026-01-31T13:55:36.000Z,GET,/first
2026-01-31T13:55:36.100Z,POST,/second?a=b
2026-01-31T13:55:36.200Z,DELETE,/third
2026-01-31T13:55:36.600Z,GET,/first
2026-01-31T13:55:36.700Z,HEAD,/fourth
2026-01-31T13:55:37.200Z,PUT,/fifth
"""
SENT = [("GET", "/first"), ("POST", "/second?a=b"), ("DELETE", "/third"), ("GET", "/first"), ("HEAD", "/fourth"),
        ("PUT", "/fifth")]
AT_S = [0.0, 0.1, 0.2, 0.6, 0.7, 1.2]


def log_line(second, path, method="GET"):
    return f'127.0.0.1 - - [10/Oct/2000:13:55:{second:02d} -0700] "{method} {path} HTTP/1.1" 200 12 "-" "curl/7.88.1"\n'


class Replay(CommandTest):
    def replay(self, content, *options, name="recorded", path="", **more):
        """Replays `content` against a server that remembers; its requests are returned, the result is kept."""
        with MemoryServer() as server:
            self.answered = self.load(server.url + path, "--replay", self.file(name, content), *options, **more)
            return list(server.requests)

    def said(self):
        """The summary, wherever its lines were broken."""
        return " ".join(self.ended.stdout.split())

    def assert_sent(self, requests, expected):
        self.assertEqual([(each.method, each.path) for each in requests], expected)

    def assert_at(self, requests, expected_s):
        """A server reads a request between its intended start and its answer, so the run's own longest response time
        bounds how far it may seem away from when it was due."""
        bound_s = self.response_time(self.answered)["max"] / 1e9 + 0.001
        for request, expected in zip(requests, expected_s, strict=True):
            self.assertAlmostEqual(request.at - requests[0].at, expected, delta=bound_s)

    def test_sends_what_was_recorded_in_its_order_at_its_times(self):
        for shards in ("1", "3"):
            with self.subTest(shards=shards):
                requests = self.replay(GAPS, "--shards", shards)
                self.assert_sent(requests, SENT)
                self.assert_at(requests, AT_S)
        self.assertEqual(self.answered["load"]["target"], 6)
        self.assertAlmostEqual(self.answered["run"]["duration_s"], 1.2 + 1.2 / 5, delta=0.001)
        names = {metric["tags"].get("name") for metric in self.answered["metrics"]}
        self.assertLessEqual({"GET /first", "POST /second", "HEAD /fourth"}, names)

    def test_time_scale_divides_every_gap(self):
        requests = self.replay(GAPS, "--time-scale", "0.5")
        self.assert_sent(requests, SENT)
        self.assert_at(requests, [2 * at for at in AT_S])
        requests = self.replay(GAPS, "--time-scale", "4")
        self.assertEqual(sorted((each.method, each.path) for each in requests), sorted(SENT))
        self.assertAlmostEqual(self.answered["run"]["duration_s"], (1.2 + 1.2 / 5) / 4, delta=0.001)

    def test_loop_starts_over_a_mean_gap_after_the_last(self):
        content = '{"ts":5,"path":"/a"}\n{"ts":5.1,"path":"/b"}\n{"ts":5.2,"path":"/c"}\n'
        requests = self.replay(content, "--loop", "--iterations", "8")
        self.assert_sent(requests, [("GET", "/" + "abc"[k % 3]) for k in range(8)])
        self.assert_at(requests, [0.1 * k for k in range(8)])
        self.assertEqual(len(self.replay(content, "--loop", "--duration", "650ms")), 7)

    def test_duration_cuts_it(self):
        self.assert_sent(self.replay(GAPS, "--duration", "650ms"), SENT[:4])

    def test_arrivals_of_one_whole_second_are_spread_and_that_is_said(self):
        lines = "".join(log_line(36, f"/{i}") for i in range(5)) + "".join(log_line(37, f"/{i}") for i in range(5, 10))
        requests = self.replay(lines)
        self.assert_sent(requests, [("GET", f"/{i}") for i in range(10)])
        self.assert_at(requests, [0.2 * i for i in range(10)])
        self.assertIn("spread evenly", self.said())

    def test_lines_out_of_order_are_sorted_and_counted(self):
        requests = self.replay(log_line(37, "/late") + log_line(36, "/early"))
        self.assert_sent(requests, [("GET", "/early"), ("GET", "/late")])
        self.assertIn("1 line that was out of order", self.said())

    def test_paths_go_behind_the_url_and_headers_with_them(self):
        content = "time,method,url\n1.0,POST,http://elsewhere.example/x?y=1\n1.1,PATCH,/z\n"
        requests = self.replay(content, "-H", "x-run: 7", path="/api/")
        self.assert_sent(requests, [("POST", "/api/x?y=1"), ("PATCH", "/api/z")])
        for request in requests:
            self.assertEqual([request.header("content-length"), request.header("x-run"), request.body], ["0", "7", b""])

    def test_of_times_alone_the_urls_take_turns(self):
        with MemoryServer() as server:
            self.load(server.url + "/a", server.url + "/b", "-d", "body", "--replay",
                      self.file("times.csv", "time\n1.0\n1.1\n1.2\n"))
            sent = [(each.method, each.path, each.body) for each in server.requests]
        self.assertEqual(sent, [("POST", "/a", b"body"), ("POST", "/b", b"body"), ("POST", "/a", b"body")])

    def test_standard_input_is_a_file_too(self):
        with MemoryServer() as server:
            self.load(server.url, "--replay", "-", input=GAPS)
            self.assert_sent(server.requests, SENT)

    def test_bad_lines_are_refused_with_their_place_and_nothing_is_sent(self):
        cases = {
            "time,path\n1,/\n2,/,\n3\n": (":3:5: 3 fields where the header has 2", "2 lines of 3 are bad"),
            log_line(36, "/") + "oops\n": (":2:1: no time in brackets", "1 line of 2 is bad"),
            '{"time":1,"path":"/"}\n{"time":"x","path":"/"}\n': (":2:9: 'x' is no time", "--skip-bad-lines"),
            "time,path\n1,/\n2,/%zz\n": (":3:3: ", "hexadecimal"),
            "time,path\nx,/\n": (":2:1: 'x' is no time", "no line is good"),
            "time,path\n": ("holds a header and nothing else",),
            "what is this\n": (":1:1: neither CSV", "--replay-format"),
        }
        with Demo() as demo:
            for content, parts in cases.items():
                with self.subTest(content=content):
                    path = self.file("bad", content)
                    said = self.assert_usage_error("http", demo.url, "--replay", path)
                    self.assertIn(path, said)
                    for part in parts:
                        self.assertIn(part, said)
            self.assert_usage_error("http", demo.url, "--skip-bad-lines", "--replay", self.file("bad", "time\nx\n"))
            self.assertEqual(demo.count(), 0)

    def test_bad_lines_are_skipped_when_told_and_counted(self):
        requests = self.replay(GAPS + "soon,GET,/\n2026-01-31T13:55:37.3Z,GET\n", "--skip-bad-lines", name="some.csv")
        self.assert_sent(requests, SENT)
        self.assertRegex(self.said(), r"2 lines of 8 were skipped, the first: \S*some.csv:8:1: 'soon' is no time")

    def test_options_that_contradict_it_are_refused(self):
        csv = self.file("a.csv", GAPS)
        url = "http://127.0.0.1:1/"
        cases = [
            ([url, "--replay", csv, "--tps", "5"], "exclude each other"),
            ([url, "--replay", csv, "--load", "static 5/s 1s"], "exclude each other"),
            ([url, "--replay", csv, "--users", "5"], "exclude each other"),
            ([url, "--replay", csv, "--loop"], "--duration 10m"),
            ([url, "--replay", csv, "--time-scale", "0"], "--time-scale 2"),
            ([url, "--replay", csv, "--time-scale", "fast"], "--time-scale 2"),
            ([url, "--replay", csv, "--replay-format", "xml"], "csv, jsonl or access-log"),
            ([url, "--replay", csv, "--replay-format", "jsonl"], "no JSON from here on"),
            ([url, "--replay", csv, "-X", "PUT"], "-X"),
            ([url, "--replay", csv, "-d", "x"], "-d"),
            ([url, url, "--replay", csv], "several URLs"),
            ([url + "?a=b", "--replay", csv], "query"),
            ([url, "--replay", csv, "--once"], "--once"),
            ([url, "--replay", "-", "-d", "@-"], "standard input"),
            ([url, "--replay", "/no/such/file"], "/no/such/file cannot be read"),
            ([url, "--replay", self.folder], "cannot be read"),
            ([url, "--loop", "--tps", "5"], "--replay access.log"),
            ([url, "--time-scale", "2", "--tps", "5"], "--replay access.log"),
            ([url, "--skip-bad-lines"], "--replay access.log"),
        ]
        for arguments, part in cases:
            with self.subTest(arguments=arguments):
                self.assertIn(part, self.assert_usage_error("http", *arguments))

    def test_is_drawn_before_anything_is_sent(self):
        ended = run("pattern", "--replay", self.file("a.csv", GAPS))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertRegex(ended.stdout, r"iterations +6\n")
