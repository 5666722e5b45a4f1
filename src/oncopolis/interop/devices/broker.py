"""Hearing a broker: again and again when it was away, which keeps for us what came meanwhile."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Final

import aiomqtt

from oncopolis.interop.devices.settings import Mqtt

PASSWORD: Final = "ONCOPOLIS_MQTT_PASSWORD"  # noqa: S105 - the name of a variable
AGAIN_S: Final = 1.0  # seconds before something that was away is tried again
_MOST_WAITING: Final = 10_000  # structure: messages that wait to be read

Read = Callable[[str, bytes], None]
"""Given a topic and what came; it has to be quick."""


async def hear(
    mqtt: Mqtt, name: str, topics: Sequence[str], read: Read, say: Callable[[str], None]
) -> None:  # fmt: skip
    """Hear topics until cancelled (quality of service 1).

    Parameters
    ----------
    name
        Ours at the broker, under which it keeps what comes while we are away.
    say
        Told when the broker comes and goes.
    """
    where = f"mqtt {mqtt.host}:{mqtt.port}"
    was_there = True
    while True:
        try:
            async with aiomqtt.Client(
                mqtt.host, mqtt.port, username=mqtt.user, password=_read_password(mqtt),
                tls_context=None if mqtt.tls is None else mqtt.tls.make_context(),
                identifier=name, clean_session=False, max_queued_incoming_messages=_MOST_WAITING,
            ) as broker:  # fmt: skip
                for topic in topics:
                    await broker.subscribe(topic, qos=1)
                say(f"{where}: heard")
                was_there = True
                async for message in broker.messages:
                    read(str(message.topic), message.payload)
        except (aiomqtt.MqttError, OSError) as error:  # OSError: a file was taken away.
            if was_there:
                say(f"{where}: away ({error}); tried again every second")
            was_there = False
        await asyncio.sleep(AGAIN_S)


def _read_password(mqtt: Mqtt) -> str | None:
    if mqtt.password_file is None:
        return os.environ.get(PASSWORD)
    return mqtt.password_file.read_text("utf-8", "replace").partition("\n")[0].rstrip("\r")
