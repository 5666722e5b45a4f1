"""Ids of new records."""

from uuid import RFC_4122, UUID

from oncopolis.record.store.naming import make_id


def test_an_id_is_a_uuid_of_version_7_that_begins_with_its_time() -> None:
    now_ms = 1_795_318_200_123
    made = UUID(make_id(now_ms))
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == now_ms


def test_ids_of_one_moment_differ_and_later_ones_come_later() -> None:
    now_ms = 1_795_318_200_123
    assert len({make_id(now_ms) for _ in range(1000)}) == 1000
    assert make_id(now_ms) < make_id(now_ms + 1)
