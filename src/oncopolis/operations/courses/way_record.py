"""Ways as records: a way is a PlanDefinition, each of its steps an action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from json import dumps
from typing import Any, ClassVar, Final, Self

from oncopolis.operations.courses.way import Errand, Layout, Need, Option, Part, Question, Sequel, Step
from oncopolis.operations.elements import (
    PREFIX,
    add_extensions,
    add_rest,
    extend,
    find_extended,
    get_code,
    list_extended,
    make_concept,
    take_rest,
)
from oncopolis.operations.views import Claim, Record

_URL: Final = PREFIX + "way:"
_DIGEST = 40  # structure: hexadecimal digits that keep ways apart
_BEHAVIOURS: Final[dict[Need, str]] = {
    "sure": "must",
    "likely": "must-unless-documented",
    "seldom": "could",
}
_NEEDS: Final[dict[str, Need]] = {behaviour: need for need, behaviour in _BEHAVIOURS.items()}
_OWN: Final = (
    "url", "version", "name", "title", "type", "status", "identifier", "endorser", "action",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A layout under its digest; ways are never changed."""

    layout: Layout
    rest: Record = field(default_factory=dict, compare=False)

    TYPE: ClassVar[str] = "PlanDefinition"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ())

    @cached_property
    def id(self) -> str:
        """Digest of the layout."""
        text = dumps(
            self.layout, default=_list_fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return f"way-{sha256(text.encode()).hexdigest()[:_DIGEST]}"

    @property
    def is_open(self) -> bool:
        """There is nothing to do with it: it is looked up, and never on the floor."""
        return False

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Steps by id."""
        return {step.id: step for step in self.layout.steps}

    @property
    def url(self) -> str:
        """What care plans say they follow."""
        return _URL + self.id

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it was made here."""
        return str(record.get("url", "")).startswith(_URL)

    def to_record(self) -> Record:
        """Return it as a PlanDefinition."""
        return dict(self._record)

    @cached_property
    def _record(self) -> Record:
        layout = self.layout
        named = (("pathway", layout.pathway), ("site", layout.site), ("stage", layout.stage))
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "url": self.url,
            "identifier": [{"system": PREFIX + kind, "value": value} for kind, value in named if value],
            "version": str(layout.version),
            "name": layout.pathway.capitalize(),
            "title": layout.label,
            "type": {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/plan-definition-type",
                        "code": "clinical-protocol",
                    }
                ]
            },
            "status": "active" if layout.is_approved else "draft",
        }
        if layout.signed_by:
            record["endorser"] = [{"name": name} for name in layout.signed_by]
        record["action"] = [_write_step(step, is_entry=step.id in layout.entries) for step in layout.steps]
        sequels = [{"url": PREFIX + "sequel", "extension": _write_sequel(one)} for one in layout.sequels]
        return add_rest(add_extensions(record, sequels), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a PlanDefinition made here."""
        named = {one["system"].removeprefix(PREFIX): one["value"] for one in record["identifier"]}
        sequels = [one for one in record.get("extension", ()) if one["url"] == PREFIX + "sequel"]
        layout = Layout(
            pathway=named["pathway"],
            version=int(record["version"]),
            label=record["title"],
            site=named.get("site", ""),
            stage=named.get("stage", ""),
            is_approved=record["status"] == "active",
            signed_by=tuple(one["name"] for one in record.get("endorser", ())),
            entries=tuple(
                get_code(one["code"], "step") for one in record["action"] if find_extended(one, "entry")
            ),
            steps=tuple(_read_step(one) for one in record["action"]),
            sequels=tuple(_read_sequel(one) for one in sequels),
        )
        return cls(layout, take_rest(record, _OWN))


def _list_fields(part: Any) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def _write_step(step: Step, *, is_entry: bool) -> Record:
    extensions = extend(
        setting__Code=step.setting, earliest_days__Integer=step.earliest_days,
        target_days__Integer=step.target_days, latest_days__Integer=step.latest_days,
        workdays__Boolean=step.workdays or None, has__Code=step.has, lacks__Code=step.lacks,
        sets__Code=step.sets, skip_to__Code=step.skip_to, next__Code=step.next,
        priority__Integer=step.priority, entry__Boolean=is_entry or None,
    )  # fmt: skip
    repeat = {"count": step.times, "frequency": 1, "period": step.every_days, "periodUnit": "d"}
    record: Record = {
        "extension": extensions,
        "title": step.label,
        "code": [make_concept("step", step.id)],
        "timingTiming": {"repeat": repeat},
    }
    inner = [
        *map(_write_errand, step.errands),
        *map(_write_question, step.list_questions()),
    ]
    if not step.label:
        del record["title"]
    return record | {"action": inner} if inner else record


def _write_errand(errand: Errand) -> Record:
    return {
        "extension": extend(contact__Boolean=errand.is_contact, waited__Boolean=errand.is_waited),
        "code": [make_concept("activity", errand.activity)],
        "timingTiming": {"repeat": {"count": errand.n}},
        "requiredBehavior": _BEHAVIOURS[errand.need],
    }


def _write_question(question: Question) -> Record:
    record: Record = {
        "extension": extend(needs__String=question.needs),
        "code": [make_concept("decision", question.part)],
        "reason": [{"text": reason} for reason in question.reasons],
        "participant": [{"type": "practitioner", "role": make_concept("resource", question.decider)}],
        "selectionBehavior": "exactly-one",
        "action": [_write_option(option) for option in question.options],
    }
    if not question.decider:
        del record["participant"]
    return {name: value for name, value in record.items() if value}


def _write_option(option: Option) -> Record:
    record: Record = {
        "code": [make_concept("answer", option.to)],
        "precheckBehavior": "yes" if option.is_likely else "no",
    }
    return {"title": option.label, **record} if option.label else record


def _write_sequel(sequel: Sequel) -> list[Record]:
    return extend(
        id__Code=sequel.id, start__Code=sequel.start, when__Code=sequel.when,
        stage__Code=sequel.stage or None, at__Code=sequel.at or None, sets__Code=sequel.sets,
    )  # fmt: skip


def _read_step(action: Record) -> Step:
    inner = action.get("action", ())
    questions = {one.part: one for one in map(_read_question, inner) if one is not None}
    repeat = action["timingTiming"]["repeat"]
    return Step(
        id=get_code(action["code"], "step"),
        label=action.get("title", ""),
        setting=find_extended(action, "setting"),
        errands=tuple(one for one in map(_read_errand, inner) if one is not None),
        earliest_days=find_extended(action, "earliest-days"),
        target_days=find_extended(action, "target-days"),
        latest_days=find_extended(action, "latest-days"),
        times=int(repeat["count"]),
        every_days=int(repeat["period"]),
        workdays=find_extended(action, "workdays", otherwise=False),
        has=list_extended(action, "has"),
        lacks=list_extended(action, "lacks"),
        sets=list_extended(action, "sets"),
        skip_to=find_extended(action, "skip-to"),
        next=find_extended(action, "next"),
        priority=find_extended(action, "priority"),
        gate=questions.get("gate"),
        branch=questions.get("branch"),
    )


def _read_errand(action: Record) -> Errand | None:
    activity = get_code(action["code"], "activity")
    if not activity:
        return None
    return Errand(
        activity,
        int(action["timingTiming"]["repeat"]["count"]),
        _NEEDS[action["requiredBehavior"]],
        find_extended(action, "contact"),
        find_extended(action, "waited"),
    )


def _read_question(action: Record) -> Question | None:
    part: Any = get_code(action["code"], "decision")
    if not part:
        return None
    roles = [one["role"] for one in action.get("participant", ())]
    return Question(
        _to_part(part),
        get_code(roles, "resource"),
        list_extended(action, "needs"),
        tuple(reason["text"] for reason in action.get("reason", ())),
        tuple(
            Option(get_code(one["code"], "answer"), one.get("title", ""), one["precheckBehavior"] == "yes")
            for one in action["action"]
        ),
    )


def _to_part(code: str) -> Part:
    return "gate" if code == "gate" else "branch"


def _read_sequel(extension: Record) -> Sequel:
    return Sequel(
        find_extended(extension, "id"), find_extended(extension, "start"), find_extended(extension, "when"),
        find_extended(extension, "stage", otherwise=""), find_extended(extension, "at", otherwise=""),
        list_extended(extension, "sets"),
    )  # fmt: skip
