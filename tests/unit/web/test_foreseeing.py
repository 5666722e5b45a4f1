"""A server looks ahead: tanks of a project that will be full too soon are an alarm, one with room is none."""

import time
from pathlib import Path

from tests.banks import act
from tests.clinic import build as build_clinic
from tests.clinic import count, write
from tests.live import get_house

from oncopolis.biobank.inventory.loading import build
from oncopolis.biobank.storage.building import find_size
from oncopolis.biobank.watching.limits import read_limits
from oncopolis.centre import Project, read_project
from oncopolis.record.store import Store, open_store
from oncopolis.web.tanks.foreseeing import Foreseeing
from oncopolis.web.tanks.watcher import Watcher

A_TANK = 1_300


def make_project(folder: Path, ahead_days: int) -> Project:
    """A clinic with two tanks of one rack, one of them kept empty, and its own days of warning."""
    data = build_clinic()
    data["biobank"] |= {"tanks": 2, "tank_vials": count(A_TANK)}
    return read_project(write(folder, data), {"tanks.space.ahead": str(ahead_days)})


def look_ahead(store: Store, project: Project) -> Watcher:
    """What a server that has just begun knows."""
    house = get_house()
    watcher = Watcher(store, (), read_limits(house.values.get))
    with Foreseeing(store, project, house, watcher):
        until = time.monotonic() + 60
        while watcher.intake is None and time.monotonic() < until:
            time.sleep(0.05)
    watcher.step()
    return watcher


def test_the_threshold_of_the_project_decides_what_is_too_soon(tmp_path: Path) -> None:
    project = make_project(tmp_path / "soon", 18_000)
    with open_store(f"sqlite:///{tmp_path / 'bank.db'}?synchronous=OFF") as store:
        build(store, find_size(project), act())
        soon = look_ahead(store, project)
        (alarm,) = soon.look().alarms
        assert alarm.rule == "space-short"
        assert soon.intake is not None
        assert 0 < (alarm.value or 0) <= soon.intake.ahead_days == 18_000
        for _ in range(2):
            assert [one.id for one in look_ahead(store, project).look().alarms] == [alarm.id]
        later = look_ahead(store, make_project(tmp_path / "later", 1))
        assert [one.gone_ms is not None for one in later.look().alarms] == [True]
