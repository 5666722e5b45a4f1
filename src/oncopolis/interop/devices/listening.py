"""`Listening`: hears a broker and asks Modbus devices while it is entered, each again when it was away."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Self

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from oncopolis.biobank.watching.readings import Reading
from oncopolis.foundation import InputError
from oncopolis.interop.devices.background import Background
from oncopolis.interop.devices.broker import hear
from oncopolis.interop.devices.settings import Devices, Modbus, Register
from oncopolis.interop.devices.wire import read_message

_ANSWER_S: Final = 3.0  # structure: longest wait for an answer of a device

Take = Callable[[Sequence[Reading]], object]
Park = Callable[[str, str], None]
"""Told what could not be read, and why."""


class Listening:
    """Hears devices in a thread and a loop of its own.

    Parameters
    ----------
    take, park
        Given what was read, and what could not be.
    say
        Told when something comes and goes.
    """

    def __init__(self, devices: Devices, take: Take, park: Park, say: Callable[[str], None]) -> None:
        self._devices, self._take, self._park, self._say = devices, take, park, say
        self._background = Background("devices", self._listen)

    def __enter__(self) -> Self:
        self._background.__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        self._background.__exit__(*told)

    async def _listen(self) -> None:
        async with asyncio.TaskGroup() as group:
            if self._devices.mqtt is not None:
                mqtt = self._devices.mqtt
                read = partial(self._read, mqtt.prefix)
                group.create_task(hear(mqtt, mqtt.client, (f"{mqtt.prefix}/#",), read, self._say))
            for device in self._devices.modbus:
                group.create_task(self._ask(device))

    def _read(self, prefix: str, topic: str, payload: bytes) -> None:
        try:
            self._take([read_message(prefix, topic, payload)])
        except InputError as error:
            self._park(topic, str(error))

    async def _ask(self, device: Modbus) -> None:
        """Ask a device again and again; what it does not answer is silence, which is an alarm."""
        where = f"modbus {device.host}:{device.port}"
        client = AsyncModbusTcpClient(device.host, port=device.port, timeout=_ANSWER_S, reconnect_delay=0)
        was_there: bool | None = None
        try:
            while True:
                is_there = client.connected or await client.connect()
                if is_there:
                    for register in device.registers:
                        is_there = await self._ask_one(client, register) and is_there
                if is_there != was_there:
                    self._say(f"{where}: {'heard' if is_there else 'away or without an answer'}")
                was_there = is_there
                await asyncio.sleep(device.every_s)
        finally:
            client.close()

    async def _ask_one(self, client: AsyncModbusTcpClient, register: Register) -> bool:
        kind = AsyncModbusTcpClient.DATATYPE[register.type.upper()]
        try:
            answer = await client.read_holding_registers(
                register.address, count=kind.value[1], device_id=register.device
            )
        except ModbusException:
            return False
        if answer.isError():
            self._park(f"register {register.address}", str(answer))
            return False
        value = client.convert_from_registers(answer.registers, kind)
        if isinstance(value, int | float):
            self._take([Reading(register.subject, register.kind, value * register.scale)])
        return True
