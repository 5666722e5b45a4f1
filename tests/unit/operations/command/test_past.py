"""The day as it was, from lines of the journal."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.live import MONDAY_MS, get_house

from oncopolis.operations.command import find_past
from oncopolis.operations.command.past import N_STEPS, STEP_MS, Span, make_past

DAY_MS = 86_400_000
UNTIL_MS = MONDAY_MS + DAY_MS
MINUTE_MS = 60_000


def make(spans: Sequence[Span], at_minutes: int) -> tuple[int, int]:
    picture = make_past(spans, MONDAY_MS, UNTIL_MS).read(MONDAY_MS + at_minutes * MINUTE_MS)
    return picture.n_waiting, picture.n_served


def span(asked: int, start: int | None, end: int | None, outcome: str = "done") -> Span:
    asked_ms, start_ms, end_ms = (
        None if one is None else MONDAY_MS + one * MINUTE_MS for one in (asked, start, end)
    )
    assert asked_ms is not None
    return Span("outpatient", asked_ms, start_ms, end_ms, outcome)


def test_somebody_waits_is_served_and_is_gone() -> None:
    spans = [span(10, 20, 30)]
    assert [make(spans, at) for at in (9, 10, 19, 20, 29, 30)] == [
        (0, 0),
        (1, 0),
        (1, 0),
        (0, 1),
        (0, 1),
        (0, 0),
    ]


def test_who_gives_up_waited_until_then_and_who_is_there_now_is_there_to_the_end() -> None:
    assert [make([span(10, None, 30, "gave_up")], at) for at in (20, 30)] == [(1, 0), (0, 0)]
    assert make([span(10, None, None)], 24 * 60) == (1, 0)
    assert make([span(10, 20, None)], 24 * 60) == (0, 1)


def test_lines_of_what_the_house_does_not_know_are_left_out() -> None:
    rows = [
        ("consult", "consult-room", MONDAY_MS, MONDAY_MS + 1, MONDAY_MS + 2, "done"),
        ("consult", None, None, None, MONDAY_MS + 5, "no_show"),
        ("never-heard-of", None, MONDAY_MS, MONDAY_MS + 1, MONDAY_MS + 2, "done"),
    ]
    picture = find_past(get_house(), rows, [], UNTIL_MS).read(MONDAY_MS + 1)
    assert dict(picture.places) == {"outpatient": (0, 1)}
    after = find_past(get_house(), rows, [], UNTIL_MS).read(UNTIL_MS)
    assert (after.n_done, after.n_not_done, after.places) == (1, 1, {})


TIMES = st.tuples(
    st.integers(0, 1440), st.integers(0, 300), st.integers(0, 300), st.booleans(), st.booleans()
)


@given(st.lists(TIMES, max_size=30))
def test_pictures_agree_with_counting_everybody(drawn: list[tuple[int, int, int, bool, bool]]) -> None:
    spans = [
        span(asked, asked + wait if is_begun else None, asked + wait + take if is_over else None)
        for asked, wait, take, is_begun, is_over in drawn
    ]
    past = make_past(spans, MONDAY_MS, UNTIL_MS)
    moments = past.list_moments()
    assert len(moments) == N_STEPS + 1
    assert moments[-1] - moments[0] == DAY_MS == N_STEPS * STEP_MS
    for at_ms, waiting, served in past.count_all()[::12]:
        picture = past.read(at_ms)
        begun = [one for one in spans if one.start_ms is not None]
        assert (picture.n_waiting, picture.n_served) == (waiting, served)
        left = [one.end_ms if one.start_ms is None else one.start_ms for one in spans]
        assert waiting == sum(
            one.asked_ms <= at_ms and (end is None or end > at_ms)
            for one, end in zip(spans, left, strict=True)
        )
        assert served == sum(
            (one.start_ms or 0) <= at_ms and (one.end_ms is None or one.end_ms > at_ms) for one in begun
        )
