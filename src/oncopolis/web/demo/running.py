"""`Demo`: a process beside the server that lives invented days against it, for as long as it runs."""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time_ns
from typing import Any, Final, Self

from oncopolis.foundation import ConflictError
from oncopolis.foundation.units import NS_PER_MS
from oncopolis.operations import Live, make_wish
from oncopolis.operations.staff.areas import CENTRE
from oncopolis.record import Act, Who
from oncopolis.record.access.policy import get_policy
from oncopolis.record.accounts.granting import print_token
from oncopolis.record.accounts.types import First
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store
from oncopolis.record.store.reading import PAGE
from oncopolis.web.demo.days import live_days
from oncopolis.web.demo.duties import put_on_duty
from oncopolis.web.demo.marking import TAG
from oncopolis.web.demo.sharing import make_partner_link, share_cases
from oncopolis.web.login.house import House
from oncopolis.web.places import KEYS, Places, find_places

_TOKEN_DAYS: Final = 366  # structure: as long as a token is good at most
_END_S: Final = 5  # structure: how long the process may take to end
FILE: Final = "demo.sqlite"
PRACTITIONER: Final = "demonstration"
"""Practitioner that whoever looks at a demonstration is."""


@contextmanager
def find_demo_places(project: Path, database: str | None, keys: Path | None) -> Iterator[Places]:
    """Yield where the data of a demonstration are: in a folder that goes with it, if none is named."""
    if database is not None:
        yield find_places(project, database, keys)
        return
    with TemporaryDirectory(prefix="oncopolis-demo-") as folder:
        yield Places(f"sqlite:///{Path(folder) / FILE}", Path(folder) / KEYS)


def check_is_invented(store: Store) -> None:
    """Refuse a database in which a patient is not marked as invented.

    Raises
    ------
    ConflictError
        OPS-231
    """
    after = ""
    while page := store.list_current("Patient", after=after):
        for version in page:
            tags = (find_resource(version) or {}).get("meta", {}).get("tag", [])
            if not any((tag.get("system"), tag.get("code")) == (TAG["system"], TAG["code"]) for tag in tags):
                raise ConflictError(
                    code="OPS-231", where="--demo",
                    got=f"Patient/{version.id}, who is not marked as invented",
                    expected="an empty database, or one of an earlier demonstration",
                    fix="leave out --database, or leave out --demo",
                )  # fmt: skip
        if len(page) < PAGE:
            return
        after = page[-1].id


def make_first() -> First:
    """Return what whoever looks at a demonstration is: everything that somebody may be in the live centre."""
    policy, outside = get_policy(), {"program", "partner"}
    roles = frozenset(role for roles in policy.acts.values() for role in roles) & policy.roles
    return First(roles - outside, frozenset({CENTRE}), PRACTITIONER)


def hold_all_posts(live: Live) -> None:
    """Let the practitioner of a demonstration hold every post, so that each branch can be decided."""
    resources = live.house.centre.resources.items()
    said = {
        "practitioner": PRACTITIONER,
        "name": "Demonstration",
        "roles": [key for key, one in resources if one.kind == "role"],
    }
    audited = Act("E", "hold_posts", Who("system", "demonstration", "Oncopolis"), "oncopolis serve --demo")
    live.perform(make_wish("hold_posts", said, audited)).result()


class Demo:
    """Lives invented days against a server while it is entered.

    Parameters
    ----------
    project, settings
        What is served.
    live, login
        Its live centre, in which somebody holds all posts, and its accounts.
    host, port
        Where it listens.
    say
        Told what is done.
    """

    def __init__(
        self,
        project: Path,
        settings: Mapping[str, str],
        live: Live,
        login: House,
        address: tuple[str, int],
        say: Callable[[str], None],
    ) -> None:
        hold_all_posts(live)
        share_cases(live, login.desk, PRACTITIONER)
        if live.house.centre.biobank is not None:
            put_on_duty(live.store, live.house, time_ns() // NS_PER_MS)
        token = print_token(
            login.desk, name="demonstration", scopes="system/*.cruds", roles=("program",),
            clinics=(), days=_TOKEN_DAYS, who=Who("system", "demonstration", "Oncopolis"),
        )  # fmt: skip
        context: Any = multiprocessing.get_context("spawn")
        self._process = context.Process(
            target=live_days,
            args=(project.resolve(), {**settings, "time_zone": live.house.centre.time_zone}, *address, token),
            name="demo",
        )
        self._say = say
        self._link = make_partner_link(login.desk)
        self._base = login.base

    def __enter__(self) -> Self:
        self._say("demonstration: all patients are invented; the day so far is being caught up with")
        if self._link is not None:
            self._say(
                f"demonstration: what a partner centre sees: {self._base}{self._link} (once, within a day)"
            )
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
