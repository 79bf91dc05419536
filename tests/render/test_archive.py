"""The form for the archives: PDF/A-3 that is accessible, too, with the figures attached."""

import pypdfium2
import pytest

from conftest import edit, tongbao
from pages import GOLDEN, page_path, pdf_text, soup

TAIZHOU = GOLDEN[0]


def attachments(path) -> dict[str, bytes]:
    document = pypdfium2.PdfDocument(path)
    found = [document.get_attachment(at) for at in range(document.count_attachments())]
    return {one.get_name(): bytes(one.get_data()) for one in found}


@pytest.mark.long
@pytest.mark.parametrize("engine", ["embedded", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_a_series_asks_for_it_and_its_page_offers_it(project, engine):
    edit(project / "reports/taizhou-andun/series.yml", "annexes:", "formats: [html, pdf, archive.pdf]\nannexes:")
    tongbao(project, "build", "taizhou-andun", "--engine", engine)
    path = page_path(project, TAIZHOU, "archive.pdf")
    raw = path.read_bytes()
    for claim in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/AFRelationship/Data"):
        assert claim in raw
    csv = page_path(project, TAIZHOU, "csv")
    assert attachments(path) == {f"reports/taizhou-andun/{csv.name}": csv.read_bytes()}
    assert pdf_text(path) == pdf_text(page_path(project, TAIZHOU, "pdf"))
    assert not attachments(page_path(project, TAIZHOU, "pdf"))
    assert path.name in {link["href"] for link in soup(page_path(project, TAIZHOU, "html")).select("a.download")}
    assert "up to date" in tongbao(project, "build", "taizhou-andun", "--engine", engine).stdout
    tongbao(project, "build", "taizhou-andun", "--engine", engine, "--format", "archive.pdf", "--force")
    assert path.read_bytes() == raw
    assert not page_path(project, TAIZHOU, "pdf").exists()
