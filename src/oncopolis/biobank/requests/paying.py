"""What requests cost, by the tariff of the project, and how much of it came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.requests.asked import get_request, tell
from oncopolis.biobank.requests.asking import Pay
from oncopolis.foundation import Frozen, InputError, InputErrors
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.located import load_yaml
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.requests import Payment, Request

_STATES = ("asked", "approved", "refused", "selected", "signed", "issued", "closed")


class Item(Frozen):
    """Something that costs."""

    label: Annotated[str, Field(min_length=1, max_length=100)]  # structure: characters of a label
    per: Literal["request", "specimen", "donor", "shipment"]
    """What it comes with: each request, each specimen or donor given out, each shipment."""
    cost: Annotated[float, Field(ge=0)]
    """In the currency of the tariff."""


class Tariff(Frozen):
    """What the biobank's work costs: a file of the project."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217, three letters."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Use:
    """What became of a request, and what it cost.

    Parameters
    ----------
    n_out, n_back
        Specimens that were given out, and that came back.
    costs
        Label of an item -> what it came to.
    recovered
        Share of the cost that was paid; None while nothing was spent.
    """

    request: int
    title: str
    organisation: str
    state: str
    n_out: int
    n_back: int
    n_donors: int
    n_shipments: int
    costs: dict[str, float]
    paid: float
    publications: tuple[str, ...]

    @property
    def cost(self) -> float:
        """All of it."""
        return sum(self.costs.values())

    @property
    def recovered(self) -> float | None:
        """Share of the cost that was paid."""
        return self.paid / self.cost if self.cost else None


def load_tariff(path: Path) -> Tariff:
    """A tariff; `InputErrors` BIO-189 for what is wrong with it."""
    located = load_yaml(path)
    try:
        return Tariff.model_validate(located.data)
    except ValidationError as error:
        raise InputErrors(to_errors(error, located, (), code="BIO-189", model=Tariff)) from None


def pay(books: Books, asked: Pay, moment: Moment) -> Decision:
    """Keep a payment."""
    request = get_request(books, asked.request, *_STATES)
    id_ = books.make_number(Payment.TABLE)
    made = Payment(id_, request.id, asked.amount, asked.currency, asked.reference, moment.at_ms)
    told = tell(request.id, "paid", amount=f"{asked.amount:.2f} {asked.currency}", reference=asked.reference)
    return Decision((made,), (told,), (), {"payment": id_})


def list_uses(books: Books, tariff: Tariff) -> Iterator[Use]:
    """Yield every request with what it cost and what was paid for it, the first one first.

    Raises
    ------
    InputError
        Something was paid in another currency (BIO-189): rates are no business of ours.
    """
    for request in reversed(books.list_requests()):
        yield _sum_up(books, request, tariff)


def _sum_up(books: Books, request: Request, tariff: Tariff) -> Use:
    given = [one for one in books.list_picks(request.id) if one.state in ("issued", "returned")]
    donors = {one.donor for one in books.get_specimens(one.specimen for one in given).values()}
    n_shipments = len(books.list_shipments(request.id))
    counts = {"request": 1, "specimen": len(given), "donor": len(donors), "shipment": n_shipments}
    costs = {one.label: one.cost * counts[one.per] for one in tariff.items}
    payments = books.list_payments(request.id)
    if other := next((one for one in payments if one.currency != tariff.currency), None):
        raise InputError(
            code="BIO-189", where=f"request {request.id}, payment {other.reference}",
            got=f"{other.amount:g} {other.currency}", expected=f"payments in {tariff.currency}",
            fix="give a tariff in the currency of the payments",
        )  # fmt: skip
    return Use(
        request.id, request.title, request.organisation, request.state, len(given),
        sum(one.state == "returned" for one in given), len(donors), n_shipments, costs,
        sum(one.amount for one in payments), tuple(request.publication.splitlines()),
    )  # fmt: skip


ACTS = (Act("bank_payment", Pay, pay),)
