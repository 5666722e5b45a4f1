"""The board of theatres and the command centre go by one rule for who is late."""

from tests.live import MONDAY_MS
from tests.units import THEATRE, book_theatre, get_unit_house
from tests.waiting import MINUTE_MS

from oncopolis.operations import Floor
from oncopolis.operations.command.causes import find_late_lists
from oncopolis.web.live.theatres import read_theatres


def test_a_case_nobody_sends_for_is_late_on_the_board_as_in_the_command_centre() -> None:
    floor = Floor(get_unit_house())
    floor.put(book_theatre("b1", "p1", 0))
    now_ms = MONDAY_MS + 40 * MINUTE_MS
    (theatre,) = read_theatres(floor, now_ms)
    assert (theatre.room, theatre.late_min, theatre.lines[0].start_ms) == (THEATRE, 40, now_ms)
    (cause,) = find_late_lists(floor, now_ms, 1.0)
    assert cause.n == theatre.late_min
    (on_time,) = read_theatres(floor, MONDAY_MS)
    assert on_time.late_min == 0
