"""Write the tables and figures of docs/simulation.md: ``python docs/simulation/pages.py``.

Everything between two marks ``<!-- name -->`` of the page comes from the tables of results that
``simulate.py`` wrote; nothing there is typed in.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "simulation.md"
SIZE, COVERAGE, KORN_GRAUBARD = (0.04, 0.06), (0.93, 0.97), (0.93, 1.0)
CONTROLS = ["stacked by hand", "years independent", "villages", "respondents"]
#: Correlation of a commune's effect between the years, unless said otherwise.
USUAL = 0.8


def results(part: str) -> pd.DataFrame:
    """Results of a part."""
    return pd.read_csv(HERE / f"{part}.csv", keep_default_na=False, na_values=[""])


def pooled(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean over scenarios that differ in nothing that matters, weighted by what was drawn."""
    came = frame.assign(came=frame["mean"] * frame["drawn"])
    sums = came.groupby(by, sort=False, dropna=False)[["came", "drawn"]].sum().reset_index()
    return sums.assign(mean=sums["came"] / sums["drawn"])


def percent(value: float, band: tuple[float, float] | None = None) -> str:
    """Give a share in per cent, in bold outside its band."""
    if pd.isna(value):
        return ""
    text = f"{100.0 * value:.1f}"
    inside = band is None or band[0] <= value <= band[1]
    return text if inside else f"**{text}**"


def markdown(rows: pd.DataFrame) -> str:
    """Lay out a table of texts."""
    head = "| " + " | ".join(rows.columns) + " |"
    rule = "| " + " | ".join("---" for _ in rows.columns) + " |"
    body = ["| " + " | ".join(map(str, row)) + " |" for row in rows.to_numpy()]
    return "\n".join([head, rule, *body])


def wide(frame: pd.DataFrame, by: list[str], column: str, order: list[str]) -> pd.DataFrame:
    """Spread a column's values over columns, keeping the order of rows."""
    made = frame.pivot_table(index=by, columns=column, values="mean", sort=False, dropna=False)
    return made[order].dropna(how="all").reset_index()


def tests_table() -> str:
    """Rejections of true nulls by every test, with the same districts in both years."""
    frame = results("tests").query("not replaced")
    frame = frame[frame["persists"].fillna(USUAL) == USUAL]
    by = ["clustering", "districts", "rate", "repeated"]
    table = wide(frame, by, "method", ["default", *CONTROLS])
    table["default"] = [percent(share, SIZE) for share in table["default"]]
    return markdown(table.assign(**{name: table[name].map(percent) for name in CONTROLS}))


def other_tests_table() -> str:
    """Rejections by the default test where a district is replaced or effects persist otherwise."""
    frame = results("tests").query("method == 'default'")
    other = frame[frame["replaced"] | (frame["persists"].fillna(USUAL) != USUAL)]
    variant = [
        "one district replaced" if row.replaced else f"commune effects correlate {row.persists:g}"
        for row in other.itertuples()
    ]
    other = other.assign(variant=variant, repeated=other["repeated"].astype(str))
    order = ["3", "2", "1"]
    table = wide(other, ["variant", "clustering", "rate"], "repeated", order)
    shown = {f"{m} of 3 repeated": [percent(share, SIZE) for share in table[m]] for m in order}
    return markdown(table.drop(columns=order).assign(**shown))


def levels_table() -> str:
    """Coverage of intervals for one year's rate."""
    frame = results("intervals").query("of == 'level'")
    order = ["logit", "mean", "beta", "logit, df of the province", "respondents"]
    frame = pooled(frame, ["clustering", "districts", "rate", "place", "method"])
    table = wide(frame, ["place", "clustering", "districts", "rate"], "method", order)
    for name in order:
        band = {"logit": COVERAGE, "mean": COVERAGE, "beta": KORN_GRAUBARD}.get(name)
        table[name] = [percent(share, band) for share in table[name]]
    return markdown(table.sort_values("place", ascending=False, kind="stable"))


def changes_table() -> str:
    """Coverage of intervals for the change."""
    frame = results("intervals").query("of == 'change'")
    frame = frame.assign(interval=frame["place"] + ", " + frame["method"])
    order = ["province, t", "province, mover", "district, t", "district, mover"]
    by = ["clustering", "districts", "rate", "fall", "repeated"]
    table = wide(frame, by, "interval", order)
    shown = {name: table[name].map(lambda s: percent(s, COVERAGE)) for name in order}
    return markdown(table.assign(**shown, fall=(100 * table["fall"]).map("{:g} points".format)))


def fell_most_table() -> str:
    """Coverage and size of the "fell most" set."""
    order = [
        "each truly worst is in the set",
        "size of the set",
        "lowest in the sample is truly worst",
        "standard error",
    ]
    table = wide(results("fell_most"), ["clustering", "repeated", "falls"], "of", order)
    held, size, lowest, error = order
    return markdown(
        table.assign(
            **{
                held: table[held].map(lambda s: percent(s, KORN_GRAUBARD)),
                size: table[size].map("{:.2f}".format),
                lowest: table[lowest].map(percent),
                error: table[error].map("{:.2f}".format),
            }
        )
    )


def contributions_table() -> str:
    """Coverage of intervals for contributions."""
    order = ["statement", "dimension", "district"]
    table = wide(results("contributions"), ["clustering", "repeated"], "by", order)
    shown = {name: table[name].map(lambda s: percent(s, COVERAGE)) for name in order}
    return markdown(table.assign(**shown))


TABLES = {
    "tests": tests_table,
    "other tests": other_tests_table,
    "levels": levels_table,
    "changes": changes_table,
    "fell most": fell_most_table,
    "contributions": contributions_table,
}


def filled(page: str) -> str:
    """Put every table between its marks."""
    for name, table in TABLES.items():
        start, end = f"<!-- {name} -->\n", "\n<!-- end -->"
        head, rest = page.split(start)
        page = head + start + table() + rest[rest.index(end) :]
    return page


def main() -> None:
    """Write the page's tables and draw its figures."""
    from figures import draw

    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    draw(results("tests"), results("intervals"), HERE)


if __name__ == "__main__":
    main()
