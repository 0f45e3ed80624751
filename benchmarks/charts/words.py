"""What generated charts are about: subjects with their units and sizes, and what is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A quantity: its name, the words of its unit, its size, decimals, prefix and suffix."""

    name: str
    unit: str
    low: float
    high: float
    decimals: int = 0
    prefix: str = ""
    suffix: str = ""
    signed: bool = False
    share: bool = False


SUBJECTS = (
    Subject("Revenue", "in millions of U.S. dollars", 40, 900, 0, "$"),
    Subject("Revenue", "million euros", 900, 9000, 0, "€"),
    Subject("Net sales", "$ billion", 2, 60, 1, "$", "bn"),
    Subject("Operating income", "$ million", 20, 400, 0, "$", "M", signed=True),
    Subject("Free cash flow", "USD millions", 5, 80, 1, "", "", signed=True),
    Subject("Operating margin", "%", 3, 38, 1, "", "%"),
    Subject("Dividends per share", "U.S. dollars", 0.4, 4, 2, "$"),
    Subject("Assets under management", "€ billion", 80, 1400, 0, "€"),
    Subject("Number of employees", "employees", 900, 60000),
    Subject("Store count", "stores", 40, 2400),
    Subject("GDP growth", "annual change, %", 0.5, 7, 1, "", "%", signed=True),
    Subject("Inflation rate", "per cent", 0.4, 12, 1, "", "%"),
    Subject("Unemployment rate", "% of labour force", 2, 24, 1, "", "%"),
    Subject("Government debt", "% of GDP", 20, 160, 0, "", "%"),
    Subject("Exports", "billion euros", 10, 320, 1),
    Subject("Trade balance", "billion U.S. dollars", 2, 70, 1, signed=True),
    Subject("Population", "millions", 2, 140, 1),
    Subject("Life expectancy", "years", 58, 86, 1),
    Subject("CO2 emissions", "million tonnes", 12, 900, 0),
    Subject("Electricity generation", "TWh", 20, 640, 0),
    Subject("Renewable share", "% of electricity", 5, 80, 0, "", "%"),
    Subject("Visitors", "in thousands", 120, 4200, 0),
    Subject("Passenger traffic", "million passengers", 3, 96, 1),
    Subject("Share of respondents", "% of respondents", 4, 72, 0, "", "%", share=True),
    Subject("Market share", "%", 5, 45, 1, "", "%", share=True),
    Subject("House price index", "2015 = 100", 70, 180, 1),
    Subject("Average salary", "U.S. dollars a year", 24000, 145000, 0, "$"),
    Subject("Rainfall", "mm", 20, 240, 0),
    Subject("Deaths", "per 100,000 people", 3, 90, 1),
    Subject("Downloads", "downloads", 12000, 950000),
)

COUNTRIES = (
    "United States", "China", "Japan", "Germany", "United Kingdom", "France", "India", "Italy",
    "Canada", "South Korea", "Australia", "Spain", "Mexico", "Indonesia", "Netherlands", "Turkey",
    "Switzerland", "Poland", "Sweden", "Belgium", "Norway", "Austria", "Ireland", "Denmark",
    "Kenya", "Nigeria", "Viet Nam", "Chile", "New Zealand", "Portugal", "Greece", "Czech Republic",
)  # fmt: skip
SEGMENTS = (
    "Cloud services", "Hardware", "Licences", "Consulting", "Retail banking", "Wealth management",
    "Insurance", "Online", "Wholesale", "Consumer health", "Pharmaceuticals", "Energy", "Mobility",
    "Industrial automation", "Food & beverages", "Apparel", "Aerospace", "Subscriptions",
    "Advertising", "Payments",
)  # fmt: skip
ANSWERS = (
    "Very satisfied",
    "Somewhat satisfied",
    "Neither",
    "Somewhat dissatisfied",
    "Very dissatisfied",
)
AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GROUPS = (
    "Men", "Women", "Total", "Urban", "Rural", "College graduates", "Some college",
    "High school or less", "Under 30", "Republicans", "Democrats", "Independents", "White",
    "Hispanic", "Parents", "Homeowners", "Renters",
)  # fmt: skip
STATEMENTS = (
    "Price of the product", "Quality of customer service", "Ease of use",
    "Recommendation by a friend",
    "Delivery time", "Brand reputation", "Environmental impact", "Data protection", "Opening hours",
    "Availability in stores",
)  # fmt: skip
SOURCES = (
    "Source: National Statistics Office", "Source: Company reports",
    "Sources: OECD; own calculations",
    "Note: figures are rounded. Source: Ministry of Finance", "© 2023 Research Institute",
    "Source: Survey of 2,013 adults, March 2021", "Data: World Bank",
)  # fmt: skip


def brightness(parts: Sequence[float]) -> float:
    """How bright a colour looks, of parts red, green and blue and on their scale."""
    red, green, blue = parts
    return 0.3 * red + 0.59 * green + 0.11 * blue


def label_ink(color: str) -> str:
    """The ink in which a label can be read on a fill of this `#rrggbb` colour."""
    parts = [int(color[k : k + 2], 16) for k in (1, 3, 5)]
    return "#222222" if brightness(parts) > 0.6 * 255 else "white"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PALETTES = (
    ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f"),
    ("#4e79a7", "#f28e2b", "#e15759", "#76b7b2", "#59a14f", "#edc948", "#b07aa1", "#9c755f"),
    ("#2f7ed8", "#0d233a", "#8bbc21", "#910000", "#1aadce", "#492970", "#f28f43", "#77a1e5"),
    ("#003f5c", "#58508d", "#bc5090", "#ff6361", "#ffa600", "#7a5195", "#665191", "#a05195"),
    ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#6d597a", "#b56576", "#355070"),
    ("#0b3c5d", "#328cc1", "#d9b310", "#6b7a8f", "#b82601", "#1d6f42", "#a8c0d0", "#d8a47f"),
    ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#54278f", "#807dba", "#bcbddc", "#3f007d"),
    ("#00447c", "#e37222", "#69be28", "#a2aaad", "#5b6770", "#ffc72c", "#007c92", "#8c1515"),
    ("#66c2a5", "#fc8d62", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f", "#e5c494", "#b3b3b3"),
    ("#222222", "#777777", "#bbbbbb", "#444444", "#999999", "#dddddd", "#555555", "#cccccc"),
)
