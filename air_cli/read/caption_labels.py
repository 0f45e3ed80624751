"""The label in a caption ("Figure 3", "Chart 2.1"), and what tells a caption from a sentence."""

from __future__ import annotations

import re

_WORDS = (
    r"figure|fig|chart|exhibit|graph|diagram|plate|panel|map|box|illustration|image|"
    r"abbildung|abb|grafik|schaubild|übersicht|figura|figuur|figur|gr[aá]fico|gr[aá]fica|grafiek|"
    r"graphique|cuadro|quadro|wykres|rysunek|şekil|рисунок|рис|диаграмма|график|таблица|"
    r"tabelle|tabella|tabell|tabela|tabla|tablo|table|tableau|tabel|tab"
)
# Chinese, Japanese and Korean set the name right after the number.
_CJK = r"(?:图表|圖表|図表|图|圖|図|表|그림|도표|표)\s*\d+(?:[.\-–]\d+)*"
_LABEL = re.compile(
    rf"^\s*(?P<label>(?:supplementary\s+|extended\s+data\s+)?(?:{_WORDS})\.?\s*"
    r"(?-i:[A-Z]{0,2}[.\-–]?\d+(?:[.\-–]\d+)*[a-z]?|[IVXL]+|[A-Z])\b(?=\s*(?:[.:)|—–-]|$|\s))|"
    rf"{_CJK}(?!\d))\s*(?P<mark>[.:)|—–：。、-]|$|\s|)",
    re.IGNORECASE,
)


def label_of(text: str) -> str:
    """The label a caption starts with ("Figure 3"), or an empty string.

    >>> label_of("Figure 3: Net sales by region")
    'Figure 3'
    >>> label_of("图3：各地区销售额"), label_of("Рис. 2. Экспорт")
    ('图3', 'Рис. 2')
    >>> label_of("Figures are in millions")
    ''
    """
    match = _LABEL.match(text)
    if not match:
        return ""
    return " ".join(match["label"].split()).rstrip(".")


def is_caption(text: str) -> bool:
    """Whether a line opens a caption rather than a sentence that mentions a figure."""
    match = _LABEL.match(text)
    if not match:
        return False
    rest = text[match.end() :].strip()
    # "Figure 3 shows that …" is prose; "Figure 3. Sales" and "Figure 3 Sales" are captions.
    running = not match["mark"].strip() and rest[:1].islower()
    return not running
