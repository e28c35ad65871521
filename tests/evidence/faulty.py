"""An object store with faults: a proxy in front of moto that may be away, slow, or hand out other bytes."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Proxy(ThreadingHTTPServer):
    """Hands on what it is asked, unless `fault` says otherwise: "503", "hang", "cut", "wrong"."""

    daemon_threads = True

    def __init__(self, store: str) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.store = urlsplit(store).netloc
        self.fault = ""
        self.asked = 0
        self.over = threading.Event()  # whoever hangs is let go

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Asked(BaseHTTPRequestHandler):
    """One request, handed on with its headers, so that its signature stays one of the host that the client named."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def answer(self) -> None:
        self.server.asked += 1
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault
        if fault == "hang":
            self.server.over.wait(30)
        if fault in {"hang", "cut"}:
            self.close_connection = True
            return
        if fault == "503":
            self.reply(503, [], b"<Error><Code>SlowDown</Code></Error>")
            return
        store = http.client.HTTPConnection(self.server.store, timeout=10)
        try:
            store.request(self.command, self.path, sent, dict(self.headers.items()))
            answer = store.getresponse()
            body = answer.read()
            if fault == "wrong" and self.command == "GET":
                body = bytes(reversed(body))
            headers = [(key, value) for key, value in answer.getheaders() if key.lower() not in DROPPED]
            length = answer.getheader("Content-Length") if self.command == "HEAD" else None
            self.reply(answer.status, headers, body, length)
        finally:
            store.close()

    def reply(self, status: int, headers: list[tuple[str, str]], body: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for key, value in headers:
            self.send_header(key, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer


# Of this connection, or sums of the bytes: who hands out others has others.
DROPPED = {"content-length", "transfer-encoding", "connection", "x-amz-checksum-crc32"}
