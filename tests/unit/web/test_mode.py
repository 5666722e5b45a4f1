"""A server is in shadow mode until the centre approves it, and says so everywhere."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.records import query
from tests.unit.web.calling import Client
from tests.unit.web.ward import Ward, make, staff

from oncopolis.cli.approve import command
from oncopolis.foundation.errors import InputError
from oncopolis.record.approval import ID, SYSTEM, TYPE
from oncopolis.record.store import Store, open_store
from oncopolis.web.mode import HEADER, Mode, find_mode, write_approval

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "tashkent"


def describe(client: Client) -> str:
    return str(client.call("GET", "/metadata").json()["implementation"]["description"])


def test_it_is_in_shadow_mode_until_it_is_approved(store: Store, client: Client) -> None:
    answer = client.call("GET", "/Patient/nobody")
    assert (answer.status_code, answer.headers[HEADER]) == (404, "shadow")
    assert "not approved" in describe(client)
    write_approval(store, "Dr Karimova", is_approved=True)
    later = Client(store)
    assert later.call("GET", "/Patient").headers[HEADER] == "live"
    assert "not approved" not in describe(later)
    write_approval(store, "Dr Karimova", is_approved=False)
    assert find_mode(store) == "shadow"
    told = [
        text for (text,) in query(store, "SELECT entry FROM audit WHERE entry LIKE '%approv%' ORDER BY seq")
    ]
    assert ["approved for care" in told[0], "approval withdrawn" in told[1]] == [True, True]
    assert all("Dr Karimova" in text for text in told)


def test_the_command_approves_and_withdraws(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/r.db"
    open_store(url).close()
    options = [str(EXAMPLE), "--database", url, "--by"]
    for more, mode in (["Dr Karimova"], "live"), (["Dr Karimova", "--withdraw"], "shadow"):
        done = CliRunner().invoke(command, [*options, *more])
        assert done.output.startswith(f"{mode} mode since {TYPE}/{ID} version "), done.output
    with pytest.raises(InputError, match="REC-252"):
        CliRunner().invoke(command, [*options, " "], catch_exceptions=False)
    with open_store(url) as store:
        assert find_mode(store) == "shadow"


def test_an_approval_is_noticed_within_a_second(store: Store) -> None:
    now_s = 100.0
    mode = Mode(store, lambda: now_s)
    names = [mode.name]
    write_approval(store, "Dr Karimova", is_approved=True)
    names.append(mode.name)
    now_s += 1
    assert [*names, mode.name] == ["shadow", "shadow", "live"]


def test_only_an_administrator_approves_over_the_api(store: Store) -> None:
    ward = Ward(store)
    record = make("Basic", ID, code={"coding": [{"system": SYSTEM, "code": "approved"}]})
    for caller in (staff("physician"), staff("data_protection_officer")):
        assert ward.call(caller, "PUT", f"/Basic/{ID}", record).status_code == 403
    assert find_mode(store) == "shadow"
    assert ward.call(staff("administrator"), "PUT", f"/Basic/{ID}", record).status_code == 201
    assert find_mode(store) == "live"
