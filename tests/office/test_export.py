"""What is handed on: one page that needs nothing beside it, and an archive that verifies by itself."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from conftest import edit, tongbao
from pages import fresh_soup

ID = "wenzhou-monthly@2021-01-to-02"
NAME = "wenzhou-monthly-2021-01-to-02"
pytestmark = pytest.mark.xdist_group("export")  # what they look at is made once


@pytest.fixture(scope="module")
def project(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export") / "project"
    shutil.copytree(site, folder, symlinks=True)
    for kind in ("zip", "single-html"):
        tongbao(folder, "export", ID, "--format", kind)
    return folder


@pytest.fixture
def unpacked(project, tmp_path):
    with zipfile.ZipFile(project / "export" / f"{NAME}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / NAME


def checked(folder):
    command = [sys.executable, "-I", "-S", folder / "verify.py", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_the_archive_holds_all_of_the_bulletin_and_verifies_by_itself(unpacked):
    site = unpacked / "_site/reports/wenzhou-monthly"
    for name in ("html", "pdf", "docx", "csv", "json", "en.html", "en.pdf", "en.docx"):
        assert (site / f"2021-01-to-02.{name}").stat().st_size > 0
    for name in ("annex1.csv", "annex2.csv", "facts.csv"):
        assert (unpacked / "data/raw/wenzhou-monthly/2021-01-to-02" / name).is_file()
    page = fresh_soup(site / "2021-01-to-02.html")
    for node in page.select('script[src], link[rel="stylesheet"], link[rel="icon"]'):
        assert (site / (node.get("src") or node["href"])).is_file()
    assert (unpacked / fresh_soup(unpacked / "index.html").find("a")["href"]).is_file()
    done = checked(unpacked)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing left over" in done.stdout
    assert "not at hand" not in done.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", "7.69", "7.68", "annex1.csv G14 holds 7.68"),
        ("_site/reports/wenzhou-monthly/2021-01-to-02.html", ">7.69<", ">7.68<", "2021-01-to-02.html | 一、基本情况"),
        ("_site/reports/wenzhou-monthly/2021-01-to-02.csv", "7.69", "7.68", "not the file that was built"),
    ],
)
def test_one_digit_changed_is_named_with_its_place(unpacked, name, old, new, place):
    edit(unpacked / name, old, new)
    done = checked(unpacked)
    assert done.returncode == 1
    assert place in done.stdout


def test_the_archive_is_the_same_bytes_each_time(project, tmp_path):
    shutil.copytree(project, tmp_path / "elsewhere", symlinks=True)
    tongbao(tmp_path / "elsewhere", "export", ID, "--format", "zip", "-o", str(tmp_path))
    assert (tmp_path / f"{NAME}.zip").read_bytes() == (project / "export" / f"{NAME}.zip").read_bytes()


@pytest.mark.further
def test_what_was_unpacked_is_built_from_again(unpacked):
    said = tongbao(unpacked, "status").stdout
    assert re.search(rf"{ID} +up to date", said)
    assert "as built" in tongbao(unpacked, "verify", "--audit", ID).stdout


def test_what_changed_since_the_build_is_not_handed_on(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "project", symlinks=True)
    edit(copy / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv", "7.69", "7.68")
    said = tongbao(copy, "export", ID, "--format", "zip", code=1).stderr
    assert "annex1.csv changed" in said
    assert "no format pdf" in tongbao(copy, "export", ID, "--format", "pdf", code=2).stderr


@pytest.mark.further
@pytest.mark.chromium
@pytest.mark.parametrize("edition", ["", pytest.param(".en", marks=pytest.mark.long)])
def test_a_single_page_needs_nothing_beside_it(project, tmp_path, browser, edition):
    alone = shutil.copy2(project / "export" / f"{NAME}{edition}.html", tmp_path / "mail.html")
    asked, complaints = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(alone.as_uri())
    page.wait_for_timeout(500)
    page.locator(".figure-value").first.click()
    assert page.locator(".evidence-panel").is_visible()
    assert page.locator("body").evaluate("node => getComputedStyle(node).margin") == "0px"  # styled
    with page.expect_download() as download:
        page.locator(".evidence-panel .evidence-close").click()
        page.locator("a.download").first.click()
    assert download.value.suggested_filename == f"2021-01-to-02{edition}.pdf"
    built = project / f"_site/reports/wenzhou-monthly/2021-01-to-02{edition}.pdf"
    assert download.value.path().read_bytes() == built.read_bytes()
    assert (asked, complaints) == ([alone.as_uri()], [])
    dead = [link["href"] for link in fresh_soup(alone).find_all("a", href=True) if link["href"][:5] != "data:"]
    assert all(link.startswith("#") for link in dead)
    page.close()
