"""Files of partners: good rows are stored, bad ones told, and nothing is done twice."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.hl7 import make_settings
from tests.reading import get_only, list_records

from oncopolis.foundation.errors import ExternalError, InputError
from oncopolis.interop.drop import loading
from oncopolis.interop.drop.loading import Loader
from oncopolis.interop.drop.mappings import Mapping_, load_mappings
from oncopolis.interop.drop.rows import Bad
from oncopolis.record.store import Store
from oncopolis.web.exchange.dropping import Dropping, Pace

HEADER = "identifier,authority,family,given,birth_date,sex"
ROW = "{},MRN,Каримова,Нигора,1970-02-03,F"


def load(store: Store, path: Path, **mapping: Any) -> tuple[Any, list[Bad]]:
    told: list[Bad] = []
    form: Any = path.name.partition(".")[0]
    found = Loader(store, make_settings()).load(
        path, Mapping_(partner="his", files="*", form=form, **mapping), told.append
    )
    return found, told


def write(folder: Path, text: str, codec: str = "utf-8", name: str = "patients.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(codec))
    return path


def test_one_bad_row_spoils_no_other(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH", 7)
    rows = [ROW.format(n) for n in range(30)]
    rows[11] = rows[11].replace("1970-02-03", "1970-02-30")
    rows[13] = f'{rows[13]},"open'
    rows[15] = '"open quote,MRN,Каримова,Нигора,1970-02-03,F'
    rows[17] = '17,MRN,"Кари\nмова",Нигора,1970-02-03,F'
    rows[19] = rows[19].replace("F", "x")
    rows[21] = rows[21].replace("21", "", 1)
    path = write(tmp_path, "\n".join([HEADER, *rows]) + "\n")
    loaded, bad = load(store, path)
    assert [(one.line, one.column) for one in bad] == [
        (13, "birth_date"), (15, ""), (17, ""), (22, "sex"), (24, "identifier"),
    ]  # fmt: skip
    assert (loaded.n_good, loaded.n_bad) == (25, 5)
    assert store.count("Patient") == 25
    n = len(store.history(limit=1000))
    again, bad_again = load(store, path)
    assert (again.n_good, bad_again) == (25, bad)
    assert len(store.history("Patient", limit=1000)) == 25
    assert len(store.history(limit=1000)) == n + 1


def test_a_file_without_faults_is_loaded_once(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER}\n{ROW.format(1)}\n")
    assert not load(store, path)[0].is_repeated
    n = len(store.history(limit=100))
    assert load(store, path)[0].is_repeated
    assert len(store.history(limit=100)) == n


@pytest.mark.parametrize(
    ("text", "codec", "mapping"),
    [
        ("\ufeff" + f"{HEADER}\n{ROW}\n", "utf-8", {}),
        ("\ufeff" + f"{HEADER}\r\n{ROW}\r\n", "utf-16-le", {}),
        ("sep=;\r\n" + f"{HEADER}\r\n{ROW}\r\n".replace(",", ";"), "cp1251", {"charset": "windows-1251"}),
        (f"{HEADER}\n{ROW}".replace(",", "\t"), "utf-8", {"separator": "\t"}),
        (f"{HEADER}\n{ROW}\n".replace("1970-02-03", "03.02.1970"), "utf-8", {"dates": "%d.%m.%Y"}),
        (
            f"МРН{HEADER.removeprefix('identifier')},x\n{ROW},1", "utf-8",
            {"columns": {"МРН": "identifier", "x": "ignore"}},
        ),
        (
            f"{HEADER}\n{ROW}".replace("authority,", "").replace("MRN,", ""), "utf-8",
            {"constants": {"authority": "MRN"}},
        ),
    ],
)  # fmt: skip
def test_files_are_read_as_they_say(
    store: Store, tmp_path: Path, text: str, codec: str, mapping: dict[str, Any]
) -> None:
    loaded, bad = load(store, write(tmp_path, text.replace("{}", "5"), codec), **mapping)
    assert (loaded.n_good, bad) == (1, [])
    patient = get_only(store, "Patient")
    assert (patient["name"][0]["family"], patient["birthDate"]) == ("Каримова", "1970-02-03")
    assert patient["identifier"][0] == {"system": "urn:oid:1.2.3", "value": "5"}
    assert patient["meta"]["source"].startswith("urn:oncopolis:exchange:his#")


def test_a_row_in_another_charset_is_bad(store: Store, tmp_path: Path) -> None:
    data = f"{HEADER}\n{ROW.format(1)}\n".encode("cp1251") + f"{ROW.format(2)}\n".encode()
    path = tmp_path / "patients.csv"
    path.write_bytes(data)
    loaded, bad = load(store, path)
    assert (loaded.n_good, [(one.line, one.column) for one in bad]) == (1, [(2, "family")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty file"),
        ("identifier;family\n1;2\n", "separated by ','"),
        ("identifier,colour\n", "colour"),
        ("identifier,given\n", "family"),
        ("identifier,family,family\n", "family, once"),
    ],
)
def test_a_file_with_another_header_is_refused(store: Store, tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match="INT-042") as told:
        load(store, write(tmp_path, text))
    assert says in str(told.value)


def test_appointments_and_results(store: Store, tmp_path: Path) -> None:
    load(store, write(tmp_path, f"{HEADER}\n{ROW.format(1)}\n"))
    header = "number,identifier,authority,start,minutes,service,place,status"
    booked = f"{header}\nA1,1,MRN,2026-01-05T10:00,30,CT,CT1,\n"
    assert load(store, write(tmp_path, booked, name="appointments.csv"))[1] == []
    one = get_only(store, "Appointment")
    assert (one["start"], one["end"]) == ("2026-01-05T10:00:00+05:00", "2026-01-05T10:30:00+05:00")
    cancelled = booked.replace(",\n", ",cancelled\n")
    load(store, write(tmp_path, cancelled, name="appointments.csv"))
    assert get_only(store, "Appointment")["status"] == "cancelled"
    results = (
        "number,identifier,authority,observed_at,code,code_system,value,unit\n"
        "L1,1,MRN,2026-01-05T10:00,718-7,LN,72.50,g/L\nL2,1,MRN,2026-01-05T10:00,718-7,LN,<5,g/L\n"
    )
    assert load(store, write(tmp_path, results, name="results.csv"))[1] == []
    values = sorted(str(one["valueQuantity"]["value"]) for one in list_records(store, "Observation"))
    assert values == ["5", "72.50"]
    assert len(list_records(store, "DiagnosticReport")) == 2


def test_a_batch_that_was_stored_before_a_fault_is_not_stored_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 5)
    path = write(tmp_path, "\n".join([HEADER, *(ROW.format(n) for n in range(20))]))
    submit, calls = store.submit, []

    def fail(*arguments: Any, **options: Any) -> Any:
        calls.append(options.get("key"))
        if len(calls) == 3:
            raise ExternalError(code="X", where="", got="", expected="", fix="")
        return submit(*arguments, **options)

    monkeypatch.setattr(store, "submit", fail)
    with pytest.raises(ExternalError):
        load(store, path)
    assert store.count("Patient") == 10
    loaded, _ = load(store, path)
    assert loaded.n_good == 20
    assert calls[3:5] == calls[:2]
    assert len(store.history("Patient", limit=100)) == 20


class Quick(Pace):
    rest_s = 0.0


def watch(store: Store, folder: Path, project: Path) -> tuple[Dropping, list[str]]:
    said: list[str] = []
    settings = make_settings()
    (folder / "his").mkdir(parents=True)
    dropping = Dropping(
        folder, Loader(store, settings), load_mappings(project, settings), said.append, Quick()
    )
    return dropping, said


def test_files_at_rest_are_moved_and_others_left_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    dropping, said = watch(store, folder, tmp_path)
    his = folder / "his"
    write(his, f"{HEADER}\n{ROW.format(1)}\nbad\n", name="patients.csv")
    write(his, f"{HEADER}\n", name="patients.csv.part")
    write(his, "x", name="weather.csv")
    dropping.look()
    assert not said
    with (his / "patients.csv").open("a") as file:
        file.write(ROW.format(2))
    dropping.look()
    assert (his / "patients.csv").exists()
    dropping.look()
    assert sorted(path.name for path in his.iterdir()) == ["done", "failed", "patients.csv.part"]
    assert sorted(path.name for path in (his / "done").iterdir()) == ["patients.csv", "patients.csv.bad.csv"]
    assert sorted(path.name for path in (his / "failed").iterdir()) == ["weather.csv", "weather.csv.bad.csv"]
    with (his / "done" / "patients.csv.bad.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {"line": "3", "column": "", "value": "1 columns", "expected": "6 columns, as in the first line"}
        ]
    assert store.count("Patient") == 2


def test_mappings_of_the_project_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "exchange"
    folder.mkdir()
    good = "partner: his\nfiles: pat*.txt\nform: patients\ncolumns: {MRN: identifier}\n"
    bad: dict[str, Callable[[str], str]] = {
        "INT-041": lambda text: text.replace("his", "nobody"),
        "INT-040": lambda text: text.replace("identifier", "colour"),
    }
    for code, spoil in bad.items():
        (folder / "patients.yaml").write_text(spoil(good), "utf-8")
        with pytest.raises(InputError, match=code):
            load_mappings(tmp_path, make_settings())
    (folder / "patients.yaml").write_text(good, "utf-8")
    assert load_mappings(tmp_path, make_settings())[0].files == "pat*.txt"
