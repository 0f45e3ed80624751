"""Draws AIR's own examples from known data: two charts and a six-page report.

    python examples/make_examples.py [FOLDER]

All figures are invented. The data below is the truth that the tests compare answers with.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pymupdf
from matplotlib.figure import Figure

YEARS = ["2019", "2020", "2021", "2022", "2023"]
REVENUE = [4.1, 4.4, 5.2, 5.9, 6.6]

QUARTERS = ["Q1 22", "Q2 22", "Q3 22", "Q4 22", "Q1 23", "Q2 23", "Q3 23", "Q4 23"]
SUBSCRIBERS = {
    "Europe": [12.1, 12.8, 13.0, 14.2, 14.9, 15.3, 16.8, 17.4],
    "Asia": [8.3, 9.1, 10.4, 11.6, 13.2, 14.8, 16.1, 18.9],
    "Americas": [15.2, 15.0, 14.7, 14.9, 14.1, 13.8, 13.9, 13.2],
}

SEGMENTS = ["Cloud", "Devices", "Services", "Licences"]
SEGMENT_SALES = {"2022": [212.0, 148.0, 96.0, 61.0], "2023": [268.0, 131.0, 117.0, 54.0]}

ENERGY = {"Wind": 38.0, "Solar": 27.0, "Hydro": 19.0, "Gas": 11.0, "Other": 5.0}

INCOME_HEAD = ["", "2023", "2022", "2021"]
INCOME = [
    ["Net sales", "570", "517", "468"],
    ["Cost of sales", "(331)", "(309)", "(288)"],
    ["Gross profit", "239", "208", "180"],
    ["Operating expenses", "(142)", "(133)", "(121)"],
    ["Operating income", "97", "75", "59"],
]

PROSE = (
    "Northwind Instruments reports for the year 2023. Demand for cloud products rose in every "
    "quarter, while sales of devices declined as announced. The board expects the mix to shift "
    "further toward recurring revenue. Currency effects were small. Investments went into two "
    "new data centres and into the field organisation; both were completed on schedule. "
)


def revenue_chart() -> Figure:
    """Vertical bars with printed values."""
    fig, ax = plt.subplots(figsize=(7, 4.4), dpi=140)
    bars = ax.bar(YEARS, REVENUE, color="#2f6db3", width=0.62)
    ax.bar_label(bars, fmt="%.1f", padding=3)
    ax.set_title("Revenue, in billions of U.S. dollars")
    ax.set_ylim(0, 8)
    ax.spines[["top", "right"]].set_visible(False)
    fig.tight_layout()
    return fig


def subscribers_chart() -> Figure:
    """Three lines, a legend, no printed values: geometry only."""
    fig, ax = plt.subplots(figsize=(7.6, 4.6), dpi=140)
    for (name, values), color in zip(
        SUBSCRIBERS.items(), ["#1b7f5c", "#d1495b", "#3d5a98"], strict=True
    ):
        ax.plot(QUARTERS, values, label=name, color=color, linewidth=2.2)
    ax.set_title("Subscribers by region")
    ax.set_ylabel("Millions")
    ax.set_ylim(0, 20)
    ax.grid(axis="y", color="#dddddd")
    ax.set_axisbelow(True)
    ax.legend(loc="lower left", ncols=3, frameon=False)
    fig.tight_layout()
    return fig


def segments_chart() -> Figure:
    """Grouped bars without labels: drawn as vectors in the report."""
    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    width = 0.38
    for shift, (year, values), color in zip(
        (-width / 2, width / 2), SEGMENT_SALES.items(), ["#9db4c8", "#1f4e79"], strict=True
    ):
        ax.bar([i + shift for i in range(len(SEGMENTS))], values, width, label=year, color=color)
    ax.set_xticks(range(len(SEGMENTS)), SEGMENTS)
    ax.set_ylabel("Net sales, in millions of euros")
    ax.set_ylim(0, 300)
    ax.legend(frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    fig.tight_layout()
    return fig


def energy_chart() -> Figure:
    """A pie with percentages: placed in the report as a raster image."""
    fig, ax = plt.subplots(figsize=(5, 4), dpi=160)
    colors = ["#4c9f70", "#f2b134", "#3b7dd8", "#8d8d8d", "#c8553d"]
    ax.pie(
        list(ENERGY.values()),
        labels=list(ENERGY),
        colors=colors,
        autopct="%.0f%%",
        startangle=90,
        counterclock=False,
    )
    ax.set_title("Energy mix of our sites, 2023")
    fig.tight_layout()
    return fig


def encoded(figure: Figure, kind: str) -> bytes:
    """The figure as the bytes of a PNG or PDF file, without dates: the same bytes every time."""
    out = io.BytesIO()
    metadata = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    figure.savefig(out, format=kind, metadata=metadata)
    plt.close(figure)
    return out.getvalue()


def report() -> bytes:
    """Six pages: cover, prose, vector chart, raster chart, income statement, notes."""
    document = pymupdf.open()
    for _ in range(6):
        document.new_page(width=595, height=842)
    pages = list(document)
    pages[0].insert_text((72, 200), "Northwind Instruments", fontsize=28, fontname="hebo")
    pages[0].insert_text((72, 236), "Annual report 2023", fontsize=18)
    for number, page in enumerate(pages[1:], start=2):
        page.insert_text((72, 60), f"Annual report 2023    {number}", fontsize=8)
    write_prose(pages[1], "Letter to shareholders", 90, repeat=5)
    write_prose(pages[2], "Net sales by segment", 90)
    with pymupdf.open("pdf", encoded(segments_chart(), "pdf")) as vector:
        pages[2].show_pdf_page(pymupdf.Rect(72, 230, 523, 484), vector, 0)
    caption(pages[2], 500, "Figure 1: Net sales by segment, 2022 and 2023")
    write_prose(pages[3], "Energy", 90)
    pages[3].insert_image(pymupdf.Rect(120, 230, 475, 514), stream=encoded(energy_chart(), "png"))
    caption(pages[3], 532, "Figure 2: Energy mix of our sites")
    write_prose(pages[4], "Consolidated income statement", 90)
    write_table(pages[4])
    write_prose(pages[5], "Notes", 90, repeat=3)
    document.set_metadata({"title": "Northwind Instruments: annual report 2023"})
    data: bytes = document.tobytes(garbage=3, deflate=True, no_new_id=True)
    document.close()
    return data


def write_prose(page: pymupdf.Page, heading: str, top: float, repeat: int = 1) -> None:
    """A heading and a paragraph from `top` (points) down."""
    page.insert_text((72, top), heading, fontsize=15, fontname="hebo")
    page.insert_textbox(
        pymupdf.Rect(72, top + 16, 523, top + 16 + 110 * repeat), PROSE * repeat, fontsize=10.5
    )


def caption(page: pymupdf.Page, y: float, text: str) -> None:
    """A caption line at `y` points."""
    page.insert_text((72, y), text, fontsize=9, fontname="heit")


def write_table(page: pymupdf.Page) -> None:
    """The income statement with rules, as financial statements print it."""
    columns, top, step = (84, 330, 410, 490), 260.0, 22.0
    page.insert_text((72, top - 26), "(in millions of euros)", fontsize=9, fontname="heit")
    for row, cells in enumerate([INCOME_HEAD, *INCOME]):
        y = top + row * step
        for column, (x, cell) in enumerate(zip(columns, cells, strict=True)):
            font = "hebo" if row == 0 else "helv"
            width = pymupdf.get_text_length(cell, fontname=font, fontsize=10)
            page.insert_text((x if column == 0 else x - width, y), cell, fontsize=10, fontname=font)
        page.draw_line((72, y + 7), (523, y + 7), width=0.9 if row == 0 else 0.3)


def main(folder: Path) -> None:
    """Write the examples into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "revenue.png").write_bytes(encoded(revenue_chart(), "png"))
    (folder / "subscribers.png").write_bytes(encoded(subscribers_chart(), "png"))
    (folder / "report.pdf").write_bytes(report())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
