"""Servers that remember what they were asked, and the certificates that they show."""

import pathlib
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from harness import STEP_LIMIT_S


@dataclass
class Request:
    """One request as it arrived."""
    method: str
    path: str
    headers: list  # of (name, value)
    body: bytes
    at: float  # monotonic, when its head was read
    certificate: dict | None  # the client's

    def header(self, name):
        values = [value for each, value in self.headers if each.lower() == name.lower()]
        return values[0] if values else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False  # a Unix socket has none
    wbufsize = -1  # head and body leave together

    def log_message(self, *_):
        pass

    def answer(self):
        at = time.monotonic()
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        certificate = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        status = self.server.memory.remember(
            Request(self.command, self.path, self.headers.items(), body, at, certificate))
        text = b"" if self.command == "HEAD" else b"ok\n"
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, family, address, memory):
        self.address_family = family
        self.memory = memory
        super().__init__(address, _Handler)

    def finish_request(self, request, client_address):
        self.memory.remember_connection()
        if self.memory.tls:
            request = self.memory.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass  # a client that gives up is what some tests are about


class MemoryServer:
    """Answers everything, and remembers it.

    `statuses` are those of the first requests; all later ones get 200. `tls` is an SSLContext."""

    def __init__(self, *, unix_socket=None, host="127.0.0.1", tls=None, statuses=()):
        self.tls = tls
        self.requests = []
        self.connections = 0
        self._statuses = list(statuses)
        self._changed = threading.Condition()
        if unix_socket:
            self._listener = _Listener(socket.AF_UNIX, unix_socket, self)
        else:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._listener = _Listener(family, (host, 0), self)
            self.port = self._listener.server_address[1]
            shown = f"[{host}]" if ":" in host else host
            self.url = f"{'https' if tls else 'http'}://{shown}:{self.port}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._listener.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()

    def remember(self, request):
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            return self._statuses.pop(0) if self._statuses else 200

    def remember_connection(self):
        with self._changed:
            self.connections += 1

    def wait_for(self, count):
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, STEP_LIMIT_S):
                raise AssertionError(f"only {len(self.requests)} of {count} requests came")

    def offsets(self):
        """When each request came, in seconds after the first."""
        times = sorted(request.at for request in self.requests)
        return [at - times[0] for at in times]


@dataclass
class Certificate:
    cert: str
    key: str

    def server_context(self, demand_from=None):
        """For a server that shows this certificate and, with `demand_from`, demands one of that authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        if demand_from:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(demand_from.cert)
        return context


class CertificateMaker:
    """Makes certificates with openssl, in a folder."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._config = self._folder / "openssl.cnf"
        self._config.write_text("[req]\ndistinguished_name = name\n[name]\n")

    def authority(self, name):
        return self._make(name, "-addext", "basicConstraints=critical,CA:TRUE")

    def signed_by(self, authority, name, alternative=None):
        extra = ["-addext", f"subjectAltName={alternative}"] if alternative else []
        return self._make(name, "-CA", authority.cert, "-CAkey", authority.key, *extra)

    def _make(self, name, *options):
        made = Certificate(str(self._folder / f"{name}.pem"), str(self._folder / f"{name}.key"))
        subprocess.run(
            ["openssl", "req", "-x509", "-config", self._config, "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-out", made.cert,
             "-keyout", made.key, *options], check=True, capture_output=True)
        return made
