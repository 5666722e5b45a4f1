"""Links as rows of their table."""

from dataclasses import dataclass

from oncopolis.record.store.session import Row, Session

_FIELDS = (
    "id, patient, carer, language, code, made_ms, first_ms, until_ms, device, bound_ms, tries, locked_ms, "
    "ended_ms"
)


@dataclass(frozen=True, slots=True)
class Journey:
    """One link; times in milliseconds since 1970 (UTC).

    Parameters
    ----------
    carer
        Id of the RelatedPerson it is for; None if for the patient.
    language
        Of the first page.
    code
        Digest of the code that was given with it; None where the date of birth is asked for.
    first_ms
        Until when it can be opened for the first time.
    until_ms
        Until when the device it is bound to may use it.
    device
        Digest of what the device holds; None before the first opening.
    tries
        Wrong answers so far.
    locked_ms
        When there were too many of them.
    ended_ms
        When it was taken back.
    """

    id: str
    patient: str
    carer: str | None
    language: str
    code: str | None
    made_ms: int
    first_ms: int
    until_ms: int
    device: str | None = None
    bound_ms: int | None = None
    tries: int = 0
    locked_ms: int | None = None
    ended_ms: int | None = None


def to_journey(row: Row) -> Journey:
    """Return the link of a row."""
    return Journey(*row)


def add(session: Session, one: Journey) -> None:
    """Add a link."""
    session.query(
        "INSERT INTO journey (id, patient, carer, language, code, made_ms, first_ms, until_ms, tries) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (one.id, one.patient, one.carer, one.language, one.code, one.made_ms, one.first_ms, one.until_ms),
    )


def find(session: Session, id_: str) -> Journey | None:
    """Return a link by its number."""
    rows = session.query(f"SELECT {_FIELDS} FROM journey WHERE id = ?", (id_,))  # noqa: S608 - our own names
    return to_journey(rows[0]) if rows else None


def list_of_device(session: Session, device: str, now_ms: int) -> list[Journey]:
    """Return the links a device may use now, the newest first."""
    rows = session.query(
        f"SELECT {_FIELDS} FROM journey WHERE device = ? AND ended_ms IS NULL AND until_ms > ? "  # noqa: S608
        "ORDER BY bound_ms DESC, id",
        (device, now_ms),
    )
    return [to_journey(row) for row in rows]


def list_of_patient(session: Session, patient: str) -> list[Journey]:
    """Return the links of a patient that were not taken back, the newest first."""
    rows = session.query(
        f"SELECT {_FIELDS} FROM journey WHERE patient = ? AND ended_ms IS NULL ORDER BY made_ms DESC, id",  # noqa: S608
        (patient,),
    )
    return [to_journey(row) for row in rows]


def list_locked(session: Session, since_ms: int) -> list[Journey]:
    """Return the links that were locked since then and not taken back, the newest first."""
    rows = session.query(
        f"SELECT {_FIELDS} FROM journey WHERE locked_ms > ? AND ended_ms IS NULL ORDER BY locked_ms DESC, id",  # noqa: S608
        (since_ms,),
    )
    return [to_journey(row) for row in rows]


def end_of(session: Session, patient: str, carer: str | None, now_ms: int) -> None:
    """Take back the links of a patient or of one carer of theirs."""
    session.query(
        "UPDATE journey SET ended_ms = ? WHERE patient = ? AND coalesce(carer, '') = ? AND ended_ms IS NULL",
        (now_ms, patient, carer or ""),
    )


def end(session: Session, id_: str, now_ms: int) -> Journey | None:
    """Take a link back; the link, if it was not taken back before."""
    rows = session.query(
        f"UPDATE journey SET ended_ms = ? WHERE id = ? AND ended_ms IS NULL RETURNING {_FIELDS}",  # noqa: S608
        (now_ms, id_),
    )
    return to_journey(rows[0]) if rows else None


def count_try(session: Session, id_: str, most: int, now_ms: int) -> int | None:
    """Count an answer before it is looked at; how many there were, None if there may be no more."""
    rows = session.query(
        "UPDATE journey SET tries = tries + 1, "
        "locked_ms = CASE WHEN tries + 1 >= ? THEN ? ELSE locked_ms END "
        "WHERE id = ? AND device IS NULL AND ended_ms IS NULL AND tries < ? RETURNING tries",
        (most, now_ms, id_, most),
    )
    return int(rows[0][0]) if rows else None


def bind(session: Session, id_: str, device: str, now_ms: int) -> bool:
    """Bind a link to the device that has answered right; whether no other was first."""
    return bool(
        session.query(
            "UPDATE journey SET device = ?, bound_ms = ?, tries = 0, locked_ms = NULL "
            "WHERE id = ? AND device IS NULL AND ended_ms IS NULL RETURNING 1",
            (device, now_ms, id_),
        )
    )


def remove_old(session: Session, before_ms: int) -> None:
    """Remove links that ended by themselves before then."""
    session.query("DELETE FROM journey WHERE until_ms < ?", (before_ms,))
