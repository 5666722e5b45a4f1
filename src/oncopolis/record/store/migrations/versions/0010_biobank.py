"""The biobank: places, specimens, donors, consents, custody, requests, shipments and evacuations."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOUBLE = sa.Float(53)  # structure: bits of a double
SORTED_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make their tables."""
    _make_places()
    _make_people()
    _make_specimens()
    _make_uses()


def _make_places() -> None:
    op.create_table(
        "bank_container",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent", NUMBER, nullable=True),
        sa.Column("slot", NUMBER, nullable=True),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("n_rows", NUMBER, nullable=False),
        sa.Column("n_columns", NUMBER, nullable=False),
        sa.Column("holds", sa.String(), nullable=False),
        sa.Column("inventory", sa.String(), nullable=False),
        sa.Column("temperature_c", DOUBLE, nullable=True),
        sa.Column("is_reserve", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("x_m", DOUBLE, nullable=True),
        sa.Column("y_m", DOUBLE, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("bank_container_place", "bank_container", ["parent", "slot"], unique=True)
    op.create_index("bank_container_turn", "bank_container", ["turn"], unique=False)
    op.create_table(
        "bank_evacuation",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("tank", NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("done_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_evacuation_turn", "bank_evacuation", ["turn"], unique=False)
    op.create_table(
        "bank_hold",
        sa.Column("box", NUMBER, autoincrement=False, nullable=False),
        sa.Column("place", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("box", "place"),
    )
    op.create_index("bank_hold_turn", "bank_hold", ["turn"], unique=False)
    op.create_table(
        "bank_step",
        sa.Column("evacuation", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("container", NUMBER, nullable=True),
        sa.Column("specimen", NUMBER, nullable=True),
        sa.Column("parent", NUMBER, nullable=False),
        sa.Column("slot", NUMBER, nullable=False),
        sa.Column("done_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("evacuation", "n"),
    )
    op.create_index("bank_step_target", "bank_step", ["parent", "slot"], unique=False)
    op.create_index("bank_step_turn", "bank_step", ["turn"], unique=False)


def _make_people() -> None:
    op.create_table(
        "bank_consent",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("donor", NUMBER, nullable=False),
        sa.Column("form", NUMBER, nullable=False),
        sa.Column("scopes", NUMBER, nullable=False),
        sa.Column("given_ms", NUMBER, nullable=False),
        sa.Column("withdrawn_ms", NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_consent_donor", "bank_consent", ["donor"], unique=False)
    op.create_index("bank_consent_record", "bank_consent", ["record"], unique=False)
    op.create_index("bank_consent_turn", "bank_consent", ["turn"], unique=False)
    op.create_table(
        "bank_donor",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("patient", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("birth_year", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pseudonym"),
    )
    op.create_index("bank_donor_patient", "bank_donor", ["patient"], unique=False)
    op.create_index("bank_donor_turn", "bank_donor", ["turn"], unique=False)
    op.create_table(
        "bank_form",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("scopes", NUMBER, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("from_ms", NUMBER, nullable=False),
        sa.Column("until_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_form_name", "bank_form", ["name", "version"], unique=True)
    op.create_index("bank_form_turn", "bank_form", ["turn"], unique=False)


def _make_specimens() -> None:
    op.create_table(
        "bank_custody",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("specimen", NUMBER, nullable=True),
        sa.Column("container", NUMBER, nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("bank_custody_container", "bank_custody", ["container"], unique=False)
    op.create_index("bank_custody_specimen", "bank_custody", ["specimen"], unique=False)
    op.create_table(
        "bank_result",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("specimen", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", DOUBLE, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("at_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_result_specimen", "bank_result", ["specimen"], unique=False)
    op.create_index("bank_result_turn", "bank_result", ["turn"], unique=False)
    op.create_table(
        "bank_specimen",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("barcode", sa.String(), nullable=False),
        sa.Column("donor", NUMBER, nullable=False),
        sa.Column("parent", NUMBER, nullable=True),
        sa.Column("root", NUMBER, nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("site", SORTED_TEXT, nullable=False),
        sa.Column("diagnosis", SORTED_TEXT, nullable=False),
        sa.Column("inventory", sa.String(), nullable=False),
        sa.Column("collected_ms", NUMBER, nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("frozen_ms", NUMBER, nullable=True),
        sa.Column("amount", NUMBER, nullable=False),
        sa.Column("remaining", NUMBER, nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("n_thaws", NUMBER, nullable=False),
        sa.Column("warm_s", NUMBER, nullable=True),
        sa.Column("cold_s", NUMBER, nullable=True),
        sa.Column("sprec", sa.String(), nullable=False),
        sa.Column("quality", DOUBLE, nullable=True),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("box", NUMBER, nullable=True),
        sa.Column("place", NUMBER, nullable=True),
        sa.Column("request", NUMBER, nullable=True),
        sa.Column("record", sa.String(), nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("barcode"),
    )
    op.create_index("bank_specimen_donor", "bank_specimen", ["donor"], unique=False)
    op.create_index("bank_specimen_kind", "bank_specimen", ["kind", "site", "collected_ms"], unique=False)
    op.create_index("bank_specimen_parent", "bank_specimen", ["parent"], unique=False)
    op.create_index("bank_specimen_place", "bank_specimen", ["box", "place"], unique=True)
    op.create_index("bank_specimen_request", "bank_specimen", ["request"], unique=False)
    op.create_index("bank_specimen_turn", "bank_specimen", ["turn"], unique=False)
    op.create_table(
        "bank_task",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("specimen", NUMBER, nullable=True),
        sa.Column("donor", NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("first_by", sa.String(), nullable=False),
        sa.Column("second_by", sa.String(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("done_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_task_specimen", "bank_task", ["specimen"], unique=False)
    op.create_index("bank_task_state", "bank_task", ["state", "kind"], unique=False)
    op.create_index("bank_task_turn", "bank_task", ["turn"], unique=False)


def _make_uses() -> None:
    op.create_table(
        "bank_pick",
        sa.Column("request", NUMBER, autoincrement=False, nullable=False),
        sa.Column("specimen", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shipment", NUMBER, nullable=True),
        sa.Column("issued_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("request", "specimen"),
    )
    op.create_index("bank_pick_specimen", "bank_pick", ["specimen"], unique=False)
    op.create_index("bank_pick_turn", "bank_pick", ["turn"], unique=False)
    op.create_table(
        "bank_request",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("scopes", NUMBER, nullable=False),
        sa.Column("criteria", sa.String(), nullable=False),
        sa.Column("n_wanted", NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("mta", sa.String(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("first_by", sa.String(), nullable=False),
        sa.Column("made_ms", NUMBER, nullable=False),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_request_turn", "bank_request", ["turn"], unique=False)
    op.create_table(
        "bank_shipment",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("courier", sa.String(), nullable=False),
        sa.Column("mta", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lowest_c", DOUBLE, nullable=False),
        sa.Column("highest_c", DOUBLE, nullable=False),
        sa.Column("logger", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("sent_ms", NUMBER, nullable=False),
        sa.Column("received_ms", NUMBER, nullable=True),
        sa.Column("turn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("bank_shipment_request", "bank_shipment", ["request"], unique=False)
    op.create_index("bank_shipment_turn", "bank_shipment", ["turn"], unique=False)
