"""National forms as mappings of the items of the generic one.

None of the three forms was opened: what they ask for is RECALLED, and a centre compares the mapping with the
form in force before it sends one. Labels are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from oncopolis.record.oncology.notification.reading import Case

__all__ = ["VARIANTS", "Variant", "to_national"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One national form.

    Parameters
    ----------
    code
        Country, in two letters.
    name
        What the form is called.
    source
        What rules it.
    is_opened
        Whether the source was opened.
    labels
        Item -> what the form calls it, in its order.
    """

    code: str
    name: str
    source: str
    is_opened: bool
    labels: Mapping[str, str] = field(repr=False)


VARIANTS: Final = {
    "UZ": Variant(
        "UZ",
        "090/u",
        "forms of medical records of the Ministry of Health of Uzbekistan",
        False,
        {
            "institution": "Muassasa",
            "family_name": "Familiyasi",
            "given_names": "Ismi, otasining ismi",
            "personal_number": "JSHSHIR",
            "birth_date": "Tug‘ilgan sanasi",
            "sex": "Jinsi",
            "ethnic_group": "Millati",
            "address": "Yashash manzili",
            "incidence_date": "Tashxis qo‘yilgan sana",
            "icd10": "Tashxis (XKT-10)",
            "topography": "Topografiya (ICD-O-3)",
            "laterality": "Tomoni",
            "morphology": "Morfologiya (ICD-O-3)",
            "t": "T",
            "n": "N",
            "m": "M",
            "stage": "Bosqichi",
            "basis": "Tashxisni tasdiqlash usuli",
            "surgery": "Jarrohlik sanasi",
            "radiotherapy": "Nur terapiyasi sanasi",
            "systemic": "Dori terapiyasi sanasi",
            "doctor": "Shifokor",
            "registration_date": "To‘ldirilgan sana",
        },
    ),
    "RU": Variant(
        "RU",
        "090/у",
        "приказ Минздрава России от 19.04.1999 № 135",
        False,
        {
            "institution": "Учреждение",
            "family_name": "Фамилия",
            "given_names": "Имя, отчество",
            "personal_number": "СНИЛС",
            "birth_date": "Дата рождения",
            "sex": "Пол",
            "ethnic_group": "Этническая группа",
            "address": "Адрес",
            "incidence_date": "Дата установления диагноза",
            "icd10": "Диагноз (МКБ-10)",
            "topography": "Топография (МКБ-О-3)",
            "laterality": "Сторона поражения",
            "morphology": "Морфологический тип (МКБ-О-3)",
            "t": "T",
            "n": "N",
            "m": "M",
            "stage": "Стадия",
            "basis": "Метод подтверждения диагноза",
            "sequence": "Порядковый номер опухоли",
            "surgery": "Дата операции",
            "radiotherapy": "Дата лучевой терапии",
            "systemic": "Дата лекарственной терапии",
            "doctor": "Врач",
            "registration_date": "Дата заполнения",
        },
    ),
    "KR": Variant(
        "KR",
        "중앙암등록",
        "Cancer Control Act of Korea, central cancer registry",
        False,
        {
            "institution": "의료기관",
            "record_number": "병록번호",
            "family_name": "성",
            "given_names": "이름",
            "personal_number": "주민등록번호",
            "sex": "성별",
            "birth_date": "생년월일",
            "address": "주소",
            "incidence_date": "진단일",
            "basis": "진단방법",
            "topography": "원발부위 (ICD-O-3)",
            "laterality": "편측성",
            "morphology": "조직학적 진단 (ICD-O-3)",
            "behaviour": "행태",
            "grade": "분화도",
            "t": "T",
            "n": "N",
            "m": "M",
            "stage": "병기",
            "surgery": "수술일",
            "radiotherapy": "방사선치료일",
            "systemic": "항암치료일",
            "death_date": "사망일",
        },
    ),
}
"""By country."""


def to_national(case: Case, variant: Variant) -> dict[str, str]:
    """Return a case under the names of a national form, empty where the record has nothing."""
    return {label: case.values.get(key, "") for key, label in variant.labels.items()}
