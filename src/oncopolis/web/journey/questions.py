"""A FHIR Questionnaire as a plain form, and what was typed as a QuestionnaireResponse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

Item = Mapping[str, Any]
TYPES: Final = frozenset(
    {"group", "display", "boolean", "integer", "decimal", "date", "string", "text", "choice"}
)
"""Types of items that a phone can show."""
TRANSLATION: Final = "http://hl7.org/fhir/StructureDefinition/translation"
_LONGEST: Final = 4_000  # structure: characters of an answer
_MOST: Final = 150  # structure: questions of a form; a body has no more fields


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form.

    Parameters
    ----------
    options
        Key and words of each answer that can be chosen; a key is the place of the option.
    """

    id: str
    type: str
    words: str
    is_required: bool = False
    repeats: bool = False
    longest: int = _LONGEST
    options: tuple[tuple[str, str], ...] = ()


def is_fit(questionnaire: Item) -> bool:
    """Tell whether a phone can show all of it."""
    items = list(_walk(questionnaire.get("item", ())))
    return 0 < len(items) <= _MOST and all(one.get("type") in TYPES for one in items)


def list_questions(questionnaire: Item, language: str) -> list[Question]:
    """Return its lines in order, in a language where it has words in it."""
    return [_read(item, language) for item in _walk(questionnaire.get("item", ()))]


def find_faults(questionnaire: Item, form: Mapping[str, str]) -> list[str]:
    """Return the ids of the questions whose answers are missing or cannot be."""
    faults = []
    for item in _walk(questionnaire.get("item", ())):
        answers = _answer(item, form)
        if answers is None or (_is_required(item) and not answers):
            faults.append(str(item["linkId"]))
    return faults


def make_items(items: Sequence[Item], form: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the items of a response; those without an answer are left out."""
    made = []
    for item in items:
        inner = make_items(item.get("item", ()), form)
        answers = _answer(item, form) or []
        if not inner and not answers:
            continue
        one: dict[str, Any] = {"linkId": item["linkId"]}
        if "text" in item:
            one["text"] = item["text"]
        if answers:
            # What stands below a question that has an answer stands below that answer.
            one["answer"] = [{**answer, **({"item": inner} if inner else {})} for answer in answers]
        else:
            one["item"] = inner
        made.append(one)
    return made


def name_field(link_id: str) -> str:
    """Return the name of a field of the form."""
    return f"q.{link_id}"


def translate(element: Item, name: str, language: str) -> str:
    """Return the words of an element in a language; as they are where there are none in it."""
    for one in element.get(f"_{name}", {}).get("extension", ()):
        if one.get("url") == TRANSLATION:
            parts = {part["url"]: part for part in one.get("extension", ())}
            if parts.get("lang", {}).get("valueCode") == language:
                return str(parts.get("content", {}).get("valueString", ""))
    return str(element.get(name, ""))


def _walk(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.get("item", ()))


def _read(item: Item, language: str) -> Question:
    options = tuple(
        (str(place), _word_option(option, language))
        for place, option in enumerate(item.get("answerOption", ()))
    )
    return Question(
        str(item["linkId"]), item["type"], translate(item, "text", language), _is_required(item),
        bool(item.get("repeats")), min(int(item.get("maxLength", _LONGEST)), _LONGEST), options,
    )  # fmt: skip


def _is_required(item: Item) -> bool:
    """Whether it has to be answered; what depends on other answers need not be, as nothing hides it."""
    return (
        bool(item.get("required")) and "enableWhen" not in item and item["type"] not in ("group", "display")
    )


def _word_option(option: Item, language: str) -> str:
    coding = option.get("valueCoding")
    if coding is not None:
        return translate(coding, "display", language) or str(coding.get("code", ""))
    return str(next((value for name, value in option.items() if name.startswith("value")), ""))


def _answer(item: Item, form: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """Return the answers to a question; None for one that cannot be."""
    name, options = name_field(str(item["linkId"])), item.get("answerOption", ())
    if item["type"] == "choice" and item.get("repeats"):
        return [_take(option) for place, option in enumerate(options) if f"{name}.{place}" in form]
    text = form.get(name, "").strip()
    if not text or item["type"] in ("group", "display"):
        return []
    if item["type"] == "choice":
        is_one = text.isdecimal() and text.isascii() and int(text) < len(options)
        return [_take(options[int(text)])] if is_one else None
    if len(text) > min(int(item.get("maxLength", _LONGEST)), _LONGEST):
        return None
    try:
        return [_ANSWERS[item["type"]](text)]
    except (ValueError, InvalidOperation):
        return None


def _take(option: Item) -> dict[str, Any]:
    return {name: value for name, value in option.items() if name.startswith("value")}


def _to_decimal(text: str) -> Decimal:
    number = Decimal(text.replace(",", "."))
    if not number.is_finite():
        raise ValueError(text)
    return number


_ANSWERS: Final[Mapping[str, Callable[[str], dict[str, Any]]]] = {
    "boolean": lambda text: {"valueBoolean": {"yes": True, "no": False}[text]},
    "integer": lambda text: {"valueInteger": int(text)},
    "decimal": lambda text: {"valueDecimal": _to_decimal(text)},
    "date": lambda text: {"valueDate": date.fromisoformat(text).isoformat()},
    "string": lambda text: {"valueString": text},
    "text": lambda text: {"valueString": text},
}
