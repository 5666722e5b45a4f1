"""Pictures: well-formed, within their frame, with round ticks."""

import re
from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from oncopolis.report import pictures
from oncopolis.report.pictures.campus import count_dots
from oncopolis.report.pictures.canvas import measure_text, shorten
from oncopolis.report.pictures.process import order_steps
from oncopolis.report.pictures.scales import list_ticks, list_year_ticks, spread_labels

YEARS = list(range(2026, 2041))
DAY = [float(i % 40) for i in range(96)]
WEEK = [[None, *[i / 10 for i in range(23)]] for _ in range(7)]


def write(value: float) -> str:
    return f"{value:g}"


PICTURES: dict[str, Callable[[], str]] = {
    "areas": lambda: pictures.draw_areas(
        YEARS,
        [pictures.Layer(f"site {i} <&>", [float(i + 1)] * len(YEARS), "#x") for i in range(12)],
        write=write,
        title="Areas & more",
        unit="cases",
        events={2030: "first", 2039: "a long name of an opening"},
    ),
    "columns": lambda: pictures.draw_columns(
        YEARS,
        [pictures.Layer(f"a part {i}", [i * 10.0] * len(YEARS)) for i in range(9)],
        pictures.Layer("income", [100.0] * len(YEARS)),
        write=write,
        title="Columns",
        unit="USD million",
    ),
    "panels": lambda: pictures.draw_panels(
        YEARS,
        [
            pictures.Panel("flat", "a year", [0.0] * len(YEARS)),
            pictures.Panel("span", "a year", [5.0] * len(YEARS), (2035, 4.0, 6.0)),
            pictures.Panel("limit", "a year", [5.0] * len(YEARS), limit=[8.0] * len(YEARS)),
            pictures.Panel("next row", "a year", [5e6] * len(YEARS)),
        ],
        write=write,
        title="Panels",
        events={2030: "first"},
    ),
    "pyramid": lambda: pictures.draw_pyramid(
        ["0–4", "5+"],
        [1.0, 2.0],
        [3.0, 0.0],
        sides=("Women", "Men"),
        write=write,
        title="Pyramid",
        unit="cases",
    ),
    "bars": lambda: pictures.draw_bars(
        [pictures.Bar("one", (1.0, 2.0), 2.5, 4.0, (("norm", 9.0),)), pictures.Bar("two", (0.0, 0.0))],
        (pictures.Piece("a", "#000000"), pictures.Piece("b", "#111111")),
        write=write,
        title="Bars",
        unit="posts",
        dot_label="norms",
    ),
    "need": lambda: pictures.draw_need(
        [pictures.Need("linacs", 8, 7.1, 6, 9, (("norm", 40.0),)), pictures.Need("none", 0, 0.0)],
        write=write,
        write_share=write,
        words=("planned", "needed", "norms"),
        title="Need",
        unit="percent",
    ),
    "heat of weeks": lambda: pictures.draw_heat_weeks(
        [pictures.Heat(f"a resource {i} <&>", "50%", WEEK) for i in range(4)],
        days=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        limits=(0.5, 1.0),
        write=write,
        over="more",
        title="Heat",
    ),
    "heat of hours": lambda: pictures.draw_heat_hours(
        [(f"a department of a long name {i}", WEEK[0]) for i in range(3)],
        limits=(0.5, 1.0, 2.0),
        write=write,
        over="more",
        title="Heat",
    ),
    "curves": lambda: pictures.draw_curves(
        [
            pictures.Curve("all", "(3 days)", [0.0, 0.2, 0.7, 1.0], is_strong=True),
            *(pictures.Curve(f"site {i} <&>", "(9 days)", [0.0, *[i / 12] * 60]) for i in range(9)),
        ],
        write=write,
        write_share=write,
        title="Curves",
        unit="days",
        limits=(31.0, 62.0),
    ),
    "census": lambda: pictures.draw_census(
        [
            pictures.Ward("ward <&>", "mean 20", DAY, [value + 3 for value in DAY], [50.0] * 96),
            pictures.Ward("alone", "mean 0", [0.0] * 96, None, [0.0] * 96),
            pictures.Ward("next row", "mean 20", DAY, None, [50.0] * 96),
        ],
        marks=[(0, "01"), (2, "02"), (90, "2032")],
        write=write,
        title="Census",
    ),
    "campus": lambda: pictures.draw_campus(
        [
            pictures.Block(
                f"building {i} <&>", [pictures.Place(f"department {k}", DAY, DAY) for k in range(i + 1)]
            )
            for i in range(5)
        ],
        40,
        words=("waiting", "served", "a dot is one"),
        title="Campus",
        description="a day",
    ),
    "campus without buildings": lambda: pictures.draw_campus(
        [pictures.Block("", [pictures.Place("alone", [0.0] * 96, [0.0] * 96)])],
        0,
        words=("waiting", "served", "a dot is one"),
        title="Campus",
        description="a day",
    ),
    "process": lambda: pictures.draw_process(
        [
            pictures.Step(f"a{i}", f"an activity of a long name {i} <&>", "9 people", 0.1 * i)
            for i in range(12)
        ],
        [
            pictures.Arrow("", "a0", 90, ""),
            *(pictures.Arrow(f"a{i}", f"a{i + 1}", 80 - i, "5 min") for i in range(11)),
            pictures.Arrow("a9", "a1", 4, "2 days"),
            pictures.Arrow("a2", "a2", 3, "2 days"),
            pictures.Arrow("a11", "", 70, ""),
        ],
        write=write,
        title="Process",
    ),
    "tornado": lambda: pictures.draw_tornado(
        8.0,
        [pictures.Swing("a", 6.0, 9.0, "1 … 2"), pictures.Swing("b", 8.0, 8.0, "3 … 4")],
        write=write,
        words=("low", "high"),
        title="Tornado",
        unit="",
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_is_well_formed_named_and_inside_its_frame(name: str) -> None:
    svg = PICTURES[name]()
    root = ET.fromstring(svg)
    assert root.get("aria-label")
    assert root.find("title") is not None
    _, _, width, height = (float(part) for part in str(root.get("viewBox")).split())
    assert not re.search(r"nan|inf\b", svg)
    for element in root.iter():
        for names, limit in ((("x", "cx", "x1", "x2"), width), (("y", "cy", "y1", "y2"), height)):
            for attribute in names:
                if element.get(attribute) is not None:
                    assert -1 <= float(str(element.get(attribute))) <= limit + 1, (name, element.attrib)


@pytest.mark.parametrize("name", PICTURES)
def test_is_the_same_each_time(name: str) -> None:
    assert PICTURES[name]() == PICTURES[name]()


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 97_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
    ],
)
def test_ticks_are_round_and_cover(low: float, high: float, ticks: list[float]) -> None:
    assert list_ticks(low, high) == pytest.approx(ticks)


def test_year_ticks_hold_both_ends() -> None:
    assert list_year_ticks([2026]) == [2026]
    ticks = list_year_ticks(YEARS)
    assert (ticks[0], ticks[-1]) == (2026, 2040)
    assert len(ticks) <= 8


def test_labels_do_not_overlap() -> None:
    places = spread_labels([10, 11, 12, 95, 96], 16, 0, 100)
    assert all(after - before >= 16 - 1e-9 for before, after in pairwise(places))
    assert places[-1] <= 100


def test_dots_are_people_and_none_waits_who_is_not_there() -> None:
    place = pictures.Place("x", [0.0, 480.0, 960.0], [0.0, 0.0, 0.0])
    assert pictures.choose_each([pictures.Block("", [place])]) == 20
    assert count_dots(50, 20, 10) == (5, 2)
    assert count_dots(4, 4, 10) == (0, 0)
    assert count_dots(10, 30, 10) == (1, 1)


def test_long_words_are_cut() -> None:
    assert shorten("short", 100) == "short"
    cut = shorten("a very long name of a site", 60)
    assert cut.endswith("…")
    assert measure_text(cut) <= 60
    assert measure_text("한국") > measure_text("ab")


def test_a_process_is_ordered_forward_and_drops_the_rarest_arrows() -> None:
    names = [f"a{i}" for i in range(8)]
    ways = [*pairwise(names), ("a5", "a2"), *((f"a{i}", f"a{i + 2}") for i in range(6)), ("a0", "a7")]
    arrows = [pictures.Arrow("", "a0", 100, "")]
    arrows += [pictures.Arrow(before, after, 99 - i, "") for i, (before, after) in enumerate(ways)]
    assert order_steps(reversed(names), arrows) == names
    assert pictures.list_drawn(names, arrows) == arrows[1:]
    many = [pictures.Arrow("a0", name, 50 - i, "") for i, name in enumerate(names[2:])]
    assert [arrow.n for arrow in pictures.list_drawn(names, arrows[:8] + many)][7:] == [50, 49, 48, 47]
