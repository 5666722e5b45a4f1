"""Who is passed over, group by group."""

from tests.unit.scheduling.wards import admit, make_problem, make_solution

from oncopolis.scheduling.theatres import list_groups


def test_groups_say_who_is_out_and_how_long_others_wait() -> None:
    groups = {
        (one.kind, one.value): one for one in list_groups(make_problem(), admit(make_solution(), p2=None))
    }
    assert groups["gender", "A"].out == ("p2",)
    assert groups["gender", "A"].n == 2
    assert groups["gender", "A"].mean_delay_days == 0.0
    assert groups["gender", "B"].mean_delay_days == 1.0
    assert groups["age", "elderly"].mean_delay_days is None
    assert groups["urgency", "has to come"].out == ()
    assert groups["surgeon", "s1"].out == ("p2",)
    assert sum(one.n for one in groups.values() if one.kind == "age") == len(make_problem().patients)
