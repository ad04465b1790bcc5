"""One night in the venue: every fault once, and of each what was seen, as lines of JSON.

    unshare -nm python -m benchmarks.fault_night '{"long": false, "only": []}'

`benchmarks.faults` starts it so, and makes the table.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.fault_room import FAR, Room, sh

DARK = 1.1
"""Seconds within which a panic must be dark."""
SETTLES = 8.0
"""Seconds that threads and descriptors may take to be as before."""
ALONE = 3.0
"""Seconds of what was wrong from the start in which nothing else lasts for long."""
MIB = 8.0
"""By how much its memory may differ."""
CODE = re.compile(r"\bWS-[A-Z]\d\d\b")


@dataclass(slots=True)
class Seen:
    """What was seen of one fault. Seconds are infinite (null in JSON) where it did not happen.

    `noticed`: from the fault to its line in the log; `gap`: the longest wait for light at a receiver that was not cut
    off; `dark`: from a panic during the fault to darkness there; `back`: from when the cause was gone to when the show
    had what it missed; `lines` in the log on entry, `backs` on recovery; `more`: of what the show has more than before.
    """

    what: str
    code: str = ""
    noticed: float = math.inf
    gap: float = math.inf
    dark: float = math.inf
    back: float = math.inf
    lines: int = 0
    backs: int = 0
    said: tuple[str, ...] = ()
    more: dict[str, float] | None = None
    lives: bool = False


class Night:
    """Each method is a fault and gives what was seen; `long`: it lasts as long as faults do, not only as they must."""

    def __init__(self, room: Room, long: bool) -> None:
        self.room = room
        self.long = long
        self.bright = 0
        self.looking: list[threading.Thread] = []
        self.has: dict[str, float] = {}
        self.brought = 0
        """Sockets that it has since it got what it missed from the start."""

    def level(self, name: str = "near") -> int:
        """The brightest byte of the newest frame at a receiver."""
        packets = getattr(self.room, name).packets
        return max(packets[-1][1][10:], default=0) if packets else 0

    def lit(self, name: str, since: float) -> bool:
        """Whether something has come there since, and is bright."""
        packets = getattr(self.room, name).packets
        return bool(packets) and packets[-1][0] > since and self.level(name) > 0.8 * self.bright

    def suffer(
        self,
        what: str,
        break_: Callable[[], object],
        mend: Callable[[], object],
        there: Callable[[float], bool],
        *,
        entry: str = "",
        over: str = "",
        stays: float = 1.0,
        hand: bool = True,
        tidy: Callable[[], object] = lambda: None,
        patience: float = 20.0,
    ) -> Seen:
        """Break something, look, mend it, look: `there(since)` is whether the show has again what it missed.

        `entry` and `over` are patterns of the log's lines, "" where there need be none; `tidy` ends what was begun to
        see whether it is there.
        """
        room, seen = self.room, Seen(what)
        mark, began = len(room.said()), time.monotonic()
        break_()
        if entry:
            room.until(lambda: re.search(entry, room.said(mark)), 6.0)
            if re.search(entry, room.said(mark)):
                seen.noticed = time.monotonic() - began
        if hand:
            seen.dark = self.panic()
        time.sleep(max(0.0, began + stays - time.monotonic()))
        mended = time.monotonic()
        mend()
        if room.until(lambda: there(mended), patience):
            seen.back = time.monotonic() - mended
        if over:
            room.until(lambda: re.search(over, room.said(mark)), 3.0)
        ended = time.monotonic()
        times = [when for when, _ in room.near.packets if began - 0.1 <= when <= ended]
        seen.gap = float(np.diff([*times, ended]).max()) if times else math.inf
        tidy()
        seen.more = self.more()
        self.read(seen, room.said(mark).splitlines(), entry, over)
        return seen

    def aside(
        self,
        what: str,
        mend: Callable[[], object],
        there: Callable[[float], bool],
        *,
        entry: str = "",
        over: str = "",
        sockets: int = 0,
        patience: float = 70.0,
    ) -> Seen:
        """The same of what was wrong when the show began; looked at on a thread while other things break.

        `sockets`: how many it has more when it is over.
        """
        room, seen = self.room, Seen(what, more={})

        def look() -> None:
            if room.until(lambda: there(mended), patience):
                seen.back = time.monotonic() - mended
                self.has["descriptors"] += sockets
                self.brought += sockets
            ended = time.monotonic()
            ended = min(ended, mended + ALONE)  # what comes later may be another fault's
            times = [when for when, _ in room.near.packets if mended - 1.0 <= when <= ended]
            seen.gap = float(np.diff([*times, ended]).max()) if times else math.inf
            if over:
                room.until(lambda: re.search(over, room.said()), 3.0)
            self.read(seen, room.said().splitlines(), entry, over)

        mended = time.monotonic()
        mend()
        self.looking.append(threading.Thread(target=look))
        self.looking[-1].start()
        return seen

    def read(self, seen: Seen, lines: list[str], entry: str, over: str) -> None:
        """What the log says of it."""
        begun = [line for line in lines if entry and re.search(entry, line)]
        ended = [line for line in lines if over and re.search(over, line)]
        seen.lines, seen.backs, seen.said = len(begun), len(ended), tuple(lines[:20])
        code = CODE.search(begun[0]) if begun else None
        seen.code = code[0] if code else ""
        seen.lives = self.room.process.poll() is None

    def settle(self, seconds: float = 1.5, patience: float = 15.0) -> None:
        """Remember what the engine has, once that has stood still for a while."""
        end = time.monotonic() + patience
        self.has, since = self.room.size(), time.monotonic()
        while time.monotonic() - since < seconds and time.monotonic() < end:
            time.sleep(0.1)
            now = self.room.size()
            if self.grown(now, 1.0):
                self.has, since = now, time.monotonic()

    def grown(self, now: dict[str, float], mib: float = MIB) -> dict[str, float]:
        """What there is more of than is remembered."""
        more = {key: round(now[key] - self.has[key], 1) for key in now}
        return {key: value for key, value in more.items() if value > (mib if key == "MiB" else 0)}

    def more(self) -> dict[str, float]:
        """What the engine has more than before, nothing where all is as it was; what it has now is remembered."""
        end = time.monotonic() + SETTLES
        while (found := self.grown(now := self.room.size())) and time.monotonic() < end:
            time.sleep(0.1)
        self.has = now
        return found

    def panic(self) -> float:
        """Seconds to darkness; then it is resumed, and bright or dim again."""
        room, began = self.room, time.monotonic()
        room.send(signal.SIGUSR1)
        dark = room.until(lambda: self.level() == 0, 3.0)
        took = time.monotonic() - began if dark else math.inf
        room.send(signal.SIGUSR2)
        room.until(lambda: self.level() > 0, 3.0)
        return took

    # Sound

    def unloaded(self) -> Seen:
        """The sound card is unplugged (PulseAudio's module unloaded)"""
        sink = self.room.sink

        def back() -> None:
            sink.load()
            self.room.tone()

        return self.suffer(
            self.unloaded.__doc__ or "", sink.unload, back, lambda since: self.lit("near", since),
            entry="is gone", over="WS-A01 is over", stays=6.0 if self.long else 1.0,
        )  # fmt: skip

    def killed(self) -> Seen:
        """The sound server is killed and started again"""
        sink = self.room.sink

        def back() -> None:
            sink.start()
            self.room.tone()

        return self.suffer(
            self.killed.__doc__ or "", lambda: sink.send(signal.SIGKILL), back,
            lambda since: self.lit("near", since),
            entry="is gone", over="WS-A01 is over", stays=10.0 if self.long else 1.0,
        )  # fmt: skip

    def frozen(self) -> Seen:
        """The sound server is frozen (SIGSTOP) and goes on"""
        sink = self.room.sink
        return self.suffer(
            self.frozen.__doc__ or "", lambda: sink.send(signal.SIGSTOP), lambda: sink.send(signal.SIGCONT),
            lambda since: self.lit("near", since),
            entry="is gone", over="WS-A01 is over", stays=12.0 if self.long else 2.5,
        )  # fmt: skip

    # Network

    def cable(self) -> Seen:
        """A network cable is pulled (ip link down) and put back"""
        room = self.room

        def up() -> None:
            room.there("ip", "link", "set", "farb", "up")

        return self.suffer(
            self.cable.__doc__ or "", lambda: room.there("ip", "link", "set", "farb", "down"), up,
            lambda since: self.lit("far", since), entry="far.*being lost", over="WS-N16 is over",
        )  # fmt: skip

    def adapter(self) -> Seen:
        """A network adapter is pulled out (deleted) and put back (made anew)"""
        return self.suffer(
            self.adapter.__doc__ or "", lambda: sh("ip", "link", "del", "fara"),
            lambda: self.room.plug("far", FAR),
            lambda since: self.lit("far", since), entry="far.*being lost", over="WS-N16 is over",
        )  # fmt: skip

    def vanished(self) -> Seen:
        """A light controller vanishes: its port is closed (ECONNREFUSED), then open again"""
        from tests.receivers import Listener

        room, port = self.room, self.room.far.port

        def back() -> None:
            room.far = Listener(port, f"{FAR}.1")

        return self.suffer(
            self.vanished.__doc__ or "", room.far.close, back, lambda since: self.lit("far", since)
        )

    # Wrong from the start: mended at once, and looked at while the others come

    def name(self) -> Seen:
        """A controller's name is not answered at the start, then it is"""
        return self.aside(
            self.name.__doc__ or "", lambda: setattr(self.room.names, "speaks", True),
            lambda since: self.lit("late", since), entry="no host called", over="WS-N24 is over", sockets=1,
        )  # fmt: skip

    def port(self) -> Seen:
        """The OSC port is taken at the start, then free"""
        room = self.room

        def mend() -> None:
            room.free_port()

        return self.aside(
            self.port.__doc__ or "", mend, lambda since: "listening on" in room.said(),
            entry="is taken by", over="WS-O30 is over", sockets=1,
        )  # fmt: skip

    def state(self) -> Seen:
        """State and configuration folders are read-only at the start, then not"""
        room, patch = self.room, self.room.folder / "steady.toml"

        def mend() -> None:
            sh("mount", "-o", "remount,rw", room.state)
            patch.write_text(patch.read_text().replace("release = 0.3", "release = 0.25"))

        return self.aside(self.state.__doc__ or "", mend, lambda since: any(room.state.rglob("steady.toml")))

    # Disk

    def full(self) -> Seen:
        """The disk is full while a take is recorded; then there is room, and a take begins"""
        room = self.room
        filler, mark = room.disk / "filler", len(room.said())

        def fill() -> None:
            room.until(lambda: "listening on" in room.said(), 15.0)
            room.say(b"/wear/take/record", 1)
            room.until(lambda: "recording" in room.said(mark), 5.0)
            room.until(
                lambda: any(part.stat().st_size > 100_000 for part in room.disk.glob("*.part/lanes.wav")), 5.0
            )
            fill_up(filler)

        def empty() -> None:
            filler.unlink()
            room.say(b"/wear/take/record", 0)
            time.sleep(0.5)  # of a switch the last value counts

        return self.suffer(
            self.full.__doc__ or "", fill, empty, lambda since: self.recorded(mark, 2),
            entry="no space left", over="WS-D42 is over", tidy=self.end_take, patience=10.0,
        )  # fmt: skip

    def recorded(self, mark: int, times: int) -> bool:
        """Ask for a take; whether so many have begun since a place in the log."""
        self.room.say(b"/wear/take/record", 1)
        time.sleep(0.2)
        return self.room.said(mark).count("recording ") >= times

    def end_take(self) -> None:
        """No take is recorded any more, and none is left."""
        mark = len(self.room.said())
        self.room.say(b"/wear/take/record", 0)
        self.room.until(lambda: " events" in self.room.said(mark), 3.0)
        for take in self.room.disk.glob("take-*"):
            shutil.rmtree(take, ignore_errors=True)

    def picture(self) -> Seen:
        """The disk is full when a screenshot is asked for; then there is room"""
        room, filler = self.room, self.room.disk / "filler"
        env = {**os.environ, "DISPLAY": room.display.name}

        def press() -> None:
            subprocess.run(["xdotool", "key", "s"], env=env, check=True, timeout=20)

        def fill() -> None:
            fill_up(filler)
            press()

        def empty() -> None:
            filler.unlink()
            press()

        return self.suffer(
            self.picture.__doc__ or "", fill, empty,
            lambda since: any(png.stat().st_size > 500 for png in room.disk.glob("wearsound-*.png")),
        )  # fmt: skip

    def descriptors(self) -> Seen:
        """No file can be opened any more (ulimit -n), then again"""
        room, pid, mark = self.room, self.room.engine(), len(self.room.said())
        whole = resource.prlimit(pid, resource.RLIMIT_NOFILE)

        def break_() -> None:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, whole[1]))  # what is open stays so
            room.say(b"/wear/take/record", 1)

        def mend() -> None:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, whole)
            room.say(b"/wear/take/record", 0)
            time.sleep(0.5)

        return self.suffer(
            self.descriptors.__doc__ or "", break_, mend, lambda since: self.recorded(mark, 1),
            tidy=self.end_take, patience=10.0,
        )  # fmt: skip

    # The machine

    def asleep(self) -> Seen:
        """The whole show stands still (SIGSTOP, a laptop's lid) and goes on"""
        room = self.room

        def all_(number: signal.Signals) -> None:
            for pid in room.all():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)

        seen = self.suffer(
            self.asleep.__doc__ or "", lambda: all_(signal.SIGSTOP), lambda: all_(signal.SIGCONT),
            lambda since: self.lit("near", since), stays=30.0 if self.long else 10.0, hand=False,
        )  # fmt: skip
        seen.gap = seen.back  # nobody can send while he does not run
        seen.dark = self.panic()
        return seen

    def crashed(self) -> Seen:
        """The engine is killed (SIGKILL), as by the system"""
        room = self.room
        seen = self.suffer(
            self.crashed.__doc__ or "", lambda: os.kill(room.engine(), signal.SIGKILL), lambda: None,
            lambda since: self.lit("near", since + 0.05),
            entry="WS-E", over="WS-E01 is over", stays=0.0, hand=False,
        )  # fmt: skip
        seen.back = seen.gap  # from the last frame of the one to the first of the other
        seen.dark, seen.more = self.panic(), {}  # another process is not the one before
        return seen

    def busy(self) -> Seen:
        """Two programs take every core"""
        hogs: list[subprocess.Popen[bytes]] = []

        def start() -> None:
            for _ in range(os.cpu_count() or 2):
                hogs.append(subprocess.Popen([sys.executable, "-c", "while True: pass"]))

        def stop() -> None:
            for hog in hogs:
                hog.kill()
                hog.wait()

        return self.suffer(
            self.busy.__doc__ or "", start, stop, lambda since: self.lit("near", since),
            stays=20.0 if self.long else 2.0,
        )  # fmt: skip

    def clocks(self) -> Seen:
        """The wall clock jumps a year ahead, and then to 1970 (imitated in the show's processes)"""
        room = self.room

        def jump(seconds: float) -> None:
            room.clock.write_text(str(seconds))

        def back() -> None:
            jump(-time.time())
            threading.Event().wait(0.5)
            jump(0)

        return self.suffer(
            self.clocks.__doc__ or "", lambda: jump(365 * 86_400), back,
            lambda since: self.lit("near", since),
        )  # fmt: skip

    def display(self) -> Seen:
        """The display goes away (Xvfb killed) and comes back"""
        room = self.room
        return self.suffer(
            self.display.__doc__ or "", room.display.kill, room.display.back,
            lambda since: "the window is back" in room.said() and room.health(since)[0] > 1.0,
            entry="window ended by itself", over="WS-W46 is over", stays=6.0 if self.long else 1.0, patience=40.0,
        )  # fmt: skip


def fill_up(file: Path) -> None:
    """Until its disk is full."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while out.write(bytes(size)) == size:
                    pass


ORDER = (
    "port", "name", "state", "unloaded", "killed", "frozen", "cable", "adapter", "vanished", "full", "picture",
    "descriptors", "crashed", "busy", "clocks", "display", "asleep",
)  # fmt: skip
"""What is wrong from the start comes first."""
ASIDE = ("port", "name", "state")
"""Of these it is only looked when they are over."""
LONG = ("state", "crashed", "busy", "clocks")
"""Not in the tests, for their time; a crash has tests of its own."""


def main(wanted: dict[str, object]) -> None:
    """All faults, or `only` some; a line of JSON each, at once."""
    long = bool(wanted.get("long"))
    only = wanted.get("only") or [name for name in ORDER if long or name not in LONG]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        room = Room(folder, stack)
        room.begin()
        night = Night(room, long)
        room.until(lambda: night.level() > 100 and (room.window() and room.health()[0] > 1.0), 30.0)
        night.bright = night.level()
        night.settle(2.0)
        before, found = dict(night.has), []
        for name in ORDER:
            if name in only:  # type: ignore[operator]
                found.append((name, getattr(night, name)()))
                print(name, found[-1][1].back, file=sys.stderr, flush=True)
        for looking in night.looking:
            looking.join()
        for name, seen in found:
            print(json.dumps({"name": name, **asdict(seen)}).replace("Infinity", "null"))
        night.has = before | {"descriptors": before["descriptors"] + night.brought}
        more = night.more()
        room.send(signal.SIGTERM)
        left = room.process.wait(20)
        print(
            json.dumps(
                {"name": "left", "code": left, "bright": night.bright, "more": more, "all": room.said()}
            ),
            flush=True,
        )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]) if len(sys.argv) > 1 else {})
