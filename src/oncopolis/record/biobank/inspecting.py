"""What must hold of the rows of the biobank, each as a query for what breaks it."""

from dataclasses import dataclass

from oncopolis.record.store.session import Session

_MOST = 100  # structure: breaches of a rule that are told


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold; ``sql`` names what does not."""

    name: str
    message: str
    sql: str


RULES = (
    Rule(
        "specimen-placed",
        "It is stored but in no position, or in a position but not stored.",
        "SELECT barcode FROM bank_specimen WHERE (box IS NULL) <> (place IS NULL) "
        "OR (state = 'stored') <> (box IS NOT NULL)",
    ),
    Rule(
        "specimen-accounted",
        "It is neither stored nor said to be with somebody, somewhere or gone for a reason.",
        "SELECT barcode FROM bank_specimen WHERE state NOT IN ('stored', 'out', 'away', 'gone') "
        "OR (state <> 'stored' AND holder = '')",
    ),
    Rule(
        "specimen-amount",
        "There is more left than there was, or less than nothing, or something of what is gone.",
        "SELECT barcode FROM bank_specimen WHERE remaining < 0 OR remaining > amount "
        "OR (state IN ('stored', 'out') AND remaining = 0) OR (state = 'gone' AND remaining <> 0)",
    ),
    Rule(
        "specimen-box",
        "It is in something that holds no specimens, is not there, or has no such position.",
        "SELECT s.barcode FROM bank_specimen s LEFT JOIN bank_container c ON c.id = s.box "
        "WHERE s.box IS NOT NULL AND (c.id IS NULL OR c.holds <> 'specimens' OR s.place < 0 "
        "OR s.place >= c.n_rows * c.n_columns)",
    ),
    Rule(
        "inventories-apart",
        "It is in storage of another inventory.",
        "SELECT s.barcode FROM bank_specimen s JOIN bank_container c ON c.id = s.box "
        "WHERE c.inventory <> s.inventory",
    ),
    Rule(
        "specimen-family",
        "Its donor or tissue is not its parent's, or it is older than its parent.",
        "SELECT s.barcode FROM bank_specimen s LEFT JOIN bank_specimen p ON p.id = s.parent "
        "WHERE s.parent IS NOT NULL "
        "AND (p.id IS NULL OR p.donor <> s.donor OR p.root <> s.root OR s.made_ms < p.made_ms)",
    ),
    Rule(
        "specimen-donor",
        "Its donor is not there.",
        "SELECT s.barcode FROM bank_specimen s LEFT JOIN bank_donor d ON d.id = s.donor WHERE d.id IS NULL",
    ),
    Rule(
        "donor-erased",
        "It still says which patient it is, who was erased.",
        "SELECT d.pseudonym FROM bank_donor d JOIN patient_key k ON k.patient = d.patient "
        "WHERE k.destroyed_ms IS NOT NULL",
    ),
    Rule(
        "container-placed",
        "It is in something that is not there, holds specimens, or has no such place.",
        "SELECT c.name FROM bank_container c LEFT JOIN bank_container p ON p.id = c.parent "
        "WHERE c.parent IS NOT NULL AND (p.id IS NULL OR p.holds <> 'containers' OR c.slot IS NULL "
        "OR c.slot < 0 OR c.slot >= p.n_rows * p.n_columns)",
    ),
    Rule(
        "release-signed",
        "It was given out, but its request has not two signatures.",
        "SELECT s.barcode FROM bank_pick k JOIN bank_specimen s ON s.id = k.specimen "
        "JOIN bank_request r ON r.id = k.request "
        "WHERE k.state = 'issued' AND (r.first_by = '' OR r.mta = '' OR r.state NOT IN ('issued', 'closed'))",
    ),
    Rule(
        "destruction-signed",
        "It was destroyed without two people's signatures.",
        "SELECT s.barcode FROM bank_task t JOIN bank_specimen s ON s.id = t.specimen "
        "WHERE t.kind = 'destroy' AND t.state = 'done' "
        "AND (t.first_by = '' OR t.second_by = '' OR t.first_by = t.second_by)",
    ),
)


def count_rows(session: Session, table: str) -> int:
    """How many rows a table has."""
    return int(session.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - names of the tables


def list_breaches(session: Session, rule: Rule) -> list[str]:
    """Barcodes or names of what breaks a rule, the first hundred."""
    return [str(name) for (name,) in session.query(f"{rule.sql} ORDER BY 1 LIMIT {_MOST}")]
