"""Small Office files written by hand: just the parts that hold charts and tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def relations(targets: Mapping[str, str]) -> str:
    """A part's relations: target by id."""
    items = "".join(
        f'<Relationship Id="{key}" Type="x" Target="{to}"/>' for key, to in targets.items()
    )
    return f'<Relationships xmlns="{_RELS}">{items}</Relationships>'


def _cache(values: Sequence[object], kind: str, code: str = "") -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>'
        for n, value in enumerate(values)
        if value is not None
    )
    form = f"<c:formatCode>{code}</c:formatCode>" if code else ""
    return (
        f"<c:{kind}Ref><c:f>X!$A$1</c:f><c:{kind}Cache>{form}{points}</c:{kind}Cache></c:{kind}Ref>"
    )


def chart(
    plot: str,
    series: Mapping[str, Sequence[float | None]],
    categories: Sequence[object],
    **options: str,
) -> str:
    """A chart part. `plot`: barChart …; options: direction, grouping, code (of categories),
    percent (code of values), title."""
    code = options.get("code", "")
    names = _cache(categories, "num" if code else "str", code)
    rows = "".join(
        f'<c:ser><c:idx val="{n}"/><c:tx>{_cache([name], "str")}</c:tx><c:cat>{names}</c:cat>'
        f"<c:val>{_cache(values, 'num', options.get('percent', 'General'))}</c:val></c:ser>"
        for n, (name, values) in enumerate(series.items())
    )
    direction = f'<c:barDir val="{options.get("direction", "col")}"/>' if "bar" in plot else ""
    grouping = f'<c:grouping val="{options.get("grouping", "clustered")}"/>'
    words = f"<a:p><a:r><a:t>{options.get('title', '')}</a:t></a:r></a:p>"
    title = f"<c:title><c:tx><c:rich>{words}</c:rich></c:tx></c:title>"
    area = f"<c:{plot}>{direction}{grouping}{rows}</c:{plot}><c:valAx/>"
    return (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:chart>{title}'
        f"<c:plotArea>{area}</c:plotArea></c:chart></c:chartSpace>"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of a slide."""
    lines = ""
    for row in rows:
        cells = [f"<a:p><a:r><a:t>{cell}</a:t></a:r></a:p>" for cell in row]
        lines += "".join(["<a:tr>", *(f"<a:tc><a:txBody>{c}</a:txBody></a:tc>" for c in cells)])
        lines += "</a:tr>"
    return f"<a:tbl>{lines}</a:tbl>"


def deck(title: str, charts: Sequence[str] = (), tables: Sequence[str] = ()) -> bytes:
    """A presentation of one slide with charts (parts) and tables."""
    frames = "".join(
        f'<p:graphicFrame><c:chart xmlns:c="{C}" r:id="rId{n}"/></p:graphicFrame>'
        for n in range(len(charts))
    ) + "".join(f"<p:graphicFrame>{item}</p:graphicFrame>" for item in tables)
    space = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'
    heading = (
        '<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    return packed(
        {
            "ppt/presentation.xml": f"<p:presentation {space}><p:sldIdLst>"
            '<p:sldId id="256" r:id="rId7"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relations({"rId7": "slides/slide1.xml"}),
            "ppt/slides/slide1.xml": f"<p:sld {space}>{heading}{frames}</p:sld>",
            "ppt/slides/_rels/slide1.xml.rels": relations(
                {f"rId{n}": f"../charts/chart{n}.xml" for n in range(len(charts))}
            ),
            **{f"ppt/charts/chart{n}.xml": part for n, part in enumerate(charts)},
        }
    )


def workbook(rows: Sequence[Sequence[object]], name: str = "Data") -> bytes:
    """A workbook of one sheet."""
    lines = ""
    for n, row in enumerate(rows, 1):
        cells = ""
        for m, value in enumerate(row):
            place = f"{chr(65 + m)}{n}"
            if isinstance(value, str):
                cells += (
                    f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""
                )
            elif value is not None:
                cells += f'<c r="{place}"><v>{value!r}</v></c>'
        lines += f'<row r="{n}">{cells}</row>'
    return packed(
        {
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations({"rId1": "worksheets/sheet1.xml"}),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{lines}</sheetData>'
            "</worksheet>",
        }
    )


def letter(paragraphs: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A text document: paragraphs, then a table."""
    texts = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    lines = "".join(
        "<w:tr>"
        + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in row)
        + "</w:tr>"
        for row in rows
    )
    body = f"<w:body>{texts}<w:tbl>{lines}</w:tbl></w:body>"
    return packed({"word/document.xml": f'<w:document xmlns:w="{W}">{body}</w:document>'})
