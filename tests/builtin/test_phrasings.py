"""Questions as people ask them, against charts made from known numbers."""

from __future__ import annotations

from typing import Any

import pytest

from air_cli.records import Chart
from tests.builtin.asking import asked, value
from tests.toolkit.charts import chart_of

YEARS = ["2009", "2010", "2011", "2012", "2013", "2014", "2015"]
VIEWS = chart_of(
    {"Favorable": [50, 54, 49, 61, 43, 63, 58], "Unfavorable": [38, 35, 44, 30, 52, 29, 36]},
    YEARS,
    colors=["#2ca02c", "#ff7f0e"],
    kind="line",
    unit="%",
    title="Views of the U.S.",
)
REASONS = chart_of(
    {
        "Major reason": [59, 41, 37, 23, 18],
        "Minor reason": [20, 26, 24, 17, 26],
        "Not a reason": [19, 31, 38, 58, 55],
    },
    [
        "It would cost too much",
        "Not enough time",
        "Lives far away",
        "No interest",
        "Health problems",
    ],
    colors=["#1f3b73", "#7fb2e5", "#9e9e9e"],
    kind="stacked-barh",
    unit="%",
    title="Why adults do not travel",
)
AGES = chart_of(
    {"Men": [41, 52, 36, 22], "Women": [48, 45, 30, 25]},
    ["18-29", "30-49", "50-64", "65+"],
    colors=["#2876dd", "#d62728"],
    kind="grouped-bar",
    unit="%",
    title="Share of adults who use the app",
)
SHARES = chart_of(
    {"": [52, 36, 7, 5]},
    ["Approve", "Disapprove", "Mixed", "Don't know"],
    kind="pie",
    unit="%",
    title="Approval of the president",
)
GDP = chart_of(
    {"": [812.4, 845.1, 871.8, 902.3, 963.26, 1004.0]},
    ["2015", "2016", "2017", "2018", "2019", "2020"],
    kind="bar",
    title="GDP of Norland in billion U.S. dollars",
    unit="",
)
POWER = chart_of(
    {"": [72.3, 64.5, 58.2, 41.0, 33.7, 20.1]},
    ["Canada", "Iceland", "Norway", "France", "Germany", "Total"],
    kind="barh",
    unit="%",
    title="Share of renewable electricity",
)
PRICES = chart_of(
    {"Beer": [5.5, 7.0, 6.25], "Soft drink": [4.5, 5.0, 4.0], "Hot dog": [6.0, 5.75, 3.5]},
    ["Boston", "Chicago", "Denver"],
    colors=["#2876dd", "#0f283e", "#bababa"],
    kind="grouped-bar",
    unit="$",
    title="Prices at games",
)
SALES = chart_of(
    {"Online": [12, 18, 25, 33], "Offline": [30, 28, 29, 20]},
    ["2017", "2018", "2019", "2020"],
    colors=["#2876dd", "#0f283e"],
    kind="line",
    title="Sales in million euros",
)


def check(question: str, chart: Chart, wanted: Any) -> None:
    found = value(question, chart)
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        assert found == pytest.approx(wanted, rel=1e-3)
    else:
        assert found == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What's the rightmost value of orange graph?", 36),
        ("What is the sum of first three value of green graph?", 153),
        (
            "Is the sum of two lowest value of green graph greater than higest "
            "value of orange graph?",
            True,
        ),
        ("How many values in Unfavorable graph are below 36?", 3),
        (
            "In which year the difference between Favorable and Unfavorable graph is maximum?",
            "2014",
        ),
        ("What's the median value of green graph from 2011 to 2015?", 58),
        ("Which year the orange line crosses above the green line?", "2013"),
        ("Add the medians of the two opinions?", 54 + 36),
        ("What is the second least difference between the two views?", 9),
        ("Deduct the most unfavorable view from the most favorable view?", 63 - 52),
        ("Are the lines diverging?", True),
        ("How many intersecting points are there?", 2),
        ("What's the average of all the values below 40?", (38 + 35 + 30 + 29 + 36) / 5),
        ("In how many years was the favorable view higher than the unfavorable one?", 6),
        (
            "What is the difference between the highest favorable and the lowest "
            "unfavorable value?",
            63 - 29,
        ),
        ("By how much did the favorable view rise from 2013 to 2014?", 20),
        (
            "What's the product of the lowest value of the green line and the "
            "highest value of the orange line?",
            43 * 52,
        ),
        ("What's the color of graph whose lowest value is 29?", "orange"),
        ("Which line has the value 61?", "Favorable"),
        ("When did the favorable view peak?", "2014"),
        ("In which year was the unfavorable percentage the second highest?", "2011"),
        ("What is the total of Favorable and Unfavorable in 2012?", 91),
        ("Is the favorable value in 2014 more than twice the unfavorable value?", True),
        (
            "Add two rightmost values of green graph, multiply it by 3, what's the result?",
            (63 + 58) * 3,
        ),
        (
            "What is the average of highest value of green graph and rightmost "
            "value of orange graph?",
            (63 + 36) / 2,
        ),
        ("How many colors are used in the graph?", 2),
        ("Is there only two colors are used to represent the lines?", True),
        ("What percent had an unfavorable opinion in 2013?", 52),
        ("Which opinion was more common in 2013?", "Unfavorable"),
        ("Between 2011 and 2012, how much did the unfavorable view drop?", 14),
        ("In which year did both favorable and unfavorable decrease?", "none"),
    ],
)
def test_two_lines_of_shares(question: str, wanted: Any) -> None:
    check(question, VIEWS, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ('What\'s the value of navy blue bar for "It would cost too much"?', 59),
        ("What's the median of all the values of light blue bar?", 24),
        ("How many values in the gray bars are above 50?", 2),
        ("What's the product of medians of Major reason bars and Minor reason bars?", 37 * 24),
        ("What is the most common major reason?", "It would cost too much"),
        ("What does the light blue bar represent?", "Minor reason"),
        ("What percentage say health problems are not a reason?", 55),
        ("How many reasons are there?", 5),
        ("Which reason has the highest sum of major and minor reason?", "It would cost too much"),
        (
            "What is the total percentage of people who say not enough time is a "
            "major or minor reason?",
            67,
        ),
        ("What is the value of the first navy blue bar from the top?", 59),
        ("What is the sum of the top three dark blue bars?", 137),
        ("Which category has the smallest gray bar?", "It would cost too much"),
        (
            "What is the average of the last four categories of Major reason?",
            (41 + 37 + 23 + 18) / 4,
        ),
        ("What's the ratio of the smallest gray bar to the largest dark blue bar?", 19 / 59),
    ],
)
def test_stacked_bars(question: str, wanted: Any) -> None:
    check(question, REASONS, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which age group has the highest share of men?", "30-49"),
        ("What's the average of the blue bar in 30-49 and 65+ age group?", 37),
        ("In how many age groups are women ahead of men?", 2),
        ("What is the difference between men and women aged 18-29?", 7),
        ("Which gender uses the app more in the 50-64 group?", "Men"),
        ("What is the highest percentage of women?", 48),
        ("What is the gap between 18-29 men and 65+ women?", 16),
        ("How many bars are below 30?", 2),
        ("What is the sum of all the red bars?", 148),
        ("Is the percentage of men aged 30-49 greater than that of women of the same age?", True),
        ("In which age group is the difference between men and women the largest?", "18-29"),
        ("What percentage of women 65 and older use the app?", 25),
        ("Who uses the app less among the 65+, men or women?", "Men"),
        ("What is the total percentage for ages 50-64?", 66),
    ],
)
def test_grouped_bars(question: str, wanted: Any) -> None:
    check(question, AGES, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the ratio of the largest segment to the smallest segment?", 10.4),
        ("What's the sum of two largest segment?", 88),
        (
            "Take sum of two largest segment, substract smallest segment from the "
            "sum, what's the result?",
            83,
        ),
        ("What percentage of people disapprove of the president?", 36),
        ("Is the value of Approve more than half of the chart?", True),
        ("How many segments are above 30%?", 2),
        (
            "What is the difference in percentage between those who approve and "
            "those who disapprove?",
            16,
        ),
        ("What percentage do not approve?", 48),
        ("Which opinion did the majority give?", "Approve"),
        ("Is the sum of Mixed and Don't know less than 20?", True),
        ("What's the average of all segments excluding the largest one?", 16),
        ("What percent had no opinion?", 5),
    ],
)
def test_a_pie(question: str, wanted: Any) -> None:
    check(question, SHARES, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What was Norland's GDP in dollars in the previous year?", 963.26),
        ("In what year did the GDP exceed 900 billion dollars for the first time?", "2018"),
        ("How much did the GDP grow between 2015 and 2020?", 191.6),
        ("By what percentage did GDP grow from 2015 to 2020?", 23.58),
        ("In which year did GDP reach approximately 871.8 billion U.S. dollars?", "2017"),
        ("What is the last year shown?", "2020"),
        ("What was the GDP in the most recent year?", 1004),
        ("How many years have a GDP over 850?", 4),
        ("What is the difference between 2017 and 2016?", 26.7),
        ("What was the average GDP over the last three years?", (902.3 + 963.26 + 1004) / 3),
        ("How many times larger was the GDP in 2020 than in 2015?", 1004 / 812.4),
        ("Did the GDP increase every year?", True),
        ("Which year saw the largest increase?", "2019"),
        ("What is the earliest year in the chart?", "2015"),
        ("What was the lowest GDP in the period?", 812.4),
    ],
)
def test_bars_of_years(question: str, wanted: Any) -> None:
    check(question, GDP, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Which country has the highest share of renewable electricity?", "Canada"),
        ("What's the difference between Canada and Germany?", 38.6),
        ("What is the sum of the values of the last two countries?", 74.7),
        ("Which country comes second?", "Iceland"),
        ("How many countries have a share above 50%?", 3),
        ("What share of electricity is renewable for the French?", 41.0),
        ("How many more percentage points does Iceland have than Norway?", 6.3),
        ("Is Norway's share larger than Germany's?", True),
        ("What's the average share of Norway, France and Germany?", (58.2 + 41 + 33.7) / 3),
        ("Which country has the lowest share?", "Germany"),
        ("Which countries have a share lower than France?", "Germany"),
        ("How many times Canada higher than Germany?", 72.3 / 33.7),
        ("List the top three countries.", ["Canada", "Iceland", "Norway"]),
        ("What is the name of the country with 58.2?", "Norway"),
        ("What was the proportion of renewables in Iceland?", 64.5),
    ],
)
def test_bars_with_a_total(question: str, wanted: Any) -> None:
    check(question, POWER, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the price of beer in Chicago?", 7.0),
        ("Which city has the cheapest hot dog?", "Denver"),
        ("Which of the three costs most in Boston?", "Hot dog"),
        ("What is the addition of prices of beer and soft drink in Denver?", 10.25),
        ("What is the average price of a hot dog?", (6 + 5.75 + 3.5) / 3),
        ("How much more expensive is beer than soft drink in Chicago?", 2.0),
        ("In which city is the beer price the highest?", "Chicago"),
        ("Which two cities have beer prices above 6?", ["Chicago", "Denver"]),
        ("How much does a soft drink cost in Boston?", 4.5),
    ],
)
def test_prices(question: str, wanted: Any) -> None:
    check(question, PRICES, wanted)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the largest difference between online and offline?", 18),
        ("When did online overtake offline?", "2020"),
        ("In what year did online sales surpass offline sales?", "2020"),
        ("By how much did online exceed offline in 2020?", 13),
        ("What were total sales in 2018?", 46),
        ("Which channel sold more in 2019, online or offline?", "Offline"),
        ("How many million euros were sold online in 2019?", 25),
        ("What is the growth of online sales from 2017 to 2020 in percent?", 175),
        ("Did offline sales decrease between 2017 and 2020?", True),
        ("In which years were online sales higher than 15?", ["2018", "2019", "2020"]),
        ("What is the difference between the averages of online and offline?", 26.75 - 22),
        ("Which year has the highest total sales?", "2019"),
        ("In which year did online increase while offline decreased?", ["2018", "2020"]),
        ("Which line changed more?", "Online"),
    ],
)
def test_two_lines_of_amounts(question: str, wanted: Any) -> None:
    check(question, SALES, wanted)


BOXES = chart_of(
    {
        "minimum": [1.0, 2.0, 4.0],
        "lower quartile": [3.0, 5.0, 6.0],
        "median": [5.0, 8.0, 7.0],
        "upper quartile": [8.0, 12.0, 9.0],
        "maximum": [11.0, 15.0, 10.0],
    },
    ["Control", "Low dose", "High dose"],
    kind="box",
)
STEPS = chart_of(
    {"": [100.0, 20.0, -35.0, 12.0, 97.0]},
    ["Revenue 2019", "Price", "Volume", "Currency", "Revenue 2020"],
    kind="waterfall",
)
DOTS = chart_of(
    {"2010": [40.0, 55.0, 61.0], "2020": [52.0, 50.0, 70.0]},
    ["Chile", "Peru", "Brazil"],
    kind="dot",
    unit="%",
)


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("What is the median of Low dose?", BOXES, 8.0),
        ("What is the third quartile of High dose?", BOXES, 9.0),
        ("What is the interquartile range of Control?", BOXES, 5.0),
        ("Which box has the largest interquartile range?", BOXES, "Low dose"),
        ("Is the median of Control lower than that of High dose?", BOXES, True),
        ("What contributed the largest decrease?", STEPS, "Volume"),
        ("What is the biggest positive change?", STEPS, 20.0),
        ("Which country increased the most from 2010 to 2020?", DOTS, "Chile"),
        ("Which country fell between 2010 and 2020?", DOTS, "Peru"),
        ("How many countries rose from 2010 to 2020?", DOTS, 2),
        ("By how much did Chile rise?", DOTS, 12.0),
        ("What were offline sales when online sales were highest?", SALES, 20),
        (
            "What is the difference between the highest online value and offline in that year?",
            SALES,
            13,
        ),
    ],
)
def test_other_kinds_and_other_places(question: str, chart: Chart, wanted: Any) -> None:
    check(question, chart, wanted)


def test_what_a_chart_is_about_names_what_it_shows() -> None:
    said = value("What is this chart about?", SALES)
    assert "Sales in million euros" in said and "Online, Offline" in said and "2017" in said


PLAIN = chart_of({"Yes": [60.0, 40.0, 70.0], "No": [30.0, 50.0, 20.0]}, ["2018", "2019", "2020"])


def test_colours_that_a_table_lacks_are_answered_where_they_do_not_matter() -> None:
    answer = asked("In which year is the difference between green and red the smallest?", PLAIN)
    assert answer["value"] == "2019"


def test_colours_that_a_table_lacks_leave_an_answer_unsure_with_its_alternatives() -> None:
    answer = asked("What is the value of the blue bar in 2020?", PLAIN)
    assert {str(answer["value"]), *answer["alternatives"]} == {"70.0", "20%"}
    assert answer["sure"] < 0.5
    assert "unanswerable" in asked("What colour is the line of Yes?", PLAIN)


UNMARKED = chart_of({"Agree": [47.0, 78.0]}, ["Germany", "Norway"])


@pytest.mark.parametrize(
    ("question", "wanted", "unit"),
    [
        ("What percentage of Norway agrees?", 78.0, "%"),
        ("What is the value of Norway?", 78.0, ""),
    ],
)
def test_a_percentage_asked_of_plain_numbers_is_one(
    question: str, wanted: float, unit: str
) -> None:
    answer = asked(question, UNMARKED)
    assert (answer["value"], answer["unit"]) == (wanted, unit)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Is Online higher or lower than Offline in 2019?", "lower"),
        ("Was Online in 2020 above or below Offline?", "above"),
        ("Were online sales in 2018 more or less than in 2017?", "more"),
        ("Is Online greater than or less than Offline in 2017?", "less"),
    ],
)
def test_one_of_two_comparing_words(question: str, wanted: str) -> None:
    check(question, SALES, wanted)


def test_people_of_a_country_mean_the_country() -> None:
    people = chart_of({"": [40.0, 52.0, 31.0]}, ["Italy", "Japan", "Sweden"])
    assert value("What is the value for Italians?", people) == 40.0
    assert value("How many Swedish adults agree?", people) == 31.0


def test_months_with_short_years() -> None:
    months = chart_of({"": [5.0, 6.0, 8.0, 9.0]}, ["Apr 21", "Mar 21", "Apr 20", "Mar 20"])
    assert value("What was the CPI in April 2021?", months) == 5.0
    assert value("What was the CPI in Apr 20?", months) == 8.0
    days = chart_of({"": [5.0, 6.0, 8.0]}, ["Jan 05", "Jan 12", "Feb 02"])
    assert value("What was the value on Jan 12?", days) == 6.0


MONTHLY = chart_of(
    {"Copper": [10 + i for i in range(24)] + [33 - i for i in range(12)], "Zinc": [3.0] * 36},
    [f"{year}-{month:02d}" for year in (2012, 2013, 2014) for month in range(1, 13)],
    kind="line",
)
DAILY = chart_of(
    {"": [10.0, 11.0, 14.0, 12.0, 9.0]}, ["6/26/12", "12/26/12", "6/26/13", "12/26/13", "6/26/14"]
)


@pytest.mark.parametrize(
    ("question", "chart", "wanted"),
    [
        ("What was the highest copper price in 2012?", MONTHLY, 21),
        ("What is the average of copper in 2012?", MONTHLY, 15.5),
        ("What was copper in June 2013?", MONTHLY, 27),
        ("By how much did copper change from 2012 to 2014?", MONTHLY, 12),
        (
            "By how much did copper fall from its highest point in 2013 to its lowest in 2014?",
            MONTHLY,
            11,
        ),
        ("What was the value in December 2013?", DAILY, 12.0),
        ("What is the sum of '6/26/12' and '6/26/13'?", DAILY, 24.0),
        ("What is the sum of copper at 2012-01 and 2012-03?", MONTHLY, 22.0),
        ("What was the highest value in 2013?", DAILY, 14.0),
        ("What was the average annual increase in online sales from 2017 to 2020?", SALES, 7.0),
        ("By how many millions did online sales increase from 2017 to 2020?", SALES, 21.0),
        (
            "By how many percentage points did Favorable change from its lowest point to its "
            "highest point between 2009 and 2012?",
            VIEWS,
            12,
        ),
    ],
)
def test_times_and_changes(question: str, chart: Chart, wanted: float) -> None:
    check(question, chart, wanted)


def test_a_likeness_far_from_the_list_of_names_is_no_operand() -> None:
    parts = chart_of({"": [40.0, 25.0, 7.0]}, ["Bridge", "Construction", "Loan on Loan Portfolio"])
    question = "What is the combined part of the portfolio made up by 'Bridge' and 'Construction'?"
    check(question, parts, 65.0)


YEARLY = chart_of({"": [44.5, 90.8, 210.1, 305.6]}, ["4Q'13", "4Q'14", "FY'13", "FY'14"])
COLUMNS = chart_of(
    {"Full Year 2013": [1594.0, 202.0], "Full Year 2014": [1674.0, 186.0]}, ["Europe", "Peru"]
)


def test_a_year_beside_its_quarters_is_the_year() -> None:
    check("By how many millions did revenue increase from FY'13 to FY'14?", YEARLY, 95.5)
    check("What was revenue in 4Q'14?", YEARLY, 90.8)


def test_years_as_series_change_from_one_to_the_other() -> None:
    check("What is the total change for Peru from full year 2013 to full year 2014?", COLUMNS, -16)
    check("What is the percentage increase for Europe from 2013 to 2014?", COLUMNS, 5.0188)


def test_a_change_to_a_time_that_the_chart_lacks_is_no_value() -> None:
    assert "unanswerable" in asked("What is the decline of online sales from 2018 to 2026?", SALES)


def test_each_of_several_must_pass() -> None:
    text = "Men and Women aged 18-29 each account for more than 45%."
    check(text, AGES, False)
