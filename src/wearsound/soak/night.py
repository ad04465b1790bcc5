"""One soak from its beginning to its verdict: warm up, watch, break, see whether it lives."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wearsound.errors import WearsoundError
from wearsound.processes import Size
from wearsound.soak.book import Breach
from wearsound.soak.chaos import Chaos
from wearsound.soak.ears import Ears
from wearsound.soak.outcome import Judged, Outcome, lasts
from wearsound.soak.plan import draw
from wearsound.soak.steady import Steady
from wearsound.soak.venue import Venue

BEGINS = 90.0
"""Seconds in which a show must play."""
WARM, WARM_SHARE, WARM_LEAST = 600.0, 0.2, 10.0
"""Seconds before anything is measured, of a short soak its share, and the least: caches fill, a spare process comes."""
NAPS, NAP = 2, 2.0
"""How often, and for how many seconds, the show stands still while it warms up: making up for it takes more memory than
anything before, once, and would look like growth where a machine does that to it in the middle of the night."""
FEW, OFTEN, SELDOM = 600, 0.5, 10.0
"""So many looks at its size, and the seconds between two at the least and at the most."""
BACK = 90.0
"""Seconds after the last fault in which everything must be back: what broke often is tried again within a minute."""
TAKES = 4.0
"""Seconds between a take's beginning and its end at the last: the recorder rests for 2 after one."""
MOST = 5000
"""Lines of the log that are kept."""
REMEMBERED = "WS-A11"
"""That the machine was too slow is told for a minute after: nothing is late any more, and the show lives."""
STANDS = 3.0
LULL = 20.0
"""Seconds for which light may be the same, and motors and loudspeakers still, in music."""


@dataclass(frozen=True, slots=True)
class Night:
    """What was seen: the `steady` part and the `chaos`, None where there was none, and what was `judged` of both;
    `title` of the show."""

    title: str
    steady: Steady | None
    chaos: Outcome | None
    judged: Judged
    log: str
    """What the show said, from its beginning to its end."""

    @property
    def faults(self) -> list[str]:
        """What is wrong, a sentence each."""
        parts = (self.steady, self.chaos, self.judged)
        found = [said for part in parts if part is not None for said in part.faults()]
        return found if self.chaos is None else [f"{said}; {self.chaos.again}" for said in found]

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "title": self.title,
            "good": not self.faults,
            "faults": self.faults,
            "steady": self.steady.as_json() if self.steady is not None else None,
            "chaos": self.chaos.as_json() if self.chaos is not None else None,
            "judged": self.judged.as_json(),
        }


def soak(
    patch: str | None,
    hours: float,
    *,
    chaos: int = 0,
    seed: int = 0,
    window: bool = True,
    say: Callable[[str], object] = print,
    progress: Callable[[float], None] = lambda share: None,
) -> Night:
    """Play `patch` (None: bass-denim with a soundscape) for `hours`, then break it `chaos` times. [main thread]

    `progress` is told the share that is done, 0..1, and may raise. PatchError where it cannot be played,
    WearsoundError where the show does not begin.
    """
    with tempfile.TemporaryDirectory(prefix="wearsound-", ignore_cleanup_errors=True) as name, Ears() as ears:
        with Venue(Path(name), ears, patch) as venue:
            venue.begin(window=window)
            watch = _Watch(venue, ears, window, 3600 * hours, progress)
            watch.begins()
            steady = watch.steady(3600 * hours) if hours else None
            outcome = watch.chaos(chaos, seed, say) if chaos else None
        ears.close()
        if ears.error is not None:
            raise WearsoundError(
                f"the judge broke ({ears.error!r}), so nothing is proved; tell us"
            ) from ears.error
        return Night(venue.show.patch.title, steady, outcome, watch.judged(), venue.tail(MOST))


class _Watch:
    """Looks at a show from outside. [one thread]"""

    def __init__(
        self, venue: Venue, ears: Ears, window: bool, seconds: float, progress: Callable[[float], None]
    ) -> None:
        self._venue, self._ears, self._window = venue, ears, window
        self._progress = progress
        self._whole = seconds
        self._done = 0.0
        self._began = time.monotonic()

    def begins(self) -> None:
        """Wait until everything plays."""
        missing, _ = self._until_live(BEGINS)
        if missing:
            raise WearsoundError(
                f"the show did not begin within {BEGINS:.0f} s: {'; '.join(missing)}; it said: {self._venue.tail()}"
            )

    def steady(self, seconds: float) -> Steady:
        """Warm up, and measure for the rest of `seconds`."""
        venue = self._venue
        warm = min(WARM, max(WARM_LEAST, WARM_SHARE * seconds))
        for _ in range(NAPS):
            self._wait(warm / (NAPS + 1) - NAP)
            self._nap()
        self._wait(warm / (NAPS + 1))
        lines, octets = venue.said()
        began = time.monotonic()
        step = min(SELDOM, max(OFTEN, (seconds - warm) / FEW))
        sizes: list[Size] = []
        while (now := time.monotonic()) < began + seconds - warm or len(sizes) < 3:
            sizes.append(venue.size())
            self._wait(max(0.05, min(step, began + seconds - warm - now)))
        lines_after, octets_after = venue.said()
        taken = time.monotonic() - began
        return Steady(warm, taken, tuple(sizes), lines_after - lines, octets_after - octets)

    def _nap(self) -> None:
        """As on a machine that sleeps for a moment."""
        self._venue.stand_still()
        try:
            self._wait(NAP)
        finally:
            self._venue.wake()

    def chaos(self, count: int, seed: int, say: Callable[[str], object]) -> Outcome:
        """Break `count` things and see what becomes of it."""
        venue = self._venue
        plan = draw(count, seed, window=self._window, sound=venue.show.patch.soundscape is not None)
        self._whole += lasts(plan)
        lines, began = venue.said()[0], time.monotonic()
        director = Chaos(venue, plan, say, seed)
        done = self._done
        try:
            director.run(lambda now: self._look(done + now))
            seconds = time.monotonic() - began
            self._tidy(director)
        except _Ended:
            seconds = time.monotonic() - began
        finally:
            director.close()
        missing, last = self._until_live(BACK)
        back = math.inf if missing else time.monotonic() - began - seconds
        lines = venue.said()[0] - lines
        return Outcome(
            tuple(plan),
            seed,
            director.begun,
            seconds,
            director.crashes,
            back,
            tuple(missing),
            "; ".join(last),
            lines,
        )

    def judged(self) -> Judged:
        """What the judge saw, once the ears are closed."""
        book = self._venue.book
        return Judged(
            dict(book.worst),
            tuple(Breach(each.when - self._began, each.limit, each.said) for each in book.breaches),
            book.broken,
            dict(self._ears.told.codes),
            self._venue.light.frames,
            self._venue.light.torn,
            self._venue.sound.missing,
        )

    def _tidy(self, director: Chaos) -> None:
        """A take begins on a disk that has room, and ends: that ends what the full disk began."""
        end = time.monotonic() + BACK / 3
        while any("WS-D" in fault for fault in self._ears.told.faults(time.monotonic())):
            for on in (True, False):
                director.record(on)
                self._wait(TAKES / 2)
            if time.monotonic() > end:
                return

    def _until_live(self, seconds: float) -> tuple[list[str], list[str]]:
        """What it lacks when it has everything, or after `seconds`; and what it lacked last."""
        end = time.monotonic() + seconds
        last: list[str] = []
        while (missing := self._missing(time.monotonic())) and time.monotonic() < end:
            last = missing
            if self._venue.code is not None:
                break
            time.sleep(0.1)
        return missing, last

    def _missing(self, now: float) -> list[str]:
        """What a show that lives has, and this has not."""
        venue, told = self._venue, self._ears.told
        light, touch, sound = venue.light, venue.touch, venue.sound
        if venue.code is not None:
            return [f"the show has ended with exit code {venue.code}; it said: {venue.tail()}"]
        found = {
            "no light comes": now - light.last > STANDS,
            "light is at rest": now - light.changed > STANDS,
            "it says nothing by OSC": now - told.health_at > STANDS,
            "no vibration comes": touch is not None and now - touch.last > STANDS,
            "motors are still": touch is not None
            and bool(venue.show.patch.feels)
            and now - touch.moved > LULL,
        }
        if venue.show.patch.soundscape is not None:
            found |= {"no sound comes": now - sound.last > STANDS, "it is silent": now - sound.sounded > LULL}
        if self._window:
            found["no picture is drawn"] = told.fps < 1.0
        missing = [what for what, lacks in found.items() if lacks]
        return missing + [
            f"{fault} is not over" for fault in told.faults(now) if not fault.startswith(REMEMBERED)
        ]

    def _wait(self, seconds: float) -> None:
        """While it plays; WearsoundError where it ends."""
        end, before = time.monotonic() + seconds, time.monotonic()
        while (now := time.monotonic()) < end:
            self._done += now - before
            before = now
            self._look(self._done)
            time.sleep(min(0.1, max(0.0, end - now)))
        self._done += time.monotonic() - before

    def _look(self, done: float) -> None:
        self._progress(min(1.0, done / max(self._whole, 1e-3)))
        if self._venue.code is not None:
            code, said = self._venue.code, self._venue.tail()
            raise _Ended(f"the show ended with exit code {code} while nobody asked it to; it said: {said}")


class _Ended(WearsoundError):
    """The show is gone."""
