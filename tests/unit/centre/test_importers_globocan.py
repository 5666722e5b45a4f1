"""GLOBOCAN downloads: forms, and no case counted twice."""

from pathlib import Path

import pytest

from oncopolis.centre.geography import get_site_index
from oncopolis.centre.importers import load_globocan
from oncopolis.foundation.errors import InputError, InputErrors, NotFoundError

EXPORT = (
    "Cancer code,ICD Code,Label,Sex,Number,95% UI low,95% UI high,ASR (World),Crude rate,Cumulative risk\n"
)
OURS = "iso3,m49,country,cancer_code,icd10,site,number,asr_world,crude_rate,cum_risk_0_74\n"


def write(folder: Path, rows: dict[int, int], header: str = EXPORT) -> Path:
    path = folder / "uzbekistan.csv"
    lines = (f'{code},"C18, x",Label {code},0,{number},1,2,3.4,5.6,0.7' for code, number in rows.items())
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def codes(error: InputError) -> list[str]:
    return [e.code for e in error.errors] if isinstance(error, InputErrors) else [error.code]


def test_export_of_one_population(tmp_path: Path) -> None:
    path = write(tmp_path, {8: 10, 9: 20, 10: 5, 41: 35, 15: 100, 17: 7, 40: 150, 39: 157})
    table = load_globocan(path, population="UZB")
    population = table.get_population("UZB")
    index = get_site_index()
    assert population.total == 150
    assert population.site_cases[index["colon"]] == 10
    assert population.site_cases[index["nmsc"]] == 7
    assert population.site_cases[index["other"]] == 15
    assert population.site_cases.sum() - 7 == 150
    assert population.entries["lung"].asr_world == 3.4
    assert list(load_globocan(path).populations) == ["uzbekistan"]


def test_table_of_many_populations(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(
        OURS + "UZB,860,Uzbekistan,15,C33-34,Lung,2531,8.4,7.4,1.1\n"
        "KOR,410,Korea,15,C33-34,Lung,31337,26.2,61.1,3.2\n",
        encoding="utf-8",
    )
    table = load_globocan(path)
    assert table.get_population("KOR").total == 31337
    with pytest.raises(NotFoundError, match="expected one of UZB"):
        table.get_population("UZV")


def test_labels_do_where_codes_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('Label;Total\nBreast;5022\n"Brain, central nervous system";1692\n', encoding="utf-8")
    assert load_globocan(path).get_population("labels").total == 6714


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ({15: 100, 8: 1, 9: 2, 10: 3}, 106),
        ({15: 100, 17: 40}, 100),
        ({15: 100, 17: 40, 39: 160}, 120),
        ({15: 100, 37: 5, 38: 6}, 111),
        ({15: 100, 40: 150}, 150),
    ],
)
def test_total_counts_each_case_once(tmp_path: Path, rows: dict[int, int], total: int) -> None:
    population = load_globocan(write(tmp_path, rows)).get_population("uzbekistan")
    assert population.total == total
    assert population.site_cases.sum() - population.site_cases[get_site_index()["nmsc"]] == total


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        ({8: 10, 9: 20, 10: 5, 41: 35}, "GLO-006", "beside its parts colon"),
        ({8: 10, 41: 35, 40: 100}, "GLO-006", "without rectum, anus"),
        ({41: 35, 40: 100}, "GLO-006", "without colon, rectum, anus"),
        ({15: 100, 40: 150, 39: 300}, "GLO-007", "150 + 0"),
        ({15: 100, 17: 5, 40: 150, 39: 150}, "GLO-007", "never add them"),
        ({15: 100, 40: 90}, "GLO-008", "less than its sites"),
        ({42: 1}, "GLO-002", "a code of GLOBOCAN 2022"),
        ({15: -1}, "IMP-011", "correct the sign"),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, rows: dict[int, int], code: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_globocan(write(tmp_path, rows))
    assert codes(caught.value) == [code]
    assert words in str(caught.value)


def test_sum_beside_parts_names_both_rows(tmp_path: Path) -> None:
    path = write(tmp_path, {8: 10, 9: 20, 10: 5, 41: 35})
    with pytest.raises(InputError) as caught:
        load_globocan(path)
    assert f"{path}:5" in str(caught.value)
    for line in (2, 3, 4):
        assert f"{path}:{line}" in str(caught.value)


def test_row_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {15: 5})
    path.write_text(path.read_text() + "15,C33,Lung,0,5,1,2,3,4,5\n")
    with pytest.raises(InputError, match="each cancer once") as caught:
        load_globocan(path)
    assert caught.value.code == "GLO-003"


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("Cancer code,Sex,Number\n99,0,1\nx,0,1\n15,0,\n6,5,3\n7,0,2.5\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_globocan(path)
    assert codes(caught.value) == ["GLO-002", "GLO-002", "IMP-010", "GLO-004", "IMP-012"]


def test_rows_of_one_sex_are_not_the_total(tmp_path: Path) -> None:
    path = tmp_path / "sexes.csv"
    head = "Cancer code,Sex,Number\n"
    path.write_text(head + "15,0,30\n15,1,20\n15,2,10\n20,2,50\n20,1,1\n27,Males,7\n", encoding="utf-8")
    assert load_globocan(path).get_population("sexes").total == 87
    path.write_text(head + "15,1,20\n15,2,10\n", encoding="utf-8")
    with pytest.raises(InputError, match="both sexes together") as caught:
        load_globocan(path)
    assert codes(caught.value) == ["GLO-005"]


def test_measures_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text("Cancer code,Type,Number\n15,0,30\n15,1,20\n", encoding="utf-8")
    assert load_globocan(path).get_population("both").total == 30
    assert load_globocan(path, measure="mortality").get_population("both").total == 20


def test_file_without_a_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text(EXPORT, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_globocan(path)
    assert caught.value.code == "GLO-009"
