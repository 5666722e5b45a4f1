"""``Patient/[id]/$everything``: what the record has about one patient, and whom and what it speaks of."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from oncopolis.record import GoneError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search import Found, Question, read_question, search
from oncopolis.record.search.criteria import Criterion, read_criterion
from oncopolis.record.search.nodes import AnyOf, Node, Not, Present
from oncopolis.record.search.parameters import Parameter, find_parameter
from oncopolis.record.store import Store
from oncopolis.web.fhir.commands import not_there
from oncopolis.web.fhir.exchange import Answer, Asked
from oncopolis.web.fhir.parameters import read_parameters
from oncopolis.web.fhir.queries import refuse_as_request
from oncopolis.web.fhir.refusing import RequestError
from oncopolis.web.fhir.searching import CURSOR, answer_found

PARAMETERS = frozenset({"start", "end", "_since", "_type", "_count", CURSOR})
_ENDS = {"start": "ge", "end": "le"}


async def everything(store: Store, asked: Asked) -> Answer:
    """All of it, page by page."""
    id_ = asked.segments[1]
    texts = read_parameters(asked, PARAMETERS).texts
    for name in texts:
        if name not in PARAMETERS:
            raise RequestError(
                code="REC-308", where="URL", got=f"parameter {name!r:.80}",
                expected=f"one of {', '.join(sorted(PARAMETERS - {CURSOR}))}", fix="leave it out",
                issue="not-supported",
            )  # fmt: skip
    question = refuse_as_request(lambda: _make_question(id_, texts))
    found = await asyncio.to_thread(_find, store, asked, id_, question)
    return await answer_found(store, asked, replace(question, applied=tuple(texts.items())), found)


def _find(store: Store, asked: Asked, id_: str, question: Question) -> Found:
    patient = store.read("Patient", id_, asked.allowed)
    if patient is None:
        raise not_there("Patient", id_)
    if patient.body is None:
        raise GoneError(
            code="REC-309", where=f"Patient/{id_}", got="a patient who was deleted or erased",
            expected="one who is there", fix="read their history",
        )  # fmt: skip
    found = refuse_as_request(lambda: store.ask(lambda reading: search(reading, question), asked.allowed))
    return replace(found, included=tuple(one for one in found.included if not is_about_patients(one.type)))


def is_about_patients(type_: str) -> bool:
    """Tell whether records of a type belong to patients: other patients' do not come along."""
    return type_ == "Patient" or bool(get_definitions().patient_parameters(type_))


def _make_question(id_: str, texts: Mapping[str, str]) -> Question:
    pairs = [("_include", "*")]
    pairs += [(name, texts[name]) for name in ("_type", "_count", CURSOR) if name in texts]
    if "_since" in texts:
        pairs.append(("_lastUpdated", f"ge{texts['_since']}"))
    question = read_question((), pairs, patient=id_)
    ends = [(name, texts[name]) for name in _ENDS if name in texts]
    if not ends:
        return question
    identity = repr((question.identity, ends))
    return replace(question, nodes=(*question.nodes, *_make_care(question.types, ends)), identity=identity)


def _make_care(types: tuple[str, ...], ends: list[tuple[str, str]]) -> list[Node]:
    """The time of care: of records that have a ``date``, those that lie in it; all others too."""
    dated = [type_ for type_ in types if _find_date(type_) is not None]
    numbers = tuple(number for type_ in dated if (found := _find_date(type_)) for number in found.numbers)
    undated = Not(Present(("date",), numbers))
    return [AnyOf((undated, _make_end(dated[0], numbers, *end))) for end in ends] if dated else []


def _find_date(type_: str) -> Parameter | None:
    found = find_parameter((type_,), "date")
    return found if found is not None and found.kind == "date" else None


def _make_end(type_: str, numbers: tuple[int, ...], name: str, value: str) -> Node:
    """One end of the time; ``date`` is understood alike for all types that have it."""
    found = read_criterion((type_,), "date", f"{_ENDS[name]}{value}", "")
    assert isinstance(found, Criterion)
    return replace(found, parameter=replace(found.parameter, numbers=numbers), where=name).make_node()
