"""Opening PDFs: passwords, damage, ranking, what is read again."""

from __future__ import annotations

import json
import time

import pymupdf
import pytest

from air_cli.errors import ItemError
from air_cli.read.document import open_document
from air_cli.read.pdf import PdfDocument
from air_cli.read.rank import score_texts, terms
from tests.data import shared_data
from tests.documents import Report, report


def test_an_encrypted_pdf_needs_its_password() -> None:
    data = report(0).save(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="secret")
    for password, words in ((None, "a password is needed"), ("no", "the password is wrong")):
        with pytest.raises(ItemError, match=words) as caught:
            open_document(data, "r.pdf", password)
        assert caught.value.kind == "encrypted"
    assert open_document(data, "r.pdf", "secret").source.pages == 4


@pytest.mark.parametrize("keep", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_pdf_ends_in_figures_or_one_error(keep: float) -> None:
    data = report(0).save()
    try:
        document = open_document(data[: int(len(data) * keep)], "cut.pdf")
        document.figures(None)
    except ItemError as error:
        assert str(error).startswith("cut.pdf")
        assert "\n" not in str(error)


def test_a_document_without_figures_has_none() -> None:
    made = Report()
    made.page()
    made.prose((60, 60, 552, 700))
    document = open_document(made.save(), "r.pdf")
    assert document.figures(None) == []
    assert document.rank("revenue?", None) == []


def test_a_damaged_page_costs_only_itself() -> None:
    made = report(0)
    made.doc.xref_set_key(made.doc[1].xref, "Contents", "99999 0 R")
    made.doc.update_stream(made.doc[2].get_contents()[0], b"q BT /F1 garbage <<<< (((")
    document = PdfDocument(made.doc.tobytes(), "r.pdf")
    assert {figure.page for figure in document.figures(None)} >= {1}


def test_ranking_prefers_what_the_question_says() -> None:
    document = open_document(report(0).save(), "r.pdf")
    assert (
        document.rank("What were net sales in the Northern region?", None)[0].figure.id == "p1-f1"
    )
    best = document.rank("How many visitors came?", None)[0]
    assert best.figure.page == 2
    assert "visitor" in best.why
    assert document.rank("What does Exhibit 5 say?", None)[0].figure.id == "p3-f1"
    assert document.rank("What was net income?", None)[0].figure.kind == "table"
    assert all(r.figure.page == 2 for r in document.rank("net sales", [2]))


def test_terms_and_scores() -> None:
    assert terms("What were the net sales in 2021?") == ["net", "sale", "2021"]
    rare, common = score_texts("sales of tractors", ["sales of tractors", "sales of sales"])
    assert rare > common


def test_reread_gives_the_texts_of_the_pdf() -> None:
    document = open_document(report(0).save(), "r.pdf")
    (figure,) = document.figures([1])
    texts = document.reread(figure.id, None, 2.0)
    assert any(text.text == "Online" and text.confidence == 1.0 for text in texts)
    document.close()
    document.close()


@pytest.mark.slow
def test_bad_pdfs_end_in_figures_or_one_error() -> None:
    folder = shared_data() / "bad_pdfs"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    sample = sorted(rows, key=lambda row: row["sha1"])[::6]
    for row in sample:
        started = time.process_time()
        try:
            open_document((folder / row["file"]).read_bytes(), row["file"]).figures(None)
        except ItemError as error:
            assert "\n" not in str(error)
        assert time.process_time() - started < 20, row["file"]
