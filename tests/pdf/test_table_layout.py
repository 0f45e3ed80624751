"""Statements as filers set them: far "$", short negatives, dated headers, two columns of text."""

from __future__ import annotations

from air_cli.read.table_cells import Word
from air_cli.read.table_layout import Grid, find_grids

_WIDTH = 5.0


def _word(text: str, top: float, *, left: float = 0.0, right: float | None = None) -> Word:
    wide = _WIDTH * len(text)
    x = left if right is None else right - wide
    return (x, top, x + wide, top + 10, text)


def _phrase(text: str, top: float, left: float) -> list[Word]:
    words = []
    for part in text.split():
        words.append(_word(part, top, left=left))
        left += _WIDTH * (len(part) + 0.8)
    return words


def _statement(rows: list[tuple[str, list[str]]], top: float = 100.0) -> list[Word]:
    """Names at 40; numbers right-aligned on their digits at 300, 400 …, a "$" 60 before."""
    words: list[Word] = []
    for number, (name, values) in enumerate(rows):
        y = top + 14 * number
        words += _phrase(name, y, 40)
        for column, value in enumerate(values):
            edge = 300.0 + 100 * column
            if value.startswith("$"):
                words.append(_word("$", y, right=edge - 60))
                value = value[1:]
            words.append(_word(value, y, right=edge + (_WIDTH if value.endswith(")") else 0)))
    return words


def _values(grid: Grid) -> list[list[float | None]]:
    cells = [[grid.cell(row, n) for n in range(len(grid.columns))] for row in grid.rows]
    return [[cell.value if cell else None for cell in row] for row in cells]


def test_short_negative_numbers_are_no_footnote_marks() -> None:
    rows = [("Net loss", ["$(660)", "$(403)"]), ("Other", ["(3)", "(13)"]), ("Debt", ["(96)", "7"])]
    (grid,) = find_grids(_statement(rows))
    assert _values(grid) == [[-660.0, -403.0], [-3.0, -13.0], [-96.0, 7.0]]


def test_headers_centred_over_sign_and_number_name_their_column() -> None:
    rows = [
        ("Sales", ["$1,204", "$1,398"]),
        ("Costs", ["702", "801"]),
        ("Income", ["$502", "$597"]),
    ]
    head = [
        (225.0, 72.0, 275.0, 82.0, "June"),
        (240.0, 86.0, 260.0, 96.0, "2021"),
        (325.0, 72.0, 375.0, 82.0, "June"),
        (340.0, 86.0, 360.0, 96.0, "2022"),
    ]
    (grid,) = find_grids([*head, *_statement(rows)])
    assert grid.header == ["June 2021", "June 2022"]


def test_a_table_goes_on_after_a_name_as_long_as_a_sentence() -> None:
    first = _statement([("Debt", ["10", "11"]), ("Leases", ["20", "21"])])
    name = (
        "Common stock, of one cent par value each: authorized one million shares; issued and sold"
    )
    long = _phrase(name, 128, 40)
    rest = _statement([("shares held", ["30", "31"]), ("Equity", ["40", "41"])], top=142)
    (grid,) = find_grids([*first, *long, *rest])
    assert _values(grid) == [[10, 11], [20, 21], [30, 31], [40, 41]]
    assert grid.names[2].startswith("Common stock") and grid.names[2].endswith("shares held")


def test_a_table_beside_prose_is_found_in_its_column() -> None:
    words = []
    for n in range(30):
        words += _phrase("words of a long text that goes on", 50 + 14 * n, 330)
        if n < 12:
            words += _phrase("and the other column of the text", 50 + 14 * n, 40)
    for n, (name, one, two) in enumerate([("Ours", "51.5", "60.1"), ("Theirs", "48.2", "55.1")]):
        y = 50 + 14 * (n + 14)
        words += [*_phrase(name, y, 40), _word(one, y, right=200), _word(two, y, right=260)]
    (grid,) = find_grids(words)
    assert _values(grid) == [[51.5, 60.1], [48.2, 55.1]]


def row_of(y: float, *cells: tuple[float, str]) -> list[Word]:
    """Words of 9 points at these left edges."""
    return [(left, y, left + 4.5 * len(word), y + 9, word) for left, word in cells]


def test_a_header_over_amounts_and_percentages_names_both() -> None:
    words = [
        *row_of(100, (239, "Year"), (262, "Ended"), (430, "Change")),
        *row_of(114, (220, "2015"), (300, "2014"), (415, "2015"), (437, "vs."), (455, "2014")),
        *row_of(130, (60, "Revenues"), (210, "4,180"), (290, "3,431"), (400, "749"), (480, "22%")),
        *row_of(144, (60, "Marketing"), (214, "318"), (294, "293"), (404, "24"), (482, "8%")),
        *row_of(158, (60, "Profit"), (214, "376"), (294, "236"), (400, "139"), (480, "47%")),
    ]
    (grid,) = find_grids(words)
    assert grid.header[0].endswith("2015") and grid.header[1].endswith("2014")
    assert "2015 vs. 2014" in grid.header[2] and "2015 vs. 2014" in grid.header[3]


def test_years_name_the_rows_of_a_schedule_and_a_sum_is_its_total() -> None:
    words = [
        *row_of(100, (60, "Year"), (90, "Amount")),
        *row_of(114, (60, "2018"), (400, "377")),
        *row_of(128, (60, "2019"), (400, "337")),
        *row_of(142, (60, "2020"), (400, "258")),
        *row_of(156, (60, "Thereafter"), (394, "1,998")),
        *row_of(170, (394, "2,970")),
    ]
    (grid,) = find_grids(words)
    assert grid.names == ["2018", "2019", "2020", "Thereafter", "Total"]
    assert grid.rows[-1].numbers[0].value == 2970


def test_a_number_below_that_is_no_sum_has_no_name() -> None:
    words = [
        *row_of(114, (60, "Rent"), (400, "377")),
        *row_of(128, (60, "Food"), (400, "337")),
        *row_of(142, (60, "Fuel"), (400, "258")),
        *row_of(156, (60, "Toys"), (400, "100")),
        *row_of(170, (394, "2,970")),
    ]
    (grid,) = find_grids(words)
    assert grid.names == ["Rent", "Food", "Fuel", "Toys"]


def test_a_list_set_in_two_halves_keeps_the_names_of_both() -> None:
    states = ["Alabama", "Arizona", "Iowa", "Ohio", "Texas", "Utah", "Vermont", "Wyoming"]
    words = []
    for n in range(4):
        left, right = states[n], states[n + 4]
        words += row_of(
            100 + 14 * n, (60, left), (200, str(19 - n)), (320, right), (480, str(59 - n))
        )
    first, second = find_grids(words)
    assert first.names == states[:4] and second.names == states[4:]
    assert [row.numbers[0].value for row in second.rows] == [59, 58, 57, 56]


def test_marks_of_footnotes_are_no_part_of_a_name() -> None:
    words = [
        *row_of(100, (200, "Stores(1)"), (300, "Sales(2)")),
        *row_of(114, (60, "Leased"), (90, "(3)"), (210, "37"), (310, "70")),
        *row_of(128, (60, "Owned"), (210, "33"), (310, "71")),
    ]
    (grid,) = find_grids(words)
    assert grid.header == ["Stores", "Sales"] and grid.names == ["Leased", "Owned"]


def test_a_deviation_in_brackets_belongs_to_the_number_before_it() -> None:
    words = []
    for n, (name, one, two) in enumerate([("Ours", "73.2%", "81.8%"), ("Theirs", "70.3%", "79%")]):
        y = 50 + 14 * n
        words += row_of(y, (40, name), (200, one), (225, "(1.9%)"), (300, two), (325, "(1.4%)"))
    (grid,) = find_grids(words)
    assert _values(grid) == [[73.2, 81.8], [70.3, 79.0]]


def test_a_deviation_behind_a_sign_belongs_to_its_number() -> None:
    words = []
    for n, (name, one, two) in enumerate(
        [("Ours", "73.2±1.9", "81.8±1"), ("Theirs", "7±2", "8±3")]
    ):
        words += row_of(50 + 14 * n, (40, name), (200, one), (300, two))
    (grid,) = find_grids(words)
    assert _values(grid) == [[73.2, 81.8], [7.0, 8.0]]


def test_a_table_does_not_run_on_into_the_other_column_of_text() -> None:
    words = []
    for n in range(40):
        words += _phrase("and the other column of the text", 50 + 14 * n, 40)
        if n < 8:
            words += _phrase("from 1 to 7 this is what is said", 50 + 14 * n, 330)
    for n, (name, one, two) in enumerate([("Ours", "51.5", "60.1"), ("Theirs", "48.2", "55.1")]):
        y = 50 + 14 * (n + 14)
        words += [*_phrase(name, y, 330), _word(one, y, right=460), _word(two, y, right=520)]
    # Numbers of the sentences on both sides would make columns of their own.
    for n in (13, 14, 15, 16):
        words += [_word("7", 50 + 14 * n, left=240)]
    (grid,) = find_grids(words)
    assert _values(grid) == [[51.5, 60.1], [48.2, 55.1]]
    assert grid.names == ["Ours", "Theirs"]


def test_a_header_over_a_group_names_each_of_its_columns() -> None:
    words = [
        *row_of(36, (168, "HOVER")),
        *row_of(42, (81, "Model"), (240, "FEVER")),
        *row_of(49, (142, "2-hop"), (173, "3-hop"), (205, "4-hop")),
        *row_of(70, (81, "Ours"), (142, "56.51"), (173, "51.75"), (205, "49.68"), (240, "60.13")),
        *row_of(84, (81, "Theirs"), (142, "57.20"), (173, "53.66"), (205, "51.8"), (240, "61.05")),
    ]
    (grid,) = find_grids(words)
    assert grid.header == ["HOVER 2-hop", "HOVER 3-hop", "HOVER 4-hop", "FEVER"]


def test_a_wide_statement_of_long_names_is_no_page_in_two_columns() -> None:
    words = []
    for n in range(24):
        y = 50 + 14 * n
        words += _phrase("Proceeds from the sale of equity interests", y, 40)
        for right in (400.0, 470.0, 540.0):
            words.append(_word(f"1,{n + 100}", y, right=right))
    (grid,) = find_grids(words)
    assert len(grid.rows) == 24 and len(grid.columns) == 3
