"""Which patient a donor of the biobank is: forgotten when the patient is erased."""

from oncopolis.record.store.session import Session


def forget_donor(session: Session, patient: str) -> None:
    """Leave of an erased patient the pseudonym alone; a copy is told of the change as of any command's."""
    session.query(
        "UPDATE bank_donor SET patient = NULL, turn = (SELECT COALESCE(max(seq), 0) + 1 FROM bank_custody) "
        "WHERE patient = ?",
        (patient,),
    )
