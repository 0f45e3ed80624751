"""An SVG said in the plainest way: every style as an attribute of the element that it applies to.

MuPDF reads presentation attributes and simple inline styles. Charting programs also write style
sheets, custom properties, relative font sizes, gradients and patterns, arcs, hidden elements: here
they are resolved, as far as a chart needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from air_cli.read.svg_arcs import without_arcs

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A rule within another (@media, @supports), which is left out whole.
_NESTED = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SELECTOR = re.compile(r"(\*|[A-Za-z][\w-]*)?(?:\.([\w-]+)|#([\w-]+))?")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_PAIR = re.compile(r"light-dark\(([^,()]*),[^()]*\)")
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_LENGTH = re.compile(r"([\d.]+)\s*(em|rem|ex|%|px|pt)?")
_RGBA = re.compile(r"rgba\(\s*([^)]*?)\s*[,/]\s*([\d.]+%?)\s*\)")
_PALE = ("white", "#fff", "#ffffff", "transparent", "none", "")
_PAINTS = ("fill", "stroke")
_INHERITED = frozenset(
    [
        "fill",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-opacity",
        "fill-opacity",
        "font-size",
        "font-weight",
        "font-style",
        "font-family",
        "text-anchor",
        "visibility",
        "fill-rule",
        "color",
    ]
)
_OWN = frozenset(
    [
        "opacity",
        "display",
        "clip-path",
        "clip-rule",
        "stop-color",
        "stop-opacity",
        "dominant-baseline",
    ]
)
# What is written as an attribute; the rest of a style says nothing about geometry or colour.
_KEPT = _INHERITED | _OWN
_ROOT_PX = 16.0

Styles = dict[str, str]
Rules = list[tuple[str, str, str, Styles]]


def plain_svg(data: bytes) -> bytes:
    """The drawing with its styles as attributes. Raises `ET.ParseError` for broken XML."""
    root = ET.fromstring(data)
    rules, properties = _sheets(root)
    paints = dict(_paints(root))
    # (element, parent, what it inherits)
    waiting: list[tuple[ET.Element, ET.Element | None, Styles]] = [(root, None, {})]
    while waiting:
        element, parent, inherited = waiting.pop()
        if not isinstance(element.tag, str):
            continue
        own = _own(element, rules)
        properties |= {name: value for name, value in own.items() if name.startswith("--")}
        own = {name: _resolved(value, properties) for name, value in own.items() if name in _KEPT}
        _size(own, inherited)
        _paint(own, paints)
        styles = {**{k: v for k, v in inherited.items() if k in _INHERITED}, **own}
        if own.get("display") == "none" or _is_unseen(element, styles):
            if parent is not None:
                parent.remove(element)
            continue
        _write(element, own, styles)
        _drop_halos(element)
        waiting += [(child, element, styles) for child in element]
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    plain: bytes = ET.tostring(root, encoding="utf-8")
    return plain


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _sheets(root: ET.Element) -> tuple[Rules, Styles]:
    """The rules of the style sheets with plain selectors, and the custom properties."""
    rules: Rules = []
    properties: Styles = {}
    for sheet in root.iter():
        if _name(sheet) != "style":
            continue
        text = _NESTED.sub("", _COMMENT.sub("", "".join(sheet.itertext())))
        sheet.text = ""
        for heads, body in _RULE.findall(text):
            styles = _declared(body)
            properties |= {k: v for k, v in styles.items() if k.startswith("--")}
            for head in heads.split(","):
                # Of a selector with ancestors the last part is taken: charts nest little.
                match = _SELECTOR.fullmatch(head.split()[-1]) if head.split() else None
                if match and any(match.groups()):
                    rules.append((match[1] or "", match[2] or "", match[3] or "", styles))
    return rules, properties


def _declared(body: str) -> Styles:
    found = {}
    for part in body.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def _own(element: ET.Element, rules: Rules) -> Styles:
    """What attributes, style sheets and the inline style say, the later the stronger."""
    styles = {name: value for name, value in element.attrib.items() if name in _KEPT}
    classes, tag, ident = element.get("class", "").split(), _name(element), element.get("id", "")
    for name, kind, number, declared in rules:
        fits = (not name or name in ("*", tag)) and (not number or number == ident)
        if fits and (not kind or kind in classes):
            styles |= declared
    return styles | _declared(element.get("style", ""))


def _resolved(value: str, properties: Mapping[str, str]) -> str:
    """A value without custom properties, for a light ground."""
    for _ in range(4):
        if "var(" not in value:
            break
        value = _VAR.sub(lambda found: properties.get(found[1], (found[2] or "").strip()), value)
    return _PAIR.sub(lambda found: found[1].strip(), value)


def _size(own: Styles, inherited: Mapping[str, str]) -> None:
    """The font size in px."""
    match = _LENGTH.fullmatch(own.get("font-size", "").strip())
    if not match:
        own.pop("font-size", None)
        return
    around = float(inherited.get("font-size", str(_ROOT_PX)))
    unit = {"em": around, "ex": around / 2, "%": around / 100, "rem": _ROOT_PX, "pt": 4 / 3}
    own["font-size"] = f"{float(match[1]) * unit.get(match[2] or 'px', 1.0):g}"


def _paint(own: Styles, paints: Mapping[str, str]) -> None:
    """Plain colours in the place of gradients, patterns and transparent ones."""
    for name in _PAINTS:
        value = own.get(name, "")
        url = _URL.match(value)
        if url and url[1] in paints:
            own[name] = paints[url[1]]
        elif value == "currentColor":
            own[name] = own.get("color", "#000000")
        elif value == "transparent":
            own[name] = "none"
        elif found := _RGBA.fullmatch(value):
            own[name] = f"rgb({found[1]})"
            alpha = float(found[2].rstrip("%")) / (100 if found[2].endswith("%") else 1)
            own[f"{name}-opacity"] = f"{alpha * float(own.get(f'{name}-opacity') or 1):g}"


def _paints(root: ET.Element) -> Iterator[tuple[str, str]]:
    """A colour for each gradient and pattern, which MuPDF would paint black: the last stop that is
    not white; what a pattern's ground, or else its lines, are painted in."""
    linked: list[tuple[str, str]] = []
    known: dict[str, str] = {}
    for element in root.iter():
        name = _name(element)
        if name not in ("linearGradient", "radialGradient", "pattern") or not element.get("id"):
            continue
        colors = list(_stops(element) if name != "pattern" else _drawn(element))
        colors = [color for color in colors if color.lower() not in _PALE]
        if colors:
            known[element.get("id", "")] = colors[0 if name == "pattern" else -1]
        elif link := element.get(f"{{{_XLINK}}}href") or element.get("href"):
            linked.append((element.get("id", ""), link.lstrip("#")))
    known |= {name: known[other] for name, other in linked if other in known}
    yield from known.items()


def _stops(element: ET.Element) -> Iterator[str]:
    for stop in element:
        style = _declared(stop.get("style", ""))
        yield (style.get("stop-color") or stop.get("stop-color") or "").strip()


def _drawn(element: ET.Element) -> Iterator[str]:
    for name in _PAINTS:
        for part in element.iter():
            style = _declared(part.get("style", ""))
            yield (style.get(name) or part.get(name) or "").strip()


def _is_unseen(element: ET.Element, styles: Mapping[str, str]) -> bool:
    """Whether an element that has no others in it is hidden."""
    return styles.get("visibility") in ("hidden", "collapse") and not len(element)


def _drop_halos(element: ET.Element) -> None:
    """Without the stroked copy of a text that is set behind it."""
    for part in list(element):
        if _name(part) != "tspan" or not part.get("stroke"):
            continue
        said = _letters("".join(part.itertext()))
        after = "".join(element.itertext()).partition("".join(part.itertext()))[2]
        if said and said == _letters(after):
            rest, place = part.tail or "", list(element).index(part)
            element.remove(part)
            if place:
                element[place - 1].tail = (element[place - 1].tail or "") + rest
            else:
                element.text = (element.text or "") + rest


def _letters(text: str) -> str:
    """Without spaces and invisible signs."""
    return "".join(c for c in text if not c.isspace() and c.isprintable())


def _write(element: ET.Element, own: Mapping[str, str], styles: Mapping[str, str]) -> None:
    element.attrib.pop("style", None)
    for name, value in own.items():
        if name not in ("display", "visibility"):
            element.set(name, value)
    # A halo around letters; MuPDF would set them twice, one behind the other.
    if _name(element) in ("text", "tspan", "textPath") and styles.get("fill") != "none":
        element.set("stroke", "none")
    width = _LENGTH.fullmatch(styles.get("stroke-width", "").strip())
    # A line of no width is the thinnest one to PDF, and none to SVG.
    if width and float(width[1]) == 0:
        element.set("stroke", "none")
    if _name(element) == "path" and element.get("d"):
        element.set("d", without_arcs(element.get("d", "")))
    link = element.get("href")
    if link and element.get(f"{{{_XLINK}}}href") is None:
        element.set(f"{{{_XLINK}}}href", link)
