"""What recognition makes of signs and tick marks, put right by the other texts of the picture."""

from __future__ import annotations

import numpy as np

from air_cli.read.bullets import clean_texts
from air_cli.records import Text

_PAGE = np.full((200, 200, 3), 255, np.uint8)


def _cleaned(*words: str) -> list[str]:
    texts = [Text(word, (10, 12.0 * n, 60, 12.0 * n + 9)) for n, word in enumerate(words)]
    return [text.text for text in clean_texts(_PAGE, texts)]


def test_percent_signs_read_as_digits_where_all_shares_have_one_decimal() -> None:
    read = _cleaned("Austria (30,0%)", "Japan (6,9%)", "Kenya (8,896)", "11.296", "1996", "3.5")
    assert read == ["Austria (30,0%)", "Japan (6,9%)", "Kenya (8,8%)", "11.2%", "1996", "3.5"]
    assert _cleaned("30,0%", "7%", "8,896") == ["30,0%", "7%", "8,896"]


def test_marks_of_ticks_at_the_ends_of_labels_go() -> None:
    assert _cleaned("$10bn-", "$5bn -", "0-", "-5") == ["$10bn", "$5bn", "0", "-5"]
    assert _cleaned("2001-", "2005") == ["2001-", "2005"]


def test_a_five_that_stands_for_a_dollar_sign() -> None:
    assert _cleaned("540bn", "$30bn", "520bn") == ["$40bn", "$30bn", "$20bn"]
    assert _cleaned("540bn -", "S30bn", "US$ billion") == ["$40bn -", "$30bn", "US$ billion"]
    assert _cleaned("540", "$30", "550bn", "$5") == ["540", "$30", "550bn", "$5"]


def test_a_sample_of_a_line_read_as_letters_goes_and_letters_stay() -> None:
    page = np.full((60, 120, 3), 255, np.uint8)
    page[19:22, 20:50] = (38, 70, 83)  # a line with a marker
    page[16:25, 31:39] = (38, 70, 83)
    page[40:54, 20:23] = page[40:43, 28:44] = page[40:54, 35:38] = 0  # "IT"
    texts = [Text("IT", (18, 13, 52, 28)), Text("IT", (18, 38, 46, 56))]
    assert clean_texts(page, texts) == texts[1:]


def test_long_slanted_names_are_no_outlines_of_marks() -> None:
    level = [Text("4.0%", (50.0 * n, 10, 50.0 * n + 40, 36)) for n in range(9)]
    name = Text("Wealth management", (20, 60, 195, 232), angle=45.0)
    spoke = Text("/", (20, 60, 195, 232), angle=45.0)
    kept = clean_texts(np.full((400, 600, 3), 255, np.uint8), [*level, name, spoke])
    assert name in kept and spoke not in kept


def test_many_low_strokes_are_dashes_and_a_few_ones_are_ones() -> None:
    words = [Text(str(n), (4, 14.0 * n, 14, 14.0 * n + 12)) for n in range(10, 13)]
    dashes = [Text("1", (30 + 9.0 * n, 20 + 5.0 * n, 35 + 9.0 * n, 28 + 5.0 * n)) for n in range(6)]
    assert clean_texts(_PAGE, [*words, *dashes]) == words
    ones = [Text("1", (40 * n, 150, 40 * n + 5, 158)) for n in range(1, 4)]
    assert clean_texts(_PAGE, [*words, *ones]) == [*words, *ones]
