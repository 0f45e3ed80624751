"""A suite of generated charts on disk: images in `images/`, their truth in `truth.jsonl`.

Everything follows from the seed and the number of a chart: a larger suite of the same seed begins
with the same charts, whichever renderers are chosen.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import sys
from collections import Counter
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.charts.plan import KINDS, Plan, Rng, draw_style, make_plan

# How often each renderer is asked; where one cannot draw a kind, the next draw decides.
RENDERERS = {"matplotlib": 32, "vega": 24, "plotly": 20, "ggplot": 14, "gnuplot": 10}


def run(options: argparse.Namespace) -> None:
    """Write the suite; a renderer that is not installed is left out with a line on stderr."""
    renderers = load(options.renderers.split(",") if options.renderers else list(RENDERERS))
    if not renderers:
        sys.exit("none of these renderers is installed")
    images = options.out / "images"
    images.mkdir(parents=True, exist_ok=True)
    drawn, failed = Counter[str](), Counter[str]()
    with (options.out / "truth.jsonl").open("w", encoding="utf-8") as file:
        for number in range(options.count):
            rng = np.random.default_rng([options.seed, number])
            try:
                data, truth = chart(rng, renderers, options.kinds)
            except RuntimeError as error:
                failed[str(error).split(":")[0]] += 1
                print(f"chart {number}: {error}", file=sys.stderr)
                continue
            name = f"{number:05}.{truth['form']}"
            (images / name).write_bytes(data)
            file.write(json.dumps({"image": f"images/{name}", **truth}, ensure_ascii=False) + "\n")
            drawn[truth["renderer"]] += 1
    print(", ".join(f"{name} {count}" for name, count in sorted(drawn.items())))
    if failed:
        print(f"not drawn: {dict(failed)}", file=sys.stderr)


def load(names: list[str]) -> dict[str, ModuleType]:
    """The renderers that work here, by name."""
    found = {}
    for name in names:
        if name not in RENDERERS:
            sys.exit(f"{name}: no such renderer (there are {', '.join(RENDERERS)})")
        module = importlib.import_module(f"benchmarks.charts.draw_{name}")
        rng = np.random.default_rng(0)
        try:
            module.draw(make_plan(rng, "bar", draw_style(rng)))
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        found[name] = module
    return found


def chart(
    rng: Rng, renderers: dict[str, ModuleType], kinds: str = ""
) -> tuple[bytes, dict[str, Any]]:
    """One chart: the bytes of the image file and the truth."""
    weights = {k: v for k, v in KINDS.items() if not kinds or k in kinds.split(",")}
    kind = _drawn(rng, weights)
    able = {name: RENDERERS[name] for name, module in renderers.items() if kind in module.CAN}
    if not able:
        able = {"matplotlib": 1}
        renderers = {**renderers, **load(["matplotlib"])}
    renderer = _drawn(rng, able)
    plan = make_plan(rng, kind, draw_style(rng))
    plan = replace(plan, style=_what_it_can(plan, renderer))
    picture = Image.open(io.BytesIO(renderers[renderer].draw(plan))).convert("RGB")
    data, form, damage = damaged(rng, picture)
    return data, {**plan.truth(), "renderer": renderer, "form": form, "damage": damage}


def _what_it_can(plan: Plan, renderer: str) -> Any:
    """The style without what this renderer does not draw."""
    hatch = renderer in ("matplotlib", "plotly") or (renderer == "gnuplot" and plan.kind == "bar")
    return replace(plan.style, hatch=plan.style.hatch and hatch)


def _drawn(rng: Rng, weights: dict[str, int]) -> str:
    total = sum(weights.values())
    return str(rng.choice(list(weights), p=[v / total for v in weights.values()]))


def damaged(rng: Rng, picture: Image.Image) -> tuple[bytes, str, str]:
    """What happens to charts on their way: resampled, a screenshot's border, lossy formats.

    Returns (file, its ending, what was done).
    """
    done = []
    if rng.random() < 0.15:
        factor = float(rng.uniform(0.75, 1.4))
        factor = max(factor, 350 / picture.width)
        how = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
        size = (round(picture.width * factor), round(picture.height * factor))
        picture = picture.resize(size, how[int(rng.integers(3))])
        done.append(f"resampled {factor:.2f}")
    if rng.random() < 0.1:
        left, top, right, bottom = (int(v) for v in rng.integers(4, 40, 4))
        size = (picture.width + left + right, picture.height + top + bottom)
        sheet = Image.new("RGB", size, ("#ffffff", "#f0f0f0", "#dfe3e8")[int(rng.integers(3))])
        sheet.paste(picture, (left, top))
        picture = sheet
        done.append("border")
    form = str(rng.choice(["png", "jpg", "webp"], p=[0.65, 0.25, 0.1]))
    buffer = io.BytesIO()
    if form == "png":
        picture.save(buffer, "PNG")
    else:
        quality = int(rng.integers(55, 96))
        picture.save(buffer, "JPEG" if form == "jpg" else "WEBP", quality=quality)
        done.append(f"{form} quality {quality}")
    return buffer.getvalue(), form, ", ".join(done)
