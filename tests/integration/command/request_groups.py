"""What goes to the server, and which answers count as failed."""

import json
import re

from harness import CommandTest, Demo, free_port, run
from servers import MemoryServer


class Requests(CommandTest):
    def sent(self, *options, path="/", **run_options):
        """The one request that a server gets."""
        with MemoryServer() as server:
            self.load(server.url + path, "--iterations", "1", *options, **run_options)
            self.assertEqual(len(server.requests), 1)
            self.port = server.port
            return server.requests[0]

    def test_is_a_get_that_names_its_host(self):
        request = self.sent(path="/a%20b?c=d&e")
        self.assertEqual([request.method, request.path, request.body], ["GET", "/a%20b?c=d&e", b""])
        self.assertEqual(request.header("host"), f"127.0.0.1:{self.port}")
        self.assertIsNone(request.header("content-length"))
        self.assertIsNone(request.header("content-type"))

    def test_takes_another_method(self):
        for method in ("HEAD", "PUT", "DELETE", "PATCH"):
            self.assertEqual(self.sent("-X", method).method, method)

    def test_takes_headers_in_their_order(self):
        headers = ["X-One: 1", "x-two:  two words ", "X-One: again", "Host: other.test"]
        request = self.sent(*[word for header in headers for word in ("-H", header)])
        ours = [(name, value.strip()) for name, value in request.headers if name.lower().startswith("x-")]
        self.assertEqual(ours, [("X-One", "1"), ("x-two", "two words"), ("X-One", "again")])
        self.assertEqual([value for name, value in request.headers if name.lower() == "host"], ["other.test"])

    def test_with_a_body_is_a_post_of_a_form_unless_said_otherwise(self):
        request = self.sent("-d", "a=1&b=2")
        self.assertEqual([request.method, request.body], ["POST", b"a=1&b=2"])
        self.assertEqual(request.header("content-type"), "application/x-www-form-urlencoded")
        self.assertEqual(request.header("content-length"), "7")
        other = self.sent("-X", "PUT", "-H", "Content-Type: application/json", "-d", "{}")
        self.assertEqual([other.method, other.body], ["PUT", b"{}"])
        self.assertEqual([value for name, value in other.headers if name.lower() == "content-type"],
                         ["application/json"])

    def test_takes_the_body_from_a_file_to_the_last_byte(self):
        content = bytes(range(256)) * 1000 + b"\r\n"
        self.assertEqual(self.sent("-d", "@" + self.file("body", content)).body, content)

    def test_takes_the_body_from_standard_input(self):
        self.assertEqual(self.sent("-d", "@-", input="from the pipe\n").body, b"from the pipe\n")

    def test_sends_the_same_body_every_time(self):
        with MemoryServer() as server:
            self.load(server.url, "--tps", "50", "--iterations", "10", "-d", "@" + self.file("body", "x" * 100_000))
            self.assertEqual({request.body for request in server.requests}, {b"x" * 100_000})

    def test_asks_for_compression_only_when_told(self):
        self.assertIsNone(self.sent().header("accept-encoding"))
        asked = self.sent("--compressed").header("accept-encoding")
        self.assertEqual({word.strip() for word in asked.split(",")}, {"gzip", "br", "zstd"})


class Answers(CommandTest):
    def failed(self, path, *options, codes=(0, 98), count=5):
        """How many of `count` requests to the demo server count as failed."""
        with Demo() as demo:
            self.answered = self.load(demo.url + path, "--iterations", str(count), *options, codes=codes)
        return self.answered["load"]["failed"]

    def test_of_400_and_more_fail_and_others_do_not(self):
        for status in (204, 304, 399):
            self.assertEqual(self.failed(f"/status/{status}"), 0, status)
        for status in (400, 404, 503):
            self.assertEqual(self.failed(f"/status/{status}", codes=[1]), 5, status)
            self.assertEqual(self.counter(self.answered, "request.total", code=str(status), status="failure"), 5)
            self.assertIn("not one iteration succeeded", self.ended.stdout)

    def test_fail_as_the_condition_says(self):
        cases = [
            ("/status/404", "status >= 500", 0),
            ("/status/500", "status >= 500", 5),
            ("/status/204", "status != 200", 5),
            ("/status/404", "status != 200 and status != 404", 0),
            ("/status/503", "status == 503 or status == 504", 5),
            ("/status/503", "never", 0),
        ]
        for path, condition, expected in cases:
            with self.subTest(path=path, condition=condition):
                codes = (0, 98) if expected == 0 else (1,)
                self.assertEqual(self.failed(path, "--fail-on", condition, codes=codes), expected)

    def test_conditions_that_say_nothing_are_refused(self):
        for condition in ("status", "latency > 5", "status >= 400 or", "status ~ 4"):
            self.assertIn(condition, self.assert_usage_error("http", "http://127.0.0.1:1/", "--fail-on", condition))

    def test_that_come_too_late_are_timeouts(self):
        with Demo() as demo:
            result = self.load(demo.url + "/delay/5s", "--tps", "20", "--iterations", "5", "--timeout", "150ms",
                               codes=[1])
        self.assert_only_error(result, "timeout")
        self.assertEqual(self.counter(result, "client.timeout.count"), 5)
        for quantile in ("min", "p50", "max"):  # they are in the histograms, with the time they took
            self.assertAlmostEqual(self.metric(result, "execution.duration")[quantile] / 1e6, 150, delta=50)

    def test_that_are_compressed_are_decoded(self):
        for path in ("/gzip", "/br", "/zstd"):
            with self.subTest(path=path):
                self.assertEqual(self.failed(path, "--compressed"), 0)
                # 64 lines of some 50 characters; what is counted is what came over the wire.
                wire = self.counter(self.answered, "request.bytes", direction="in")
                self.assertLess(wire, 5 * 1500)

    def test_that_redirect_are_followed_as_often_as_allowed(self):
        with Demo() as demo:
            url = demo.url + "/redirect/3"
            self.assertEqual(self.load(url, "--iterations", "2")["load"]["succeeded"], 2)
            self.assertEqual(demo.count("/redirect"), 2)
            self.assertEqual(self.load(url, "--iterations", "2", "--redirects", "3")["load"]["succeeded"], 2)
            self.assertEqual(demo.count("/redirect"), 2 + 2 * 4)
            result = self.load(url, "--iterations", "2", "--redirects", "2", codes=[1])
            self.assert_only_error(result, "http-too-many-redirects")
            self.assertEqual(demo.count("/redirect"), 2 + 2 * 4 + 2 * 3)


class Once(CommandTest):
    def test_shows_one_exchange(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/status/201", "--once")
            self.assertEqual(demo.stats()["paths"]["/status"], 1)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("GET /status/201 HTTP/1.1", ended.stdout)
        self.assertIn("HTTP/1.1 201 Created", ended.stdout)

    def test_shows_the_last_exchange_of_redirects(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/redirect/2", "--redirects", "2", "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("GET /redirect/0 HTTP/1.1", ended.stdout)
        self.assertIn("after 2 redirects", ended.stdout)

    def test_masks_what_lets_somebody_in(self):
        with Demo() as demo:
            url = demo.url.replace("http://", "http://user:hidden@") + "/status/204"
            for header in ("accept: */*", "Authorization: Bearer hidden", "cookie: sid=hidden", "X-Api-Key: hidden"):
                ended = run("http", url, "--once", "-H", header)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                self.assertNotIn("hidden", ended.stdout)
                self.assertNotIn("dXNlcjpoaWRkZW4=", ended.stdout)  # base64 of user:hidden
                self.assertIn(": ", ended.stdout)

    def test_a_body_may_be_empty_or_come_from_standard_input(self):
        with Demo() as demo:
            empty = run("http", demo.url + "/echo", "--once", "-d", "")
            piped = run("http", demo.url + "/echo", "--once", "-d", "@-", input="from the pipe")
        self.assertIn("POST /echo", empty.stdout)
        self.assertIn("content-length: 0", empty.stdout)
        self.assertIn("from the pipe", piped.stdout)

    def test_decodes_what_it_asked_to_be_compressed(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/gzip", "--once", "--compressed")
        self.assertIn("content-encoding: gzip", ended.stdout)
        self.assertIn('"name": "item 1"', ended.stdout)

    def test_shows_a_body_that_is_no_text_as_text(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/gzip", "--once", encoding="utf-8", errors="surrogateescape")
        self.assertEqual([each for each in ended.stdout if "\udc80" <= each <= "\udcff"], [])

    def test_of_a_long_answer_shows_the_start_and_the_length(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/bytes/1000000", "--once")
        self.assertIn("VajraPulse sends these bytes", ended.stdout)
        self.assertIn("1,000,000 bytes in all", ended.stdout)
        self.assertLess(len(ended.stdout), 20_000)

    def test_shows_each_phase(self):
        with Demo("--tls") as demo:
            ended = run("http", demo.url, "--once", "--insecure")
        self.assertIn("TLSv1.3", ended.stdout)
        for phase in ("connect", "tls", "wait", "total"):
            self.assertRegex(ended.stdout, rf"(?m)^  {phase} +[0-9.]+ (ns|µs|ms|s)")

    def test_shows_what_a_server_was_sent(self):
        with Demo() as demo:
            ended = run("http", demo.url + "/headers", "--once", "-X", "DELETE", "-H", "X-Colour: green")
        seen = json.loads(re.search(r"(?m)^\{.*\}$", ended.stdout).group(0))
        self.assertEqual(seen["method"], "DELETE")
        self.assertIn({"name": "X-Colour", "value": "green"}, seen["headers"])

    def test_that_fails_is_1_with_a_sentence(self):
        refused = run("http", f"http://127.0.0.1:{free_port()}/", "--once")
        self.assertEqual([refused.returncode, refused.stdout], [1, ""])
        self.assertIn("refused", refused.stderr)
        with Demo() as demo:
            late = run("http", demo.url + "/delay/5s", "--once", "--timeout", "100ms")
        self.assertEqual(late.returncode, 1)
        self.assertIn("no complete answer within 0.1 s", late.stderr)
