"""Anything in any order: specimens stay accounted for, amounts add up, and the chain of custody holds."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from tests.banks import ANNA, BEK, KIM, NOON_MS, act, keep, make_donor, make_room

from oncopolis.biobank.inventory.checking import verify
from oncopolis.biobank.performing import Bank
from oncopolis.foundation import OncopolisError
from oncopolis.record import Who
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store import open_store

BOXES = ("T1-B1", "T1-B2", "T2-B1", "T2-B2")
POSITIONS = ("A1", "A2", "A3", "B1", "B2", "B3")


class Biobank(RuleBasedStateMachine):
    """Beside the bank, what must never happen is remembered: who withdrew, what left, what was destroyed."""

    barcodes = Bundle("barcodes")
    requests = Bundle("requests")

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        self.store = open_store(f"sqlite:///{Path(self.folder.name) / 'bank.db'}?synchronous=OFF")
        keep(self.store, [*make_room(), make_donor(1), make_donor(2)])
        self.bank, self.n, self.n_tissues = Bank(self.store), 0, 0
        self.collected: dict[str, int] = {}
        self.used: dict[str, int] = {}
        self.withdrawn: set[int] = set()
        self.done("bank_form", name="f", version=1, scopes=["research"], digest="0" * 64, from_ms=0)
        for donor in ("D0001", "D0002"):
            self.done("bank_consent", pseudonym=donor, form="f", version=1, scopes=["research"])

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    def done(self, act_name: str, /, who: Who = ANNA, **said: Any) -> dict[str, Any] | None:
        """Do an act; None if it was refused."""
        self.n = getattr(self, "n", 0) + 1
        try:
            return self.bank.perform(act_name, said, act(who), at_ms=NOON_MS + self.n * 60_000).result()
        except OncopolisError:
            return None

    def get(self, barcode: str) -> Specimen:
        found = self.bank.ask(lambda books: books.find_specimen(barcode))
        assert found is not None
        return found

    @rule(target=barcodes, donor=st.sampled_from(["D0001", "D0002"]), amount=st.integers(1, 50))
    def collect(self, donor: str, amount: int) -> Any:
        self.n_tissues += 1
        barcode = f"T{self.n_tissues}"
        if not self.done(
            "bank_collect", barcode=barcode, pseudonym=donor, kind="TIS", site="C50", amount=amount, unit="mg"
        ):
            return multiple()
        self.collected[barcode] = amount * 1_000
        self.done("bank_review", barcode=barcode, verdict="surplus")
        return barcode

    @rule(target=barcodes, parent=barcodes, amounts=st.lists(st.integers(1, 30), min_size=1, max_size=3))
    def divide(self, parent: str, amounts: list[int]) -> Any:
        names = [f"{parent}.{self.n}.{i}" for i in range(len(amounts))]
        parts = [{"barcode": name, "amount": n, "unit": "mg"} for name, n in zip(names, amounts, strict=True)]
        left = self.get(parent).remaining
        told = self.done("bank_divide", parent=parent, parts=parts)
        assert told is None or sum(amounts) * 1_000 <= left
        return multiple(*names) if told else multiple()

    @rule(barcode=barcodes, box=st.sampled_from(BOXES), position=st.sampled_from(POSITIONS))
    def place(self, barcode: str, box: str, position: str) -> None:
        self.done("bank_place", barcode=barcode, box=box, position=position)

    @rule(barcode=barcodes)
    def take(self, barcode: str) -> None:
        donor = self.get(barcode).donor
        assert not (self.done("bank_take", barcodes=[barcode]) and donor in self.withdrawn)

    @rule(barcode=barcodes, amount=st.integers(1, 20))
    def use(self, barcode: str, amount: int) -> None:
        if self.done("bank_use", barcode=barcode, amount=amount, unit="mg", reason="RNA"):
            root = barcode.split(".", maxsplit=1)[0]
            self.used[root] = self.used.get(root, 0) + amount * 1_000

    @rule(tank=st.sampled_from(["T1", "T2"]))
    def evacuate(self, tank: str) -> None:
        self.done("bank_begin_evacuation", tank=tank)
        self.done("bank_carry", tank=tank, n=1)

    @rule(tank=st.sampled_from(["T1", "T2"]))
    def open_again(self, tank: str) -> None:
        self.done("bank_cancel_evacuation", tank=tank)
        self.done("bank_open_tank", tank=tank, inspection="vacuum holds")

    @rule(rack=st.sampled_from(["T1-R1", "T2-R1"]), tank=st.sampled_from(["T1", "T2"]))
    def move_rack(self, rack: str, tank: str) -> None:
        self.done("bank_move_container", name=rack, parent=tank)

    @rule(target=requests, n=st.integers(1, 3))
    def request(self, n: int) -> Any:
        told = self.done(
            "bank_request", title="t", applicant="a", organisation="o", scopes=["research"],
            criteria={"kinds": ["TIS"]}, n_wanted=n,
        )  # fmt: skip
        assert told is not None
        verdict = {"verdict": "approved", "reason": "r", "mta": "m"}
        self.done("bank_decide_request", who=KIM, request=told["request"], **verdict)
        return told["request"] if self.done("bank_select", request=told["request"]) else multiple()

    @rule(request=requests, barcode=barcodes)
    def pick(self, request: int, barcode: str) -> None:
        donor = self.get(barcode).donor
        assert not (self.done("bank_pick", request=request, barcode=barcode) and donor in self.withdrawn)

    @rule(request=requests, both=st.booleans())
    def release(self, request: int, both: bool) -> None:
        for line in self.bank.ask(lambda books: books.list_picks(request)):
            barcode = self.bank.ask(lambda books, id_=line.specimen: books.get_specimens([id_])[id_]).barcode  # type: ignore[misc]
            self.done("bank_pick", request=request, barcode=barcode)
        self.done("bank_sign_release", request=request)
        assert self.done("bank_sign_release", request=request) is None
        before = self.withdrawn
        told = self.done("bank_sign_release", who=BEK, request=request) if both else None
        if told:
            gone = self.bank.ask(lambda books: books.list_picks(request))
            issued = [one.specimen for one in gone if one.state == "issued"]
            donors = {one.donor for one in self.bank.ask(lambda books: books.get_specimens(issued)).values()}
            assert not donors & before

    @rule(barcode=barcodes, request=requests)
    def bring_back(self, barcode: str, request: int) -> None:
        self.done("bank_return", request=request, barcode=barcode)

    @rule(donor=st.sampled_from([1, 2]))
    def withdraw(self, donor: int) -> None:
        if self.done("bank_withdraw", pseudonym=f"D{donor:04d}"):
            self.withdrawn.add(donor)

    @rule(barcode=consumes(barcodes))
    def destroy(self, barcode: str) -> None:
        self.done("bank_ask_destruction", barcodes=[barcode], reason="spoilt")
        for task in self.bank.ask(lambda books: books.list_tasks(["open"], 5)):
            self.done("bank_sign_destruction", task=task.id)
            assert self.done("bank_sign_destruction", task=task.id) is None
            self.done("bank_sign_destruction", who=BEK, task=task.id)

    @invariant()
    def nothing_is_amiss(self) -> None:
        if hasattr(self, "store"):
            assert self.store.ask(verify).findings == ()

    @invariant()
    def nothing_is_lost(self) -> None:
        """What was collected is left, was used, or went with what was destroyed."""
        if not hasattr(self, "store"):
            return
        for tissue, amount in self.collected.items():
            root = self.get(tissue).id
            tree = self.bank.ask(lambda books, id_=root: books.list_tree(id_))  # type: ignore[misc]
            destroyed = [one for one in tree if one.holder.startswith("destroyed")]
            left = sum(one.remaining for one in tree)
            assert left + self.used.get(tissue, 0) <= amount
            if not destroyed:
                assert left + self.used.get(tissue, 0) == amount


Biobank.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestBiobank = Biobank.TestCase
