"""The site on this machine while its texts are written: built again on each change, the page loaded anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tongbao.basics.errors import UsageError
from tongbao.build.workers import LocalWorkers

HOST = "127.0.0.1"
_EVENTS = "/_changes"
_RELOAD = "/-/reload.js"  # a file, as the policy of pages has it
_SCRIPT = f'<script src="{_RELOAD}"></script>\n</body>'.encode()
_CODE = f'new EventSource("{_EVENTS}").onmessage = () => location.reload();\n'.encode()
_EVERY = 0.3  # seconds between two looks


class Preview:
    """A web server on loopback; open pages are told of each change.

    Arguments:
        site: the folder to serve.
        port: where to listen; 0 takes a free one.

    Raises:
        UsageError: something listens there already, or only the system may.
    """

    def __init__(self, site: Path, port: int) -> None:
        self._changed = threading.Condition()
        self._count = 0
        try:
            self._server = ThreadingHTTPServer((HOST, port), partial(_Handler, preview=self, directory=str(site)))
        except OSError as error:
            hint = "another --port, or --port 0 for any that is free"
            raise UsageError(f"nobody can listen on port {port}", found=error.strerror, hint=hint) from None
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Where the site is seen."""
        return f"http://{HOST}:{self._server.server_port}/"

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
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, known: int | None, seconds: float) -> int:
        """How many changes there were, once there are more than ``known`` or the time is up."""
        with self._changed:
            if known is not None:
                self._changed.wait_for(lambda: self._count > known, seconds)
            return self._count


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site, pages with a line that waits for changes; nothing is remembered by the browser."""

    def __init__(self, *arguments: Any, preview: Preview, **options: Any) -> None:
        self._preview = preview
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Answer a request."""
        if self.path == _EVENTS:
            self._tell_of_changes()
            return
        if self.path == _RELOAD:
            self._send(_CODE, "text/javascript")
            return
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.endswith("/") else path
        if path.suffix != ".html":
            super().do_GET()
            return
        page, code = (path, 200) if path.is_file() else (Path(self.directory) / "404.html", 404)
        content = page.read_bytes().replace(b"</body>", _SCRIPT) if page.is_file() else b""
        self._send(content, "text/html; charset=utf-8", code)

    def _send(self, content: bytes, kind: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        """Have nothing remembered."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads each request."""

    def _tell_of_changes(self) -> None:
        known = self._preview.wait(None, 0)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while True:
                now = self._preview.wait(known, 15)
                self.wfile.write(b": still here\n\n" if now == known else b"data: changed\n\n")
                self.wfile.flush()
                known = now
        except OSError:  # the page was closed
            return


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


def watch(look: Callable[[], str], build: Callable[[], None], known: str) -> None:
    """Build whenever what is looked at changes, until interrupted.

    Arguments:
        look: what the sources are now, in short.
        build: builds.
        known: what they were before the last build began.
    """
    while True:
        if (now := look()) != known:
            known = now
            build()
        time.sleep(_EVERY)
