"""Colours by the names people use, compared by how different they look (OKLab, Ottosson 2020)."""

from __future__ import annotations

import itertools
import math
import re

# Several typical shades a name: what charts show and what people call by that word.
SHADES: dict[str, tuple[str, ...]] = {
    "black": ("#000000", "#1a1a1a", "#0f1c2e"),
    "white": ("#ffffff", "#f8f8f8"),
    "grey": ("#808080", "#a6a6a6", "#bfbfbf", "#d3d3d3", "#666666", "#8c959f"),
    "red": ("#ff0000", "#d62728", "#b01010", "#e34a33", "#c0392b", "#951b13"),
    "maroon": ("#800000", "#6e1220"),
    "orange": ("#ff7f0e", "#ffa500", "#f28e2b", "#ea7a26", "#d9822b"),
    "yellow": ("#e4cb84", "#ffff00", "#ffd700", "#f1c40f", "#ffdb58", "#eebf2f"),
    "gold": ("#d4af37", "#c6a117", "#bf9b30"),
    "brown": ("#8b4513", "#8c564b", "#a0522d", "#9c6b3f", "#7a4a21", "#733f0a"),
    "beige": ("#f5f5dc", "#e8dcc0", "#d9c9a3"),
    "olive": ("#808000", "#8a8b2f", "#949d48"),
    "green": ("#008000", "#2ca02c", "#00ff00", "#6aa84f", "#59a14f", "#90c978", "#749f39"),
    "teal": ("#008080", "#17807e", "#1b7a72", "#3b9c94"),
    "cyan": ("#00ffff", "#17becf", "#22c1d6"),
    "turquoise": ("#40e0d0", "#5ac8c0"),
    "blue": ("#0000ff", "#1f77b4", "#2876dd", "#4472c4", "#3b7dd8", "#4a90d9", "#6ea8dc"),
    "light blue": ("#add8e6", "#9ecae1", "#87ceeb", "#a9cce3"),
    "navy": ("#000080", "#0f283e", "#14213d", "#1b2a49"),
    "purple": ("#800080", "#9467bd", "#7b3fa0", "#8e44ad", "#6a3d9a", "#756a7e"),
    "violet": ("#8f00ff", "#9b59d0", "#b07cd8"),
    "magenta": ("#ff00ff", "#c71585", "#d81b8a"),
    "pink": ("#ffc0cb", "#e377c2", "#ff69b4", "#f4a6c0"),
    "lavender": ("#e6e6fa", "#c5b0d5"),
    "peach": ("#ffdab9", "#fbc9a2"),
}
SAME_COLOUR = {
    "gray": "grey", "silver": "grey", "ash": "grey", "navy blue": "navy", "dark blue": "navy",
    "sky blue": "light blue", "skyblue": "light blue", "baby blue": "light blue", "aqua": "cyan",
    "golden": "gold", "mustard": "gold", "crimson": "red", "scarlet": "red", "lime": "green",
    "tan": "beige", "cream": "beige", "fuchsia": "magenta", "burgundy": "maroon",
    "chocolate": "brown", "amber": "orange", "indigo": "purple", "mauve": "lavender",
}  # fmt: skip
FAR = 0.20
LIGHT = ("light", "lighter", "pale", "bright", "sky")
DARK = ("dark", "darker", "deep", "navy")
GREY_CHROMA = 0.035
HUE_REACH = 40.0


def oklab(color: str) -> tuple[float, float, float]:
    """`#rrggbb` as lightness 0..1 and the two opponent axes of OKLab.

    Raises ValueError when it is no such colour.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise ValueError(f"{color!r} is not a colour like #1f77b4")
    r, g, b = (_linear(int(color[n : n + 2], 16) / 255.0) for n in (1, 3, 5))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def colour_distance(a: str, b: str) -> float:
    """How different two colours look; 0.02 is just visible, 0.2 another colour. Hue and chroma
    weigh more than lightness, as in the names people give."""
    la, aa, ba = oklab(a)
    lb, ab, bb = oklab(b)
    return math.sqrt(0.5 * (la - lb) ** 2 + 2.0 * ((aa - ab) ** 2 + (ba - bb) ** 2))


def colour_name(color: str) -> str:
    """What people call a colour: `#2876dd` is blue."""
    return min(
        (colour_distance(color, shade), name) for name, shades in SHADES.items() for shade in shades
    )[1]


def color_name(color: str) -> str:
    """`colour_name` as Americans spell it: gray."""
    return colour_name(color).replace("grey", "gray")


def colour_fit(name: str, color: str) -> float:
    """Distance of a colour from what a name means, 0 is a typical shade.

    The name may carry "light" or "dark"; or be itself `#rrggbb`. ValueError for an unknown name.
    """
    wanted = " ".join(name.casefold().replace("-", " ").split())
    wanted = re.sub(r"\s?colou?r(ed)?$", "", wanted)
    if wanted.startswith("#"):
        return colour_distance(wanted, color)
    wanted = SAME_COLOUR.get(wanted, wanted)
    if wanted in SHADES:
        return min(colour_distance(shade, color) for shade in SHADES[wanted])
    tone, _, base = wanted.partition(" ")
    base = SAME_COLOUR.get(base, base)
    if tone not in ("light", "lighter", "pale", "dark", "darker", "deep", "bright") or (
        base not in SHADES
    ):
        raise ValueError(f"{name!r} is no colour name; there are {', '.join(SHADES)}")
    near = min(colour_distance(shade, color) for shade in SHADES[base])
    lightness = oklab(color)[0]
    if tone == "bright":
        return near
    return 0.6 * near + 0.3 * abs(lightness - (0.8 if tone[0] in "lp" else 0.35))


def chroma_and_hue(color: str) -> tuple[float, float]:
    """How colourful, and the hue in degrees, in OKLab."""
    _, a, b = oklab(color)
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360.0


def of_family(base: str, color: str) -> bool:
    """Whether a colour is some shade of a plain colour word: navy is a blue."""
    chroma, hue = chroma_and_hue(color)
    if base == "grey":
        return chroma < GREY_CHROMA
    if base not in SHADES or chroma < GREY_CHROMA:
        return False
    turn = abs(hue - chroma_and_hue(SHADES[base][0])[1])
    return min(turn, 360.0 - turn) <= HUE_REACH


def toned(name: str) -> tuple[str, str]:
    """ "dark blue" as its tone ("light", "dark" or "") and its plain colour."""
    words = re.sub(r"\s?colou?r(ed)?$", "", name.casefold().replace("-", " ")).split()
    tone, base = (words[0], words[-1]) if len(words) > 1 else ("", words[0] if words else "")
    if name.casefold() == "navy":
        tone, base = "dark", "blue"
    base = SAME_COLOUR.get(base, base)
    if tone in LIGHT:
        return "light", base
    return ("dark", base) if tone in DARK else ("", base)


def fits_in(name: str, colors: list[str]) -> dict[str, float]:
    """How far each colour of a chart is from what a name means among them, 0 is what it means:
    the light one of two blues is the light blue, whatever it is elsewhere."""
    fits = {color: colour_fit(name, color) for color in colors}
    tone, base = toned(name)
    family = [color for color in colors if of_family(base, color)]
    if tone and family:
        best = (max if tone == "light" else min)(family, key=lambda color: oklab(color)[0])
        if len(family) > 1 or fits[best] <= min(fits.values()) + 0.16:
            fits[best] = 0.0
    return fits


def told_apart(names: list[str], colors: list[str]) -> dict[str, str]:
    """Each name's colour, no colour twice, by the smallest sum of distances.

    Raises ValueError for an unknown name; names without a colour near are left out.
    """
    fits = {name: fits_in(name, colors) for name in names}
    found: dict[str, str] = {}
    best = math.inf
    for chosen in itertools.permutations(colors, min(len(names), len(colors))):
        pairs = list(zip(names, chosen, strict=False))
        cost = sum(fits[name][color] for name, color in pairs)
        if cost < best:
            best, found = cost, {n: c for n, c in pairs if fits[n][c] <= FAR + 0.05}
    return found
