"""Tables of the biobank. Rows are never deleted; ``turn`` numbers the command that wrote one last.

That number is the first custody event of the command: a copy is brought up to date by what has a larger one.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, SmallInteger, String, Table
from sqlalchemy.schema import SchemaItem

from oncopolis.record.store.metadata import METADATA

NUMBER = BigInteger().with_variant(Integer, "sqlite")
TEXT = String()
SORTED_TEXT = String().with_variant(String(collation="C"), "postgresql")
DOUBLE = Float(53)  # structure: bits of a double
CUSTODY = "bank_custody"


def _table(name: str, *more: SchemaItem) -> Table:
    table = Table(name, METADATA, *more, Column("turn", NUMBER, nullable=False))
    Index(f"{name}_turn", table.c.turn)
    return table


def _id() -> Column[int]:
    return Column("id", NUMBER, primary_key=True, autoincrement=False)


def _number(name: str, **more: Any) -> Column[int]:
    return Column(name, NUMBER, **({"nullable": False} | more))


def _maybe(name: str) -> Column[int]:
    return Column(name, NUMBER)


def _text(name: str, **more: Any) -> Column[str]:
    return Column(name, TEXT, **({"nullable": False} | more))


CONTAINER = _table(
    "bank_container", _id(), _text("name", unique=True), _text("kind"), _maybe("parent"), _maybe("slot"),
    _text("layout"), _number("n_rows"), _number("n_columns"), _text("holds"), _text("inventory"),
    Column("temperature_c", DOUBLE), Column("is_reserve", SmallInteger, nullable=False), _text("state"),
    Column("x_m", DOUBLE), Column("y_m", DOUBLE),
)  # fmt: skip
Index("bank_container_place", CONTAINER.c.parent, CONTAINER.c.slot, unique=True)

SPECIMEN = _table(
    "bank_specimen", _id(), _text("barcode", unique=True), _number("donor"), _maybe("parent"),
    _number("root"),
    _text("collection"), _text("kind"), Column("site", SORTED_TEXT, nullable=False),
    Column("diagnosis", SORTED_TEXT, nullable=False), _text("inventory"),
    _number("collected_ms"),
    _number("made_ms"), _maybe("frozen_ms"), _number("amount"), _number("remaining"), _text("unit"),
    _number("n_thaws"), _maybe("warm_s"), _maybe("cold_s"), _text("sprec"), Column("quality", DOUBLE),
    _text("review"), _text("state"), _text("holder"), _maybe("box"), _maybe("place"), _maybe("request"),
    Column("record", TEXT),
)  # fmt: skip
Index("bank_specimen_place", SPECIMEN.c.box, SPECIMEN.c.place, unique=True)
Index("bank_specimen_donor", SPECIMEN.c.donor)
Index("bank_specimen_parent", SPECIMEN.c.parent)
Index("bank_specimen_kind", SPECIMEN.c.kind, SPECIMEN.c.site, SPECIMEN.c.collected_ms)
Index("bank_specimen_request", SPECIMEN.c.request)

DONOR = _table(
    "bank_donor", _id(), _text("pseudonym", unique=True), Column("patient", TEXT), _text("sex"),
    _maybe("birth_year"),
)  # fmt: skip
Index("bank_donor_patient", DONOR.c.patient)

FORM = _table(
    "bank_form", _id(), _text("name"), _number("version"), _number("scopes"), _text("digest"),
    _number("from_ms"), _maybe("until_ms"),
)  # fmt: skip
Index("bank_form_name", FORM.c.name, FORM.c.version, unique=True)

CONSENT = _table(
    "bank_consent", _id(), _number("donor"), _number("form"), _number("scopes"), _number("given_ms"),
    _maybe("withdrawn_ms"), _text("reason"), Column("record", TEXT),
)  # fmt: skip
Index("bank_consent_donor", CONSENT.c.donor)
Index("bank_consent_record", CONSENT.c.record)

HOLD = _table(
    "bank_hold",
    Column("box", NUMBER, primary_key=True, autoincrement=False),
    Column("place", NUMBER, primary_key=True, autoincrement=False),
    _text("kind"), _text("reason"), _maybe("until_ms"),
)  # fmt: skip

RESULT = _table(
    "bank_result", _id(), _number("specimen"), _text("kind"), Column("value", DOUBLE, nullable=False),
    _text("unit"), _text("method"), _number("at_ms"),
)  # fmt: skip
Index("bank_result_specimen", RESULT.c.specimen)

TASK = _table(
    "bank_task", _id(), _text("kind"), _maybe("specimen"), _maybe("donor"), _text("reason"), _text("state"),
    _text("first_by"), _text("second_by"), _number("made_ms"), _maybe("done_ms"),
)  # fmt: skip
Index("bank_task_state", TASK.c.state, TASK.c.kind)
Index("bank_task_specimen", TASK.c.specimen)

REQUEST = _table(
    "bank_request", _id(), _text("title"), _text("applicant"), _text("organisation"), _number("scopes"),
    _text("criteria"), _number("n_wanted"), _text("state"), _text("decision"), _text("decided_by"),
    _text("mta"), _text("publication"), _text("first_by"), _number("made_ms"),
    _text("asked_by", server_default=""),
)  # fmt: skip

PICK = _table(
    "bank_pick",
    Column("request", NUMBER, primary_key=True, autoincrement=False),
    Column("specimen", NUMBER, primary_key=True, autoincrement=False),
    _number("n"), _text("state"), _maybe("shipment"), _maybe("issued_ms"),
)  # fmt: skip
Index("bank_pick_specimen", PICK.c.specimen)

SHIPMENT = _table(
    "bank_shipment", _id(), _number("request"), _text("courier"), _text("mta"), _text("recipient"),
    _text("state"), Column("lowest_c", DOUBLE, nullable=False), Column("highest_c", DOUBLE, nullable=False),
    _text("logger"), _text("verdict"), _number("sent_ms"), _maybe("received_ms"),
    _text("country", server_default=""), _maybe("permit"),
)  # fmt: skip
Index("bank_shipment_request", SHIPMENT.c.request)

EVACUATION = _table(
    "bank_evacuation", _id(), _number("tank"), _text("state"), _number("made_ms"), _maybe("done_ms")
)
STEP = _table(
    "bank_step",
    Column("evacuation", NUMBER, primary_key=True, autoincrement=False),
    Column("n", NUMBER, primary_key=True, autoincrement=False),
    _maybe("container"), _maybe("specimen"), _number("parent"), _number("slot"), _maybe("done_ms"),
)  # fmt: skip
Index("bank_step_target", STEP.c.parent, STEP.c.slot)

EVIDENCE = _table(
    "bank_evidence", _id(), _text("requirement"), _text("state"), _text("said"), _text("said_by"),
    _number("at_ms"),
)  # fmt: skip
NONCONFORMITY = _table(
    "bank_nonconformity", _id(), _text("title"), _text("said"), _text("requirement"), _text("severity"),
    _text("state"), _text("found_by"), _number("found_ms"), _text("owner"), _text("cause"), _text("action"),
    _text("evidence"), _text("closed_by"), _maybe("due_ms"), _maybe("closed_ms"),
)  # fmt: skip
AUDIT = _table(
    "bank_audit", _id(), _text("seed"), _number("n_population"), _number("n_sample"),
    Column("confidence", DOUBLE, nullable=False), Column("share", DOUBLE, nullable=False), _text("state"),
    _text("begun_by"), _number("begun_ms"), _maybe("n_wrong"), _maybe("most_wrong"), _maybe("done_ms"),
)  # fmt: skip
AUDITED = _table(
    "bank_audited",
    Column("audit", NUMBER, primary_key=True, autoincrement=False),
    Column("n", NUMBER, primary_key=True, autoincrement=False),
    _number("specimen"), _text("place"), _text("found"), _text("said"), _text("found_by"), _maybe("at_ms"),
)  # fmt: skip
PERMIT = _table(
    "bank_permit", _id(), _text("number", unique=True), _text("authority"), _text("country"),
    _number("from_ms"), _number("until_ms"), _number("n_most"), _number("n_used"), _text("state"),
)  # fmt: skip
PAYMENT = _table(
    "bank_payment", _id(), _number("request"), Column("amount", DOUBLE, nullable=False), _text("currency"),
    _text("reference"), _number("at_ms"),
)  # fmt: skip
Index("bank_payment_request", PAYMENT.c.request)
DUTY = _table(
    "bank_duty", _id(), _number("rung"), _text("person"), _text("name"), _text("address"), _number("from_ms"),
    _number("until_ms"),
)  # fmt: skip
Index("bank_duty_until", DUTY.c.until_ms)
INSIDE = _table(
    "bank_inside", _id(), _text("room"), _text("person"), _text("name"), _number("in_ms"), _maybe("out_ms")
)
Index("bank_inside_out", INSIDE.c.out_ms)
UPKEEP = _table(
    "bank_upkeep", _id(), _text("subject"), _text("kind"), _text("what"), _number("every_days"),
    _number("due_ms"), _maybe("done_ms"), _text("done_by"), _text("said"),
)  # fmt: skip
NITROGEN = _table(
    "bank_nitrogen", _id(), Column("stock_l", DOUBLE, nullable=False),
    Column("delivery_l", DOUBLE, nullable=False), _number("every_days"), _number("next_days"),
    _number("at_ms"),
)  # fmt: skip

EVENT = Table(
    CUSTODY,
    METADATA,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    _number("at_ms"),
    _text("what"),
    _maybe("specimen"),
    _maybe("container"),
    _text("entry"),
    Column("hash", LargeBinary, nullable=False),
)
Index("bank_custody_specimen", EVENT.c.specimen)
Index("bank_custody_container", EVENT.c.container)

TURNED = (
    CONTAINER, DONOR, FORM, CONSENT, SPECIMEN, HOLD, RESULT, TASK, REQUEST, PICK, SHIPMENT, EVACUATION, STEP,
    EVIDENCE, NONCONFORMITY, AUDIT, AUDITED, PERMIT, PAYMENT, DUTY, INSIDE, UPKEEP, NITROGEN,
)  # fmt: skip
"""Tables whose rows change and stay."""
