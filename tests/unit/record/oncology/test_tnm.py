"""TNM: what is read, what it means, and tables that are the user's own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.foundation.errors import InputError, InputErrors
from oncopolis.record.oncology import check_stage, check_tnm, load_stages, parse_tnm


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("T2N0M0", "T2 N0 M0"),
        ("pT2, pN0, cM0", "pT2 pN0 cM0"),
        ("pT2N0M0", "pT2 pN0 M0"),
        ("ypT0 N0(sn) cM0", "ypT0 ypN0(sn) cM0"),
        ("pTis", "pTis"),
        ("pTis(DCIS)", "pTis(DCIS)"),
        ("T2(m)N0(i+)(sn)M0(i+)", "T2(m) N0(i+)(sn) M0(i+)"),
        ("T1mi N1mi M0", "T1mi N1mi M0"),
        ("rpT4bN3cM1c(1)", "rpT4b rpN3c M1c(1)"),
        ("T1a N0 M0 L0 V0 Pn0 R0 G2", "T1a N0 M0 L0V0Pn0R0G2"),
        ("pT2a pN2a pM1(BRA,LYM)", "pT2a pN2a pM1(BRA,LYM)"),
        ("aT3 NX M1", "aT3 aNX M1"),
        ("cN1", "cN1"),
        ("mpT1", "mpT1"),
    ],
)
def test_a_tnm_is_read_and_written_in_one_form(text: str, normal: str) -> None:
    checked = check_tnm(text)
    assert (checked.text, checked.issues) == (normal, ())
    assert check_tnm(normal).text == normal


def test_the_parts_of_a_tnm() -> None:
    tnm = parse_tnm("ypT2a N1(sn) cM0")
    assert tnm is not None
    assert tnm.t is not None
    assert tnm.n is not None
    assert tnm.m is not None
    assert (tnm.t.value, tnm.t.basis, tnm.t.prefixes) == ("2a", "pathological", "y")
    assert (tnm.n.value, tnm.n.note, tnm.n.basis, tnm.n.prefixes) == ("1", "(sn)", "pathological", "y")
    assert (tnm.m.value, tnm.m.basis) == ("0", "clinical")


@pytest.mark.parametrize(
    "text", ["", "T", "T5", "N4", "M2", "TN0M0", "T2N0M0X", "M0T2", "t2n0m0", "T2 T3", "II", "T2(x)"]
)
def test_what_is_no_tnm(text: str) -> None:
    assert [issue.rule for issue in check_tnm(text).issues] == ["tnm-form"]


@pytest.mark.parametrize(
    ("text", "rule"), [("pT1 pN0 pM0", "tnm-pm0"), ("yypT1", "tnm-prefix"), ("pT1 mpN1", "tnm-prefix")]
)
def test_what_the_eighth_edition_does_not_have(text: str, rule: str) -> None:
    assert rule in [issue.rule for issue in check_tnm(text).issues]


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("0", "0"),
        ("Stage IIIC", "IIIC"),
        ("iva", "IVA"),
        ("IA1", "IA1"),
        ("0is", "0is"),
        ("occult", "occult"),
        ("IB3", "IB3"),
    ],
)
def test_stage_groups(text: str, stage: str) -> None:
    assert check_stage(text).text == stage
    assert check_stage(text).is_sound


@pytest.mark.parametrize("text", ["", "V", "IIII", "3", "IF", "II-A"])
def test_what_is_no_stage_group(text: str) -> None:
    assert not check_stage(text).is_sound


@given(st.text("pcyrmaTNMisX0123456789()+-abc ,", max_size=20))
def test_what_is_written_is_read_again_as_the_same(text: str) -> None:
    tnm = parse_tnm(text)
    if tnm is not None:
        assert parse_tnm(str(tnm)) == tnm


def test_groups_come_from_the_users_own_table(tmp_path: Path) -> None:
    path = tmp_path / "stages.csv"
    path.write_text("site,t,n,m,stage\nx,1,0,0,Ia\nx,T1,N1,M0,iia\n", "utf-8")
    stages = load_stages(path)
    for text, stage in (("pT1 N0 M0", "IA"), ("T1 N1 M0", "IIA"), ("T2 N0 M0", None), ("T1", None)):
        tnm = parse_tnm(text)
        assert tnm is not None
        assert stages.find("x", tnm) == stage
        assert stages.find("y", tnm) is None


def test_bad_rows_of_a_table_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "stages.csv"
    path.write_text("site,t,n,m,stage\nx,1,0,0,IA\nx,9,0,0,IA\n,1,0,0,IA\nx,1,0,0,IB\nx,1,0,1,V\n", "utf-8")
    with pytest.raises(InputErrors) as caught:
        load_stages(path)
    assert [error.where.rpartition(":")[2] for error in caught.value.errors] == ["3", "4", "5", "6"]
    path.write_text("site,t,n,stage\n", "utf-8")
    with pytest.raises(InputError, match="no column m"):
        load_stages(path)
