"""Registry tables."""

from pathlib import Path

import pytest

from oncopolis.centre.geography import get_age_starts, get_site_index
from oncopolis.centre.importers import STAGES, load_registry
from oncopolis.foundation.errors import InputError, InputErrors

HEAD = "site,sex,age,stage,year,cases\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "registry.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_counts_are_added_up(tmp_path: Path) -> None:
    text = "lung,male,60-64,IIIA,2020,7\nlung,m,63,3,2020,2\nbreast,f,85+,I,2021,5\nnmsc,,,,2021,4\n"
    registry = load_registry(write(tmp_path, HEAD + text))
    index = get_site_index()
    assert registry.total == 14
    assert registry.total_with_nmsc == 18
    assert registry.years == (2020, 2021)
    assert registry.site_cases[index["lung"]] == 9
    assert registry.stage_cases[index["lung"], STAGES.index("III")] == 9
    assert registry.stage_cases[index["nmsc"], STAGES.index("X")] == 4
    assert registry.age_cases[index["lung"], 1, get_age_starts().index(60)] == 9
    assert registry.age_cases[index["breast"], 0, -1] == 5
    assert registry.age_cases.sum() == 14
    assert registry.select_year(2020).total == 9
    assert registry.select_year(1999).total == 0


def test_list_of_patients_by_icd10(tmp_path: Path) -> None:
    registry = load_registry(
        write(tmp_path, "МКБ-10;пол;стадия\nC50.9;ж;II\nC50.1;жен;IIB\nC18.7;м;x\nC44;м;\n")
    )
    index = get_site_index()
    assert registry.total == 3
    assert registry.site_cases[index["breast"]] == 2
    assert registry.site_cases[index["colon"]] == 1
    assert registry.years == ()


def test_globocan_codes_and_site_specific_sex(tmp_path: Path) -> None:
    registry = load_registry(write(tmp_path, "code,sex,cases\n27,,3\n20,male,1\n38,f,2\n"))
    index = get_site_index()
    assert registry.site_cases[index["prostate"]] == 3
    assert registry.site_cases[index["breast"]] == 1
    assert registry.site_cases[index["other"]] == 2


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("lng,f,60,I,2020,1", "REG-002", "near: lung"),
        ("colorectum,f,60,I,2020,1", "REG-003", "count cases twice"),
        ("All cancers,f,60,I,2020,1", "REG-003", "'All cancers'"),
        ("lung,q,60,I,2020,1", "REG-004", "'q'"),
        ("cervix_uteri,m,60,I,2020,1", "REG-005", "female for cervix_uteri"),
        ("lung,m,old,I,2020,1", "REG-006", "'old'"),
        ("lung,m,60-70,I,2020,1", "REG-007", "five-year"),
        ("lung,m,60+,I,2020,1", "REG-007", "five-year"),
        ("lung,m,60,V,2020,1", "REG-008", "'V'"),
        ("lung,m,60,0,2020,1", "REG-008", "in-situ"),
        ("lung,m,60,I,2020.5,1", "IMP-012", "year"),
        ("lung,m,60,I,2020,-1", "IMP-011", "cases"),
        ("lung,m,60,I,2020,", "IMP-010", "nothing"),
    ],
)
def test_unreadable_rows_are_refused_with_their_line(tmp_path: Path, row: str, code: str, words: str) -> None:
    path = write(tmp_path, HEAD + "breast,f,50,I,2020,1\n" + row + "\n")
    with pytest.raises(InputError) as caught:
        load_registry(path)
    assert caught.value.code == code
    assert f"{path}:3: " in str(caught.value)
    assert words in str(caught.value)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        load_registry(write(tmp_path, "code,sex\nD05,f\nC770Z,f\n99,f\n"))
    assert [error.where.split(":")[-2] for error in caught.value.errors] == ["2", "3", "4"]


@pytest.mark.parametrize("text", [HEAD, HEAD + "lung,m,60,I,2020,0\n"])
def test_empty_registry_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="a registry without a case") as caught:
        load_registry(write(tmp_path, text))
    assert caught.value.code == "REG-001"


def test_table_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a column `site` or `code`"):
        load_registry(write(tmp_path, "sex,cases\nf,1\n"))
