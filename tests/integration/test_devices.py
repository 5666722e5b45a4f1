"""Sensors heard for real: a broker that is killed and comes back, a Modbus device, and a flood of garbage."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Self

import aiomqtt
import pytest
from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.server import ModbusTcpServer

from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import Reading
from oncopolis.evidence import load_evidence
from oncopolis.foundation import InputError
from oncopolis.interop.devices.listening import Listening
from oncopolis.interop.devices.settings import Devices, find_devices
from oncopolis.interop.devices.wire import read_message
from oncopolis.record.store import open_store
from oncopolis.web.tanks.watcher import MOST_A_SECOND, Watcher

MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
needs_broker = pytest.mark.skipif(not Path(MOSQUITTO).exists(), reason="mosquitto is not installed")


class Ears:
    """Who is told of what was heard."""

    def __init__(self) -> None:
        self.heard: list[Reading] = []
        self.parked: list[tuple[str, str]] = []

    def take(self, readings: Sequence[Reading]) -> None:
        self.heard += readings

    def park(self, where: str, why: str) -> None:
        self.parked.append((where, why))


def wait_for(what: Callable[[], object], within_s: float = 20.0) -> None:
    end = monotonic() + within_s
    while not what():
        assert monotonic() < end, "it did not come"
        sleep(0.05)


def find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def run_broker(folder: Path, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A broker that keeps what it has for those who come back; open to all if nothing more is said."""
    settings = folder / "mosquitto.conf"
    said = more or ("allow_anonymous true",)
    settings.write_text("\n".join([f"listener {port} 127.0.0.1", *said, ""]))
    with subprocess.Popen([MOSQUITTO, "-c", settings], stderr=subprocess.DEVNULL) as broker:
        try:
            wait_for(lambda: _is_open(port))
            yield broker
        finally:
            broker.kill()


def _is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def publish(port: int, *messages: tuple[str, bytes]) -> None:
    async def send() -> None:
        async with aiomqtt.Client("127.0.0.1", port) as client:
            for topic, payload in messages:
                await client.publish(topic, payload, qos=1)

    asyncio.run(send())


@needs_broker
def test_a_broker_that_is_killed_is_heard_again(tmp_path: Path) -> None:
    port, ears, said = find_port(), Ears(), list[str]()
    devices = Devices.model_validate({"mqtt": {"host": "127.0.0.1", "port": port}})
    with Listening(devices, ears.take, ears.park, said.append):
        with run_broker(tmp_path, port):
            wait_for(lambda: said and "heard" in said[-1])
            publish(port, ("oncopolis/T01/temperature", b"-187.5"), ("oncopolis/T01/lid", b"1"))
            wait_for(lambda: len(ears.heard) == 2)
        wait_for(lambda: "away" in said[-1])
        with run_broker(tmp_path, port):
            wait_for(lambda: "heard" in said[-1])
            publish(port, ("oncopolis/T02/level", b'{"value": 0.5, "at_ms": 1800000000000}'))
            wait_for(lambda: len(ears.heard) == 3)
    assert ears.heard == [
        Reading("T01", "temperature", -187.5),
        Reading("T01", "lid", 1.0),
        Reading("T02", "level", 0.5, 1_800_000_000_000),
    ]
    assert not ears.parked


@needs_broker
def test_garbage_is_parked_and_what_follows_is_heard(tmp_path: Path) -> None:
    port, ears, said = find_port(), Ears(), list[str]()
    devices = Devices.model_validate({"mqtt": {"host": "127.0.0.1", "port": port}})
    garbage = [b"", b"\xff\xfe", b"cold", b'{"value": "cold"}', b"[]", b"x" * 5_000]
    with run_broker(tmp_path, port), Listening(devices, ears.take, ears.park, said.append):
        wait_for(lambda: said and "heard" in said[-1])
        messages = [("oncopolis/T01/temperature", one) for one in garbage]
        publish(port, *messages, ("oncopolis/T01/weight", b"1"), ("oncopolis/T01/temperature", b"NaN"))
        wait_for(lambda: ears.heard)
    assert isnan(ears.heard[0].value)
    assert len(ears.parked) == len(garbage) + 1
    assert all("INT-050" in why for _, why in ears.parked)


class Device(Thread):
    """A Modbus TCP device in a thread of its own."""

    def __init__(self, port: int, registers: list[int]) -> None:
        super().__init__()
        self.port, self.registers = port, registers
        self.loop = asyncio.new_event_loop()
        self.server: Any = None

    def run(self) -> None:
        self.loop.run_until_complete(self.serve())

    async def serve(self) -> None:
        block = ModbusSequentialDataBlock(1, self.registers)  # type: ignore[no-untyped-call]
        context = ModbusServerContext(devices=ModbusDeviceContext(hr=block), single=True)
        self.server = ModbusTcpServer(context, address=("127.0.0.1", self.port))
        await self.server.serve_forever()

    def __enter__(self) -> Self:
        self.start()
        wait_for(lambda: _is_open(self.port))
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.shutdown(), self.loop).result(10)
        self.join(10)
        self.loop.close()


def test_a_modbus_device_is_asked_and_one_that_is_away_is_asked_again() -> None:
    port, ears, said = find_port(), Ears(), list[str]()
    registers = [
        {"subject": "T01", "kind": "temperature", "address": 0, "scale": 0.1},
        {"subject": "T01", "kind": "level", "address": 1, "type": "uint16", "scale": 0.001},
    ]
    settings = {"host": "127.0.0.1", "port": port, "every_s": 0.1, "registers": registers}
    devices = Devices.model_validate({"modbus": [settings]})
    with Listening(devices, ears.take, ears.park, said.append):
        wait_for(lambda: said and "away" in said[-1])
        with Device(port, [65_536 - 1_875, 710, 0, 0]):
            wait_for(lambda: len(ears.heard) >= 4)
    assert [(one.subject, one.kind, round(one.value, 3)) for one in ears.heard[:2]] == [
        ("T01", "temperature", -187.5),
        ("T01", "level", 0.71),
    ]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("other/T01/temperature", b"1"), ("oncopolis/T01", b"1"), ("oncopolis//temperature", b"1"),
        ("oncopolis/../temperature", b"1"), ("oncopolis/T01/temperature", b'{"value": 1, "at_ms": "now"}'),
        ("oncopolis/T01/temperature", b'{"value": 1, "at_ms": true}'),
    ],
)  # fmt: skip
def test_what_is_no_reading_is_refused(topic: str, payload: bytes) -> None:
    with pytest.raises(InputError, match="INT-050"):
        read_message("oncopolis", topic, payload)


def test_settings_that_cannot_be_used_name_their_line(tmp_path: Path) -> None:
    assert find_devices(tmp_path) is None
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "settings.yaml").write_text("mqtt:\n  host: broker\n  port: 99999\n")
    with pytest.raises(InputError, match="INT-051"):
        find_devices(tmp_path)


def test_an_alarm_comes_within_five_seconds_and_a_flood_is_counted(tmp_path: Path) -> None:
    rows = load_evidence().rows
    limits = read_limits(lambda key: float(rows[key].value or 0))
    with open_store(f"sqlite:///{tmp_path / 'tanks.db'}") as store:
        told: list[float] = []
        with Watcher(store, [("T01", "temperature")], limits) as watcher:
            watcher.listen(lambda _: told.append(monotonic()))
            watcher.take([Reading("T02", "level", 0.9)] * 1_000)
            begun = monotonic()
            watcher.take([Reading("T01", "temperature", -120.0)])
            wait_for(lambda: told, 5.0)
            look = watcher.look()
        assert told[0] - begun < 5.0
        assert {one.key for one in look.alarms} == {"too-warm:T01", "unread:intake"}
        assert look.counts["flood"] + look.counts["taken"] == 1_001
        assert look.counts["taken"] <= 2 * MOST_A_SECOND + 1
        with Watcher(store, [("T01", "temperature")], limits) as again:
            assert {one.key for one in again.look().alarms} >= {"too-warm:T01", "unread:intake"}
