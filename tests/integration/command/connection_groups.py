"""How the target is reached: sockets, names, connections, TLS."""

import os
import socket
import ssl
import unittest

from harness import REACTORS, CommandTest, Demo, run
from servers import CertificateMaker, MemoryServer


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class UnixSocket(CommandTest):
    def test_carries_the_requests_on_both_reactors(self):
        for io in REACTORS:
            path = os.path.join(self.folder, f"{io}.socket")
            with self.subTest(io=io), MemoryServer(unix_socket=path) as server:
                result = self.load("http://somewhere.test/path", "--unix-socket", path, "--users", "2",
                                   "--iterations", "10", "--io", io)
                self.assertEqual(result["run"]["io"], io)
                self.assertEqual(result["load"]["succeeded"], 10)
                self.assertEqual(len(server.requests), 10)
                self.assertEqual(server.connections, 2)
                self.assertEqual({(each.path, each.header("host")) for each in server.requests},
                                 {("/path", "somewhere.test")})

    def test_shows_one_exchange_too(self):
        path = os.path.join(self.folder, "socket")
        with MemoryServer(unix_socket=path):
            ended = run("http", "http://localhost/", "--unix-socket", path, "--once")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn(path, ended.stdout)

    def test_that_is_not_there_ends_the_run_with_its_name(self):
        path = os.path.join(self.folder, "nothing")
        self.load("http://localhost/", "--unix-socket", path, "--tps", "50", "--duration", "20s", codes=[1])
        self.assertIn(path, self.ended.stdout)


class Connections(CommandTest):
    def test_are_kept_or_made_anew(self):
        for options, expected in ([], 1), (["--no-keepalive"], 20):
            with self.subTest(options=options), MemoryServer() as server:
                result = self.load(server.url, "--users", "1", "--iterations", "20", *options)
                self.assertEqual(server.connections, expected)
                self.assertEqual(self.metric(result, "request.duration", phase="connect")["count"], expected)
                self.assertEqual({each.header("connection") for each in server.requests} - {None, "keep-alive"},
                                 {"close"} if options else set())

    def test_are_no_more_than_allowed_and_the_wait_for_one_is_measured(self):
        with Demo("--latency", "50ms") as demo:
            result = self.load(demo.url, "--users", "6", "--iterations", "24", "--connections", "2")
            self.assertEqual(demo.stats()["connections_accepted"] - 1, 2)  # the other is of this count
        self.assertEqual(result["load"]["max_in_flight"], 6)
        # Six users for two connections: each waits for two others, 100 ms, once under way.
        self.assertAlmostEqual(self.metric(result, "request.duration", phase="blocked")["p50"] / 1e6, 100, delta=40)

    def test_go_where_resolve_says(self):
        with MemoryServer() as server:
            self.load(f"http://nowhere.invalid:{server.port}/", "--iterations", "3", "--resolve",
                      f"nowhere.invalid:{server.port}:127.0.0.1")
            self.assertEqual({each.header("host") for each in server.requests}, {f"nowhere.invalid:{server.port}"})
            self.assertEqual(len(server.requests), 3)

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_go_over_ipv6(self):
        with MemoryServer(host="::1") as server:
            self.load(server.url, "--iterations", "3")
            self.load(f"http://six.invalid:{server.port}/", "--iterations", "4", "--resolve",
                      f"six.invalid:{server.port}:::1")
            hosts = [each.header("host") for each in server.requests]
        self.assertEqual(hosts, [f"[::1]:{server.port}"] * 3 + [f"six.invalid:{server.port}"] * 4)

    @unittest.skipUnless(has_ipv6(), "no IPv6 here")
    def test_demo_server_listens_on_ipv6(self):
        with Demo(listen="[::1]:0") as demo:
            self.load(demo.url, "--iterations", "3")
            self.assertEqual(demo.count(), 3)


class Tls(CommandTest):
    def setUp(self):
        super().setUp()
        maker = CertificateMaker(self.folder)
        self.authority = maker.authority("authority")
        self.stranger = maker.authority("stranger")
        self.server = maker.signed_by(self.authority, "server", "IP:127.0.0.1,DNS:right.test")
        self.client = maker.signed_by(self.authority, "client")
        self.impostor = maker.signed_by(self.stranger, "impostor")

    def demo(self):
        return Demo("--tls", "--cert", self.server.cert, "--key", self.server.key)

    def test_is_refused_when_nobody_known_vouches_for_it(self):
        with Demo("--tls") as self_made, self.demo() as signed:
            for url, options in ((self_made.url, []), (signed.url, []),
                                 (signed.url, ["--cacert", self.stranger.cert])):
                with self.subTest(options=options):
                    result = self.load(url, "--tps", "50", "--duration", "20s", *options, codes=[1])
                    self.assert_only_error(result, "tls-untrusted")
                    self.assertLess(result["run"]["duration_s"], 5, "it must not last the whole duration")

    def test_is_accepted_from_a_trusted_authority_on_both_reactors(self):
        for io in REACTORS:
            with self.subTest(io=io), self.demo() as demo:
                result = self.load(demo.url, "--iterations", "5", "--cacert", self.authority.cert, "--io", io)
                self.assertEqual(result["run"]["io"], io)
                self.assertEqual(result["load"]["succeeded"], 5)
                self.assertEqual(self.metric(result, "request.duration", phase="tls")["count"], 1)

    def test_insecure_accepts_any(self):
        with Demo("--tls") as demo:
            self.assertEqual(self.load(demo.url, "--iterations", "5", "--insecure")["load"]["succeeded"], 5)

    def test_must_show_the_name_of_the_url(self):
        with self.demo() as demo:
            def to(host, **options):
                return self.load(f"https://{host}:{demo.port}/", "--iterations", "3", "--cacert", self.authority.cert,
                                 "--resolve", f"{host}:{demo.port}:127.0.0.1", **options)
            self.assertEqual(to("right.test")["load"]["succeeded"], 3)
            self.assert_only_error(to("wrong.test", codes=[1]), "tls-wrong-name")

    def test_gives_its_certificate_to_a_server_that_demands_one(self):
        with MemoryServer(tls=self.server.server_context(demand_from=self.authority)) as server:
            self.load(server.url, "--iterations", "5", "--cacert", self.authority.cert, "--cert", self.client.cert,
                      "--key", self.client.key)
            self.assertEqual([dict(each.certificate["subject"][0]) for each in server.requests],
                             [{"commonName": "client"}] * 5)

    def refused_client(self, version, options):
        """The sample of the error with which a server refuses this client."""
        context = self.server.server_context(demand_from=self.authority)
        context.maximum_version = version
        with MemoryServer(tls=context) as server:
            result = self.load(server.url, "--iterations", "3", "--cacert", self.authority.cert, *options, codes=[1])
            self.assert_only_error(result, "tls-handshake")
            self.assertEqual(server.requests, [])
        return result["errors"][0]["sample"]

    def test_without_a_certificate_that_the_server_likes_nothing_succeeds(self):
        impostor = ["--cert", self.impostor.cert, "--key", self.impostor.key]
        for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            for options in ([], impostor):
                with self.subTest(version=version.name, options=options):
                    self.assertIn("TLS handshake failed", self.refused_client(version, options))

    def test_the_server_s_reason_to_refuse_a_client_is_told(self):
        """What the alert says, of RFC 5246 and RFC 8446."""
        self.assertIn("handshake failure", self.refused_client(ssl.TLSVersion.TLSv1_2, []))

    def test_the_server_s_reason_to_refuse_a_client_is_told_in_tls_1_3(self):
        self.assertIn("certificate required", self.refused_client(ssl.TLSVersion.TLSv1_3, []))

    def test_to_a_server_that_speaks_plain_text_says_so(self):
        with MemoryServer() as server:
            url = server.url.replace("http:", "https:")
            self.assert_only_error(self.load(url, "--iterations", "3", codes=[1]), "tls-not-tls")

    def test_files_that_are_of_no_use_are_said_before_anything_is_sent(self):
        nonsense = self.file("nonsense.pem", "nothing of the kind\n")
        cases = [
            ["--cacert", nonsense],
            ["--cacert", "/no/such/file"],
            ["--cert", self.client.cert],
            ["--key", self.client.key],
            ["--cert", self.client.cert, "--key", self.impostor.key],
            ["--cert", nonsense, "--key", self.client.key],
        ]
        with Demo("--tls") as demo:
            for options in cases:
                with self.subTest(options=options):
                    ended = run("http", demo.url, "--iterations", "3", *options)
                    self.assertEqual(ended.returncode, 2, ended.stdout + ended.stderr)
                    self.assertEqual(len(ended.stderr.strip().splitlines()), 1, ended.stderr)
