"""`Resource`: how much is there, who has it, and the areas under what is held."""

from dataclasses import dataclass, field

from oncopolis.twin.kernels.tables import UNIT
from oncopolis.twin.reference.definition import Kind
from oncopolis.twin.reference.people import Entity


@dataclass
class Areas:
    """Integrals over time; amounts in 1/5040 times ticks."""

    held: int = 0
    offered: int = 0
    over: int = 0
    down: int = 0
    waiting: int = 0


@dataclass(eq=False)
class Resource:
    """Units of one kind.

    `capacity` is what is there now, `offered` what is there by plan, without overtime and with broken units.
    """

    number: int
    kind: Kind
    capacity: int = 0
    offered: int = 0
    held: int = 0
    broken: int = 0
    waiting: int = 0
    ends_at: int = 0
    users: list[Entity] = field(default_factory=list)
    """Those who are served by it, the longest first; kept only where it can fail or be taken away."""
    areas: Areas = field(default_factory=Areas)
    known_until: int = 0

    @property
    def free(self) -> int:
        """What could be taken now; below nought where more is held than there is."""
        return self.capacity - self.held

    @property
    def is_over(self) -> bool:
        """Whether none of it is on duty."""
        return self.capacity + self.broken * UNIT <= 0

    def bring_up(self, now: int) -> None:
        """Bring the areas up to now."""
        passed = now - self.known_until
        if passed <= 0:
            return
        offered = max(self.offered, 0)
        self.areas.held += self.held * passed
        self.areas.offered += offered * passed
        self.areas.over += max(self.held - offered, 0) * passed
        self.areas.down += min(self.broken * UNIT, offered) * passed
        self.areas.waiting += self.waiting * passed
        self.known_until = now

    def begin_count(self, now: int) -> None:
        """Forget the areas so far."""
        self.areas = Areas()
        self.known_until = now

    def change(self, now: int, change: int) -> None:
        """Let more or fewer be there."""
        self.bring_up(now)
        self.capacity += change

    def change_offered(self, now: int, change: int) -> None:
        """Let more or fewer be there by plan."""
        self.bring_up(now)
        self.offered += change

    def change_waiting(self, now: int, change: int) -> None:
        """Let more or fewer wait for it."""
        self.bring_up(now)
        self.waiting += change

    def take(self, now: int, amount: int) -> None:
        """Let somebody hold so much more."""
        self.bring_up(now)
        self.held += amount

    def give(self, now: int, amount: int) -> None:
        """Let somebody give so much back."""
        self.take(now, -amount)

    def fail(self, now: int) -> None:
        """Put a unit out of order."""
        self.change(now, -UNIT)
        self.broken += 1

    def repair(self, now: int) -> None:
        """Put a unit back into service."""
        self.change(now, UNIT)
        self.broken -= 1

    def add_user(self, entity: Entity) -> None:
        """List who is served by it."""
        if self.kind.tracked:
            self.users.append(entity)

    def drop_user(self, entity: Entity) -> None:
        """Take somebody off the list."""
        if entity in self.users:
            self.users.remove(entity)

    def hand_over(self, entity: Entity, other: Entity) -> None:
        """Let another take somebody's place."""
        self.users = [other if user is entity else user for user in self.users]
