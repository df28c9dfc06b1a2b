"""Every chart on the demonstration data, in colour and in grey, on one sheet: ``gallery.png``.

Run it from the folder above. The answers are made up; so are the third year, the population, the
targets and the provinces that are drawn here.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from PIL import Image, ImageDraw, ImageFont

import sipas
from sipas import charts, datasets
from sipas.diagnostics import index_diagnostics
from sipas.robustness import specification_grid
from survey.ranks import rank_intervals

#: Pixels an inch: 16 cm are 630 pixels, the size at which a page is read on a screen.
DPI = 100
GAP, HEAD, COLUMNS = 28, 30, 2
MADE_UP = "số liệu giả lập"
POPULATION = {
    "gender": {"Nữ": 51, "Nam": 49},
    "area": {"thành thị": 53, "nông thôn": 47},
    "education": {
        "Tiểu học trở xuống": 26,
        "Trung học cơ sở": 29,
        "Trung học phổ thông": 24,
        "Trung cấp, cao đẳng": 10,
        "Đại học trở lên": 11,
    },
}
WEIGHTS = {"hdnd": 25, "so": 40, "phong": 30, "huyen": 5}
SENT = {"hdnd": 46, "so": 65, "phong": 264, "huyen": 29}


def households(year: int) -> sipas.Answers:
    return sipas.clean(datasets.load_hue_households(year), f"sipas-{year}")


def third_year() -> sipas.Answers:
    """2022 with one answer in ten raised to the highest."""
    sheet = datasets.load_hue_households(2022).assign(year=2023)
    items = [item.code for item in sipas.Instrument.load("sipas-2022").index_items]
    raised = np.random.default_rng(23).random((len(sheet), len(items))) < 0.1
    sheet[items] = sheet[items].mask(raised & sheet[items].isin(list("1234")), "5")
    return sipas.clean(sheet, "sipas-2022")


def made() -> dict[str, Callable[[], Axes]]:
    """Every chart by its name."""
    before, now = households(2021), households(2022)
    moved = sipas.compare(before, now, link="items")
    index = sipas.satisfaction(now)
    services = [code for code in index.scheme.items if code.startswith("S")]
    sheet = sipas.clean(datasets.load_hue_leaders(2022), "leaders-2022", sent=SENT)
    rng = np.random.default_rng(34)
    score = pd.Series(rng.normal(80.0, 3.5, 34), [f"Tỉnh {k:02d}" for k in range(1, 35)])
    ranked = rank_intervals(score, rng.uniform(1.2, 2.4, 34))
    goals = {"S1": 80, "S2": 85, "S3": 90, "services": 90}
    places = sipas.satisfaction(now, by="district")
    return {
        "answers": lambda: charts.answers(index, codes=services),
        "answers(diverging=True)": lambda: charts.answers(index, codes=services, diverging=True),
        "change": lambda: charts.change(moved),
        "years": lambda: charts.years(
            sipas.compare_years(before, now, third_year(), link="items")
        ),
        "forest": lambda: charts.forest(moved),
        "contributions": lambda: charts.contributions(sipas.contributions(moved)),
        "heat_map": lambda: charts.heat_map(places),
        "heat_map, cells withheld": lambda: charts.heat_map(
            sipas.satisfaction(now, by="education"), level_of="dimension", least=60
        ),
        "leaders": lambda: charts.leaders(sipas.leader_scores(sheet, group_weights=WEIGHTS)),
        "priorities": lambda: charts.priorities(
            sipas.priorities(now, of="services", before=before)
        ),
        "priorities, arrows": lambda: charts.priorities(
            sipas.priorities(third_year(), of="services", before=now)
        ),
        "ranks": lambda: charts.ranks(ranked, own="Tỉnh 07", measure="34 tỉnh", source=MADE_UP),
        "profile": lambda: charts.profile(now, POPULATION, source=MADE_UP),
        "specification_curve": lambda: charts.specification_curve(
            specification_grid(before, now, link="items")
        ),
        "diagnostics": lambda: charts.diagnostics(index_diagnostics(index)),
        "targets": lambda: charts.targets(
            sipas.targets(index, targets=goals, year=2022), source=MADE_UP
        ),
    }


def pair(name: str, draw: Callable[[], Axes]) -> Image.Image:
    """One chart in colour and in grey beside each other, beneath its name."""
    with charts.style(font="DejaVu Sans"):
        ax = draw()
    pixels = BytesIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(pixels, format="png", dpi=DPI)
    plt.close(figure)
    colour = Image.open(pixels).convert("RGB")
    sheet = Image.new("RGB", (2 * colour.width + GAP, colour.height + HEAD), "white")
    sheet.paste(colour, (0, HEAD))
    sheet.paste(colour.convert("L").convert("RGB"), (colour.width + GAP, HEAD))
    face = ImageFont.truetype(font_manager.findfont("DejaVu Sans:bold"), 15)
    pen = ImageDraw.Draw(sheet)
    pen.text((6, 4), f"charts.{name}", fill="#1a1a1a", font=face)
    pen.line((0, HEAD - 4, sheet.width, HEAD - 4), fill="#595959")
    return sheet


def contact_sheet(pairs: list[Image.Image]) -> Image.Image:
    """All pairs in columns, each put into the column that is shortest so far."""
    ends = [GAP] * COLUMNS
    places = []
    for one in pairs:
        column = ends.index(min(ends))
        places.append((GAP + column * (one.width + 2 * GAP), ends[column]))
        ends[column] += one.height + GAP
    width = COLUMNS * (pairs[0].width + 2 * GAP)
    sheet = Image.new("RGB", (width, max(ends)), "white")
    for one, place in zip(pairs, places, strict=True):
        sheet.paste(one, place)
    return sheet


if __name__ == "__main__":
    target = Path(__file__).with_name("gallery.png")
    sheet = contact_sheet([pair(name, draw) for name, draw in made().items()])
    sheet.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.name}: {sheet.width} × {sheet.height}, {target.stat().st_size // 1024} kB")
