"""The site while it is written: a real preview, what a reader sees of each change, and what is left when it ends."""

import http.client
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
from filelock import FileLock

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


@pytest.fixture
def shown(tmp_path):
    """A preview of a site as a series that declares its address has it made."""
    (tmp_path / "reports/x").mkdir(parents=True)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/site.css").write_text("body { color: rgb(1, 2, 3); }", "utf-8")
    for name, root in (("index.html", "."), ("404.html", "/office"), ("reports/x/index.html", "../..")):
        link = f'<link rel="stylesheet" href="{root}/theme/site.css"><a href="{root}/index.html">目录</a>'
        (tmp_path / name).write_text(f"<html><head>{link}</head><body>{name}</body></html>", "utf-8")
    preview = Preview(tmp_path, 0)
    with preview.serving():
        yield preview


def asked(preview, path, host=None, method="GET"):
    """The code and the text of an answer."""
    line = http.client.HTTPConnection(preview.address.split("/")[2], timeout=30)
    line.putrequest(method, path, skip_host=True)
    if host != "":
        line.putheader("Host", host or preview.address.split("/")[2])
    line.endheaders()
    answer = line.getresponse()
    said = answer.status, answer.read().decode()
    line.close()
    return said


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8941", "localhost.evil.example", "127.0.0.1@evil", ""])
@pytest.mark.parametrize("path", ["/", "/theme/site.css", "/-/changes"])
def test_only_who_asks_for_this_machine_is_answered(shown, host, path):
    assert asked(shown, path, host)[0] == asked(shown, path, host, "HEAD")[0] == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:8765", "[::1]", "[::1]:80"])
def test_this_machine_may_be_called_by_any_of_its_names(shown, host):
    assert asked(shown, "/", host)[0] == 200


@pytest.mark.further
@pytest.mark.parametrize("path", ["/?series=x", "/reports/x/?a=b", "/index.html?a"])
def test_a_page_with_choices_in_its_address_is_loaded_anew_too(shown, path):
    code, said = asked(shown, path)
    assert code == 200
    assert "reload.js" in said


@pytest.mark.parametrize(
    "path", ["/%00.css", "/%00", f"/{'a' * 5000}", "/reports/?x", "/reports/", "http://[/x.css", "/a.css"]
)
def test_what_is_no_file_is_told_by_a_page_and_nothing_in_the_terminal(shown, path, capfd):
    code, said = asked(shown, path)
    assert (code, "404.html" in said) == (404, True)
    assert asked(shown, path, method="HEAD") == (404, "")
    assert capfd.readouterr().err == ""


def test_a_folder_without_its_stroke_leads_on(shown):
    assert asked(shown, "/reports/x?a=b")[0] == 301


@pytest.mark.chromium
@pytest.mark.long
def test_the_page_for_what_is_missing_has_its_style(shown, browser):
    page = browser.new_page()
    page.goto(f"{shown.address}no/such/page.html")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    page.click("text=目录")
    assert page.url == f"{shown.address}index.html"
    page.close()


@pytest.mark.chromium
@pytest.mark.long
def test_ten_tabs_are_loaded_anew_and_again_after_a_restart(shown, tmp_path, browser):
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(10)]
    for tab in tabs:
        tab.goto(f"{shown.address}?series=x", timeout=10_000)
    file = tmp_path / "index.html"
    file.write_text(file.read_text("utf-8").replace("index.html</body>", "second</body>"), "utf-8")
    shown.changed()
    for tab in tabs:
        tab.get_by_text("second").wait_for(timeout=20_000)
    port = int(shown.address.split(":")[2].strip("/"))
    shown._server.shutdown()
    shown._server.server_close()
    file.write_text(file.read_text("utf-8").replace("second</body>", "third</body>"), "utf-8")
    again = Preview(tmp_path, port)
    with again.serving():
        for tab in tabs:
            tab.get_by_text("third").wait_for(timeout=20_000)
        context.close()


class Previewed:
    """A preview of the made-up series: what it says, what it shows, and its changes."""

    def __init__(self, project):
        self.project, self.said = project, []
        command = [sys.executable, "-m", "tongbao", "--lang", "en", "preview", "demo@2021-q2", "--port", "0"]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=project, env=os.environ | {"COLUMNS": "200"}, **options)
        Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
        self.address = self.wait_for(lambda: re.search(r"http://127\.0\.0\.1:\d+/", "".join(self.said)))[0]

    def wait_for(self, look):
        end = time.monotonic() + GIVE_UP
        while time.monotonic() < end and self.process.poll() is None:
            if found := look():
                return found
            time.sleep(0.05)
        raise AssertionError("".join(self.said))

    def shows(self, name, text):
        """Whether a page says something, once open pages learn of a change."""
        end = time.monotonic() + GIVE_UP
        while time.monotonic() < end:
            known = self.read("-/changes")
            if text in self.read(name):
                return True
            while self.read("-/changes") == known:
                assert time.monotonic() < end, "".join(self.said)
                time.sleep(0.05)
        return False

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


@pytest.mark.further
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


@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed in /proc")
@pytest.mark.long
def test_what_is_saved_while_another_build_runs_is_built_when_that_is_done(previewed):
    with FileLock(previewed.project / ".tongbao/build.lock"):
        edit(previewed.project / "reports/demo/2021-q2.md", "各县要认真核对。", "各县要逐项核对。")
        previewed.wait_for(lambda: "another build is running" in "".join(previewed.said))
        time.sleep(3)
        assert "".join(previewed.said).count("another build is running") == 1
    assert previewed.shows(PAGE, "各县要逐项核对。")

    started = previewed.descendants()
    previewed.process.send_signal(signal.SIGTERM)
    assert previewed.process.wait(GIVE_UP) == 128 + signal.SIGTERM
    end = time.monotonic() + GIVE_UP
    while any(map(is_alive, started)) and time.monotonic() < end:
        time.sleep(0.05)
    assert [one for one in started if is_alive(one)] == []
    time.sleep(0.5)
    assert "leaked" not in "".join(previewed.said)
    assert "Traceback" not in "".join(previewed.said)
