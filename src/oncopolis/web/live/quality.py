"""Quality of the biobank: checklists with evidence, what does not conform, audits by random sample."""

from datetime import time
from typing import Any, Final

from starlette.responses import Response

from oncopolis import biobank
from oncopolis.biobank.quality.requirements import get_standards, list_requirements
from oncopolis.foundation import NotFoundError, OncopolisError
from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import PERCENT
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.quality import (
    Audit,
    Audited,
    list_audited,
    list_audits,
    list_evidence,
    list_nonconformities,
)
from oncopolis.web.live.bank_acts import perform
from oncopolis.web.live.doing import add_query, read_local_ms
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import go

HOME: Final = "/live/biobank/quality"
ACTS: Final = (
    "bank_evidence", "bank_nonconformity", "bank_own_nonconformity", "bank_close_nonconformity",
    "bank_draw_audit", "bank_check_audit",
)  # fmt: skip
MET: Final = {"met": mark("met"), "partly": mark("partly met"), "missing": mark("not met")}
SEVERITIES: Final = {"minor": mark("minor"), "major": mark("major"), "critical": mark("critical")}
FOUND: Final = {
    "here": mark("It is there"),
    "missing": mark("Nothing is there"),
    "other": mark("Something else is there"),
}
_DIGITS = 18  # structure: of the largest number of a row
_NIGHT = time(23, 59)  # structure: the end of a day by which something is due
_SHOWN = 50  # structure: closed ones of a page


def show_quality(station: Station, visit: Visit) -> Response:
    """Show all of it."""
    bank = biobank.Bank(station.live.store)

    def read(books: Books) -> dict[str, Any]:
        session = books.session
        return {
            "evidence": list_evidence(session),
            "open": list_nonconformities(session, is_open=True),
            "closed": list_nonconformities(session, is_open=False)[:_SHOWN],
            "audits": list_audits(session),
        }

    return show(
        station, visit, "quality.html", **bank.ask(read), standards=get_standards(),
        requirements=list_requirements(), met=MET, severities=SEVERITIES, percent=write_percent,
        today=station.house.to_local(station.now_ms).date().isoformat(),
    )  # fmt: skip


def show_audit(station: Station, visit: Visit) -> Response:
    """Show a sample, in the order of the walk."""
    number = visit.parts["id"]
    bank = biobank.Bank(station.live.store)
    is_number = number.isascii() and number.isdecimal() and len(number) <= _DIGITS

    def read(books: Books) -> tuple[Audit, list[Audited], dict[int, str]] | None:
        audit = books.find(Audit, int(number)) if is_number else None
        if audit is None:
            return None
        lines = list_audited(books.session, audit.id)
        barcodes = {
            one.id: one.barcode for one in books.get_specimens(one.specimen for one in lines).values()
        }
        return audit, lines, barcodes

    found = bank.ask(read)
    if found is None:
        raise NotFoundError(
            code="WEB-400", where=f"audit {number:.40}", got="no such audit", expected="one that was drawn",
            fix="go back to the page of quality",
        )  # fmt: skip
    audit, lines, barcodes = found
    return show(
        station, visit, "audit.html", audit=audit, lines=lines, barcodes=barcodes, found=FOUND,
        percent=write_percent, left=sum(one.found == "" for one in lines),
    )  # fmt: skip


def write_percent(share: float) -> str:
    """A share as it stands on a page."""
    return f"{share * PERCENT:.3g} %"


def take_quality_act(station: Station, visit: Visit) -> Response:
    """Do an act of quality by a form, and go back to where it was sent from."""
    name = visit.parts["name"]
    if name not in ACTS:
        raise NotFoundError(
            code="WEB-401", where=f"act {name:.40}", got="no act of quality", expected=", ".join(ACTS),
            fix="go back to the page",
        )  # fmt: skip
    fields = biobank.ACTS[name].asked.model_fields
    said: dict[str, object] = {field: visit.form[field] for field in fields if visit.form.get(field)}
    back = HOME
    try:
        if "due_ms" in fields:
            said["due_ms"] = read_local_ms(station.house, visit.form.get("due", ""), _NIGHT.isoformat())
        told = perform(station, visit, name, said)
    except OncopolisError as error:
        audit = visit.form.get("audit", "")
        return go(add_query(f"{HOME}/audits/{audit}" if audit.isdecimal() else HOME, told=error.code))
    if name == "bank_draw_audit":
        back = f"{HOME}/audits/{told['audit']}"
    if name == "bank_check_audit":
        back = f"{HOME}/audits/{visit.form['audit']}"
    return go(add_query(back, done=name))
