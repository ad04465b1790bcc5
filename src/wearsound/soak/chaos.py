"""Breaks what a plan says, when it says it, on a show in its venue. What is in the show breaks by `control`."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wearsound import processes
from wearsound.chance import uniform
from wearsound.osc.bundle import Bundles
from wearsound.soak.plan import Fault, Kind

if TYPE_CHECKING:
    from wearsound.soak.venue import Venue

STEP = 0.02
"""Seconds between two looks of what breaks and mends."""
HAMMER = 0.1
"""Seconds between two strokes of a hand that hammers."""
FLOOD = 100
"""Datagrams a step: some 5,000 a second."""
SLIPS = (
    "glow = [",
    '[[route]]\nfrom = "bas"\nto = "*.glow"\n',
    '[[route]]\nfrom = "bass"\nto = "nowhere.glow"\n',
    "\0\0\0\0",
    'seed = "seven"\n',
    '[[scene]]\nname = "rest"\nfade = -1\n' * 40,
)
"""Ends of a patch that is saved with a slip."""
GARBAGE = (
    b"",
    b"#bundle\0",
    b"/wear\0\0\0,zzz",
    b"\xff" * 64,
    b"#bundle\0\0\0\0\0\0\0\0\0\xff\xff\xff\xfc",
    b"/\0\0\0,i\0\0",
)


class Chaos:
    """Plays `plan` in `venue`: `run` it. [one thread]"""

    def __init__(
        self, venue: Venue, plan: Sequence[Fault], say: Callable[[str], object], seed: int = 0
    ) -> None:
        self._venue, self._plan, self._say, self._seed = venue, plan, say, seed
        self._now: dict[str, Fault] = {}
        self._patch = venue.patch.read_text(encoding="utf-8")
        self._door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._bundles = Bundles()
        self._engine = venue.engine()
        self._strokes = 0
        self._next_stroke = 0.0
        self.begun = 0
        """Faults that have begun."""
        self.crashes = 0
        """How often another engine began."""

    def run(self, look: Callable[[float], None]) -> None:
        """Break and mend everything; `look` is told every STEP how many seconds have passed, and may raise."""
        began = time.monotonic()
        waiting = list(self._plan)
        try:
            while waiting or self._now:
                now = time.monotonic() - began
                for place, fault in list(self._now.items()):
                    if now >= fault.end:
                        del self._now[place]
                        self._mend(fault.kind)
                while waiting and now >= waiting[0].at:
                    fault = waiting.pop(0)
                    self._now[fault.kind.place] = fault
                    self.begun += 1
                    self._say(f"{fault}{self._beside(fault)}")
                    self._break(fault)
                self._keep_on()
                look(now)
                time.sleep(STEP)
        finally:
            for fault in self._now.values():
                self._mend(fault.kind)
            self.tidy()

    def tidy(self) -> None:
        """The performer's hand at rest, as before."""
        for address, value in (
            ("/wear/blackout", 0), ("/wear/freeze", 0), ("/wear/master", 1.0), ("/wear/resume", None),
        ):  # fmt: skip
            for _ in range(3):
                self._send(address, value)

    def record(self, on: bool) -> None:
        """A take begins or ends."""
        self._send("/wear/take/record", int(on))

    def close(self) -> None:
        """Send nothing any more."""
        self._door.close()

    def _beside(self, fault: Fault) -> str:
        others = [each.kind.words for each in self._now.values() if each is not fault]
        return f"; while {', and '.join(others)}" if others else ""

    def _break(self, fault: Fault) -> None:
        venue, kind = self._venue, fault.kind
        match kind.place, kind.name:
            case "patch", "deleted":
                venue.patch.unlink(missing_ok=True)
            case "patch", name:
                venue.patch.write_text(self._saved(name, fault.number), encoding="utf-8")
            case "disk", _:
                self.record(True)
                venue.broken.say("disk", "full")
            case "engine", "killed":
                processes.send(venue.engine(), signal.SIGKILL)
            case "window", name:
                processes.send(venue.window(), signal.SIGKILL if name == "killed" else signal.SIGSTOP)
            case "machine", _:
                venue.stand_still()
            case "hand", "panic":
                venue.send(signal.SIGUSR1)
                venue.hand.panic(time.monotonic())
            case "door" | "hand", _:
                pass  # `_keep_on`
            case _:
                venue.broken.say(kind.place, kind.name)

    def _mend(self, kind: Kind) -> None:
        venue = self._venue
        match kind.place, kind.name:
            case "patch", _:
                venue.patch.write_text(self._patch, encoding="utf-8")
            case "disk", _:
                venue.broken.say("disk", None)
                self.record(False)
            case "window", "stopped":
                processes.send(venue.window(), signal.SIGCONT)
            case "machine", _:
                venue.wake()
            case "hand", "panic":
                venue.hand.resume()
                venue.send(signal.SIGUSR2)
            case "hand", _:
                self.tidy()
            case "window" | "door", _:
                pass
            case "engine", "killed":
                pass
            case _:
                venue.broken.say(kind.place, None)

    def _keep_on(self) -> None:
        """What goes on while a fault lasts."""
        venue = self._venue
        engine = venue.engine()
        if engine != self._engine:
            self._engine = engine
            if engine:
                self.crashes += 1
                venue.hand.wake(time.monotonic())
                venue.broken.say("engine", None)  # it hung once
        if not engine:
            venue.hand.wake(time.monotonic())
        door, hand = self._now.get("door"), self._now.get("hand")
        if door is not None:
            self._flood(door)
        now = time.monotonic()
        if hand is not None and hand.kind.name == "hammers" and now >= self._next_stroke:
            self._next_stroke = now + HAMMER
            self._stroke()

    def _flood(self, fault: Fault) -> None:
        for number in range(FLOOD):
            if fault.kind.name == "garbage":
                data = GARBAGE[number % len(GARBAGE)]
            else:
                data = self._bundles.message(("/wear/param/nothing", (number / FLOOD,)))
            with contextlib.suppress(OSError):
                self._door.sendto(data, ("127.0.0.1", self._venue.door))

    def _stroke(self) -> None:
        self._strokes += 1
        on = self._strokes % 2
        turn = int(3 * uniform(self._seed, "soak hammer", self._strokes // 8))
        address, value = (
            ("/wear/blackout", on),
            ("/wear/master", float(on)),
            ("/wear/freeze", on),
        )[turn]
        self._send(address, value)

    def _saved(self, name: str, number: int) -> str:
        if name == "changed":
            return self._patch.replace("release = ", "release =  ", 1).replace("0.26", "0.3", 1)
        if number % 4 == 0:
            return self._patch[: len(self._patch) // 3]
        return f"{self._patch}\n{SLIPS[number % len(SLIPS)]}"

    def _send(self, address: str, value: float | None) -> None:
        data = self._bundles.message((address, () if value is None else (value,)))
        with contextlib.suppress(OSError):
            self._door.sendto(data, ("127.0.0.1", self._venue.door))
