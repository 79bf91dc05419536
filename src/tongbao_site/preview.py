"""The site on this machine while its texts are written: built again on each change, the page loaded anew."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, BinaryIO, Self

from tongbao.basics.errors import UsageError
from tongbao.build.workers import LocalWorkers

HOST = "127.0.0.1"
# How a request names this machine; the page of another site that has its own name lead here is not answered.
_OURS = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d*)?", re.IGNORECASE)
_CHANGES = "/-/changes"
_RELOAD = "/-/reload.js"  # a file, as the policy of pages has it
_ROOT = re.compile(rb'"([^"]*)/theme/')
_EVERY = 0.3  # seconds between two looks
_BUSY = 1.0  # seconds until it is tried again, where another build is at work
# A page in sight asks, and closes the line again: a browser keeps six open to a host, for all its tabs.
_CODE = f"""(() => {{
  const shown = new URL(document.currentScript.src).search.slice(1);
  const ask = async () => {{
    try {{
      if (!document.hidden && (await (await fetch("{_CHANGES}")).text()) !== shown) location.reload();
    }} catch {{
      // the preview has ended; it may begin again
    }}
    setTimeout(ask, {_EVERY * 1000:.0f});
  }};
  ask();
}})();
"""


class Preview:
    """A web server on loopback; open pages learn of each change.

    Arguments:
        site: the folder to serve.
        port: where to listen; 0 takes a free one.

    Raises:
        UsageError: something listens there already, or only the system may.
    """

    def __init__(self, site: Path, port: int) -> None:
        self._start = token_hex(8)
        self._count = 0
        try:
            self._server = _Server((HOST, port), partial(_Handler, preview=self, directory=str(site)))
        except OSError as error:
            hint = "another --port, or --port 0 for any that is free"
            raise UsageError(f"nobody can listen on port {port}", found=error.strerror, hint=hint) from None

    @property
    def address(self) -> str:
        """Where the site is seen."""
        return f"http://{HOST}:{self._server.server_port}/"

    @property
    def stamp(self) -> str:
        """Another one after each change, and after each start: a page that was left open is loaded anew then."""
        return f"{self._start}-{self._count}"

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer requests meanwhile."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.shutdown()
            self._server.server_close()

    def changed(self) -> None:
        """Have open pages loaded anew."""
        self._count += 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed while it loaded is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site, pages with a line that asks for changes; nothing is remembered by the browser."""

    def __init__(self, *arguments: Any, preview: Preview, **options: Any) -> None:
        self._preview = preview
        super().__init__(*arguments, **options)

    def parse_request(self) -> bool:
        """Whether a request is to be answered: only if it is for this machine."""
        if not super().parse_request():
            return False
        named = self.headers.get_all("Host", [""])
        if all(_OURS.fullmatch(one.strip()) for one in named):
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Begin an answer; returns what it consists of."""
        stamp = self._preview.stamp  # before the page is read: a change meanwhile makes another
        place, _, query = self.path.partition("#")[0].partition("?")
        if place == _CHANGES:
            return self._send(stamp.encode(), "text/plain")
        if place == _RELOAD:
            return self._send(_CODE.encode(), "text/javascript")
        path = self.translate_path(place)
        if os.path.isdir(path):  # noqa: PTH112  # which also knows names that are none
            if not place.endswith("/"):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", f"{place}/{'?' if query else ''}{query}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            path = f"{path}/index.html"
        there = os.path.isfile(path)  # noqa: PTH113
        if there and not path.endswith(".html"):
            return super().send_head()
        page = Path(path if there else f"{self.directory}/404.html")
        content = page.read_bytes() if page.is_file() else b""
        if not there and (root := _ROOT.search(content)):  # it is written for where the site will stand
            content = content.replace(b'"%b/' % root[1], b'"/')
        content = content.replace(b"</body>", f'<script src="{_RELOAD}?{stamp}"></script>\n</body>'.encode())
        return self._send(content, "text/html; charset=utf-8", HTTPStatus.OK if there else HTTPStatus.NOT_FOUND)

    def _send(self, content: bytes, kind: str, code: HTTPStatus = HTTPStatus.OK) -> BytesIO:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def end_headers(self) -> None:
        """Have nothing remembered."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads each request."""


class StandingWorkers(LocalWorkers):
    """Workers that stay warm from one build to the next, until ``stop``."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.stop()

    def stop(self) -> None:
        """End them."""
        self._stop()

    def __enter__(self) -> Self:
        return self


def watch(look: Callable[[], str], build: Callable[[], bool], known: str) -> None:
    """Build whenever what is looked at changes, until interrupted.

    Arguments:
        look: what the sources are now, in short.
        build: builds; returns whether it could, or another build is at work and it has to be tried again.
        known: what they were before the last build began; empty where that could not build.
    """
    while True:
        busy = False
        if (now := look()) != known:
            if build():
                known = now
            else:
                busy = True
        time.sleep(_BUSY if busy else _EVERY)
