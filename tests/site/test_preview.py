"""The site while it is written: a real preview, what a reader sees of each change, and what is left when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import pytest

from conftest import bare_project, edit
from demo import write_demo
from tongbao.basics.errors import UsageError
from tongbao_site.preview import Preview

PAGE = "reports/demo/2021-q2.html"
GIVE_UP = 600  # seconds; only against a preview that never answers


def test_a_port_that_is_taken_is_told_with_what_to_do(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            UsageError, match=rf"port {port}\s+found:\s+Address already in use\s+hint:\s+another --port"
        ):
            Preview(tmp_path, port)


class Previewed:
    """A preview of the made-up series: what it says, what it shows, and its changes."""

    def __init__(self, project):
        self.project, self.said = project, []
        command = [sys.executable, "-m", "tongbao", "--lang", "en", "preview", "demo@2021-q2", "--port", "0"]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=project, env=os.environ | {"COLUMNS": "200"}, **options)
        Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
        self.address = self.wait_for(lambda: re.search(r"http://127\.0\.0\.1:\d+/", "".join(self.said)))[0]
        self._changes = urlopen(f"{self.address}_changes", timeout=GIVE_UP)  # noqa: S310  # our own server

    def wait_for(self, look):
        end = time.monotonic() + GIVE_UP
        while time.monotonic() < end and self.process.poll() is None:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError("".join(self.said))

    def shows(self, name, text):
        """Whether a page says something, once open pages are told of changes."""
        end = time.monotonic() + GIVE_UP
        while text not in self.read(name) and time.monotonic() < end:
            while not self._changes.readline().startswith(b"data:"):
                assert time.monotonic() < end, "".join(self.said)
        return text in self.read(name)

    def read(self, name):
        with urlopen(self.address + name, timeout=GIVE_UP) as answer:  # noqa: S310  # our own server
            return re.sub(r"<[^>]+>", "", answer.read().decode())

    def descendants(self):
        """Every process that it has started, and that they have."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
            except OSError:  # it has just ended
                continue
        found = {self.process.pid}
        while more := {one for one, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}


@pytest.fixture
def previewed(tmp_path):
    project = bare_project(tmp_path / "p", to_build=True)
    (project / "notebooks/monthly.ipynb").write_bytes(Path("notebooks/monthly.ipynb").read_bytes())
    write_demo(project)
    told = Previewed(project)
    yield told
    if told.process.poll() is None:
        told.process.kill()


def is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.chromium
@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed in /proc")
def test_what_is_saved_is_seen_and_nothing_is_left_at_the_end(previewed, browser):
    text = previewed.project / "reports/demo/2021-q2.md"
    page = browser.new_page()
    page.goto(previewed.address + PAGE)

    edit(text, "各县要认真核对。", "各县要逐项核对。")
    page.get_by_text("各县要逐项核对").first.wait_for(timeout=GIVE_UP * 1000)
    page.close()

    edit(previewed.project / "data/raw/demo/2021-q2/work.csv", "300,33,9.9", "300,34,9.9")
    assert previewed.shows(PAGE, "立案97起")  # 34 + 22 + 36 + 5
    assert previewed.shows("index.html", "立案97起")

    text.with_name(".#2021-q2.md").symlink_to("somebody@somewhere.1234")  # an editor's, as long as the text is open
    edit(text, "各县要逐项核对。", "各县要逐项{{ 核对。")
    previewed.wait_for(lambda: "2021-q2.md" in "".join(previewed.said))
    assert "各县要逐项核对。" in previewed.read(PAGE)

    edit(text, "各县要逐项{{ 核对。", "各县要再次核对。")
    assert previewed.shows(PAGE, "各县要再次核对。")

    edit(previewed.project / "theme/bulletin.css", "--red: #b3141d", "--red: #b3141e")
    assert previewed.shows("theme/bulletin.css", "#b3141e")

    started = previewed.descendants()
    assert len(started) >= 2
    edit(text, "再次核对", "最后核对")
    previewed.process.send_signal(signal.SIGINT)
    assert previewed.process.wait(GIVE_UP) == 130
    end = time.monotonic() + GIVE_UP
    while any(map(is_alive, started)) and time.monotonic() < end:
        time.sleep(0.05)
    assert [one for one in started if is_alive(one)] == []
