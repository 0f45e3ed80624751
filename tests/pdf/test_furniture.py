"""What repeats on pages is no figure; what a text refers to knows the paragraph."""

from __future__ import annotations

import pymupdf

from air_cli.read.caption_labels import is_caption, label_of
from air_cli.read.pdf import PdfDocument
from tests.documents import Report, photo


def ornament(page: pymupdf.Page, x: float, y: float) -> None:
    for n in range(8):
        page.draw_bezier(
            (x + 9 * n, y), (x + 4 + 9 * n, y - 22), (x + 9 + 9 * n, y + 40), (x + 80, y + 30),
            color=(0.8, 0.1, 0.1), fill=(0.2, 0.3, 0.1 * n),
        )  # fmt: skip


def test_a_logo_on_every_page_is_no_figure_and_a_picture_on_one_is() -> None:
    made = Report()
    emblem, other = photo(120, 60, 5), photo(140, 60, 6)
    for number in range(5):
        made.page(logo=False)
        made.prose((60, 300, 552, 700))
        # The emblem moves: left on even pages, right on odd ones.
        left = 60 if number % 2 else 420
        made.doc[-1].insert_image((left, 60, left + 120, 120), stream=emblem)
        ornament(made.doc[-1], 250, 180)
        if number == 2:
            made.doc[-1].insert_image((60, 200, 200, 260), stream=other)
    figures = PdfDocument(made.save(), "r.pdf").figures(None)
    assert [figure.page for figure in figures] == [3]
    assert figures[0].bbox_pt[1] > 190


def test_a_photo_that_stands_on_two_pages_is_still_a_figure() -> None:
    made = Report()
    picture = photo(120, 60, 5)
    for _ in range(2):
        made.page(logo=False)
        made.prose((60, 300, 552, 700))
        made.doc[-1].insert_image((60, 60, 180, 120), stream=picture)
    assert len(PdfDocument(made.save(), "r.pdf").figures(None)) == 2


def test_the_paragraph_about_a_figure_stands_on_its_page_or_beside_it() -> None:
    made = Report()
    made.page(logo=False)
    about = "Exports fell sharply, as Fig. 4 shows, while imports grew. Figure 41 is another one."
    made.doc[0].insert_textbox((60, 60, 552, 100), about, fontsize=10)
    made.page(logo=False)
    made.chart((80, 215, 520, 470), "bar", "Figure 4: Exports", seed=1)
    made.prose((60, 500, 552, 740))
    document = PdfDocument(made.save(), "r.pdf")
    (figure,) = document.figures([2])
    assert figure.label == "Figure 4" and figure.mention == about
    assert document.rank("Why did exports fall sharply?", None)[0].figure.id == figure.id


def test_captions_in_other_languages() -> None:
    for text, label in (
        ("Abbildung 4: Umsatz nach Regionen", "Abbildung 4"),
        ("图3：各地区销售额", "图3"),
        ("図 2.1 売上高", "図 2.1"),
        ("그림 5. 매출", "그림 5"),
        ("Рисунок 7 — Экспорт", "Рисунок 7"),
        ("Gráfico 2. Ventas", "Gráfico 2"),
        ("Tableau 3 : Résultats", "Tableau 3"),
    ):
        assert label_of(text) == label and is_caption(text), text
    for text in ("Рисунок 7 показывает рост", "Abbildung 4 zeigt das", "表示されます", "Figures 3"):
        assert not is_caption(text), text
