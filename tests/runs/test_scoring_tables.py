"""Chart → table: RMS-F1 and what it is made of."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from air_cli.scoring_tables import (
    Entry,
    assign,
    by_row,
    edit_distance,
    entries,
    number,
    read_table,
    rms,
    similarity,
)

GOLD = "Year,North,South\n2019,10,20\n2020,12,\n2021,14,24\n"


def test_the_same_table_scores_one() -> None:
    table = read_table(GOLD)
    assert [e.value for e in table] == ["10", "20", "12", "14", "24"]
    assert rms(table, table).f1 == 1.0


def test_a_transposed_table_is_the_same_table() -> None:
    turned = read_table("Region,2019,2020,2021\nNorth,10,12,14\nSouth,20,,24\n")
    assert rms(read_table(GOLD), turned).f1 == 1.0


def test_a_missing_row_costs_recall_only() -> None:
    gold, read = read_table(GOLD), read_table("Year,North,South\n2019,10,20\n2021,14,24\n")
    found = rms(gold, read)
    assert (found.precision, found.recall) == pytest.approx((1.0, 0.8))


def test_an_invented_row_costs_precision_only() -> None:
    gold, read = read_table(GOLD), read_table(GOLD + "Total forecast,99,\n")
    found = rms(gold, read)
    assert (found.precision, found.recall) == pytest.approx((5 / 6, 1.0))


def test_values_count_by_relative_distance_up_to_theta() -> None:
    gold = [Entry("a", "x", "100")]
    assert rms(gold, [Entry("a", "x", 90.0)]).f1 == pytest.approx(0.9)
    assert rms(gold, [Entry("a", "x", 40.0)]).f1 == 0.0
    assert rms(gold, [Entry("a", "x", 85.0)], theta=0.1).f1 == 0.0
    assert rms([Entry("a", "x", "0")], [Entry("a", "x", 0.2)]).f1 == 0.0


def test_keys_count_by_edit_distance_below_tau() -> None:
    gold = [Entry("abcdefgh", "", "1")]
    assert rms(gold, [Entry("abcdefgX", "", 1.0)]).f1 == pytest.approx(7 / 8)
    assert rms(gold, [Entry("abcdWXYZ", "", 1.0)]).f1 == 0.0


def test_keys_are_paired_for_the_least_total_distance() -> None:
    gold = [Entry("north", "", "1"), Entry("south", "", "2")]
    found = rms(gold, [Entry("soth", "", 2.0), Entry("norh", "", 1.0)])
    assert {(g.row, r.row) for g, r in found.pairs} == {("north", "norh"), ("south", "soth")}


def test_the_header_of_a_single_column_can_be_left_out() -> None:
    gold = by_row(read_table("Country,Share of players\nFrance,10%\nSpain,5%\n"))
    read = by_row(entries(["category", "%"], [["France", 10.0], ["Spain", 5.0]]))
    assert rms(gold, read).f1 == 1.0
    assert by_row(read_table(GOLD)) == read_table(GOLD)


def test_empty_tables() -> None:
    gold = read_table(GOLD)
    assert rms(gold, []).f1 == 0.0
    assert rms([], gold).f1 == 0.0
    assert rms([], []).f1 == 1.0
    assert read_table("") == []


def test_numbers_as_tables_write_them() -> None:
    cells = ("1,234", "24%", "$5.5", "-3", 7, "n/a", None, True, "inf")
    assert [number(cell) for cell in cells] == [1234, 24, 5.5, -3, 7, None, None, None, None]


def test_edit_distance_agrees_with_the_textbook() -> None:
    draw = random.Random(5)
    for _ in range(300):
        a, b = ("".join(draw.choices("abcd", k=draw.randint(0, 12))) for _ in "ab")
        assert edit_distance(a, b) == _textbook(a, b)
    assert similarity("", "") == 1.0
    long = "x" * 500
    assert edit_distance(long, long + "y") == 1


def _textbook(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]


def test_the_assignment_is_the_cheapest() -> None:
    draw = np.random.default_rng(3)
    for _ in range(60):
        cost = draw.integers(0, 7, draw.integers(1, 6, 2)).astype(float)
        pairs = assign(cost)
        few = cost if cost.shape[0] <= cost.shape[1] else cost.T
        rows = range(few.shape[0])
        ways = itertools.permutations(range(few.shape[1]), few.shape[0])
        best = min(sum(few[i, way[i]] for i in rows) for way in ways)
        assert len(pairs) == few.shape[0]
        assert sum(cost[i, j] for i, j in pairs) == best
