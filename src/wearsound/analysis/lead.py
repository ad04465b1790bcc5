"""Who leads the tempo: the ear, a hand, or a clock from outside."""

from __future__ import annotations

import math
from collections.abc import Iterable

from wearsound.analysis.bar import Bar
from wearsound.analysis.pulse import FASTEST
from wearsound.analysis.told import ANYBODY, EAR, LEADERS, brief
from wearsound.analysis.tracker import Tracker
from wearsound.core import Event

LAPSE_SECONDS = 1.0
"""A clock that has said nothing for so long is gone."""
SLOWEST_CLOCK, FASTEST_CLOCK = 20.0, 999.0
"""Beats a minute that a clock may have; one faster than the ear can count is halved."""
GLIDE = 0.04
"""Part of the clock's phase error that each hop takes away: most of it within a beat."""
GLIDE_MOST = 0.1
"""More than so many beats off, it is not glided but jumped."""
ASTRAY_MOST = 3
"""So many times in a row it must be as far off, once it leads: after a hitch of the sound card one message is."""
NUMBER_PARTS = 0.2, 0.8
"""Between these parts of a beat its number in the bar is beyond doubt."""
HAND_STAYS = 0.01
"""The tempo has gone so far from what a hand said: the ear has taken it back."""


class Lead:
    """Hands and clocks on a `Tracker` and its `Bar`.

    `obey` what was told in a hop, then `hop`, then the tracker's own hop. `who` leads, by its place in
    LEADERS. `led`: rate and phase are a clock's own and sure; `numbered`: so is the place in the bar.

    A clock leads from when it begins until it ends, a hand says otherwise, another clock begins or `lock`
    holds; one that was set aside comes back when it begins anew or `lead` is said.
    """

    def __init__(self, tracker: Tracker, bar: Bar) -> None:
        self._tracker, self._bar = tracker, bar
        self._per_minute = 60.0 * tracker.hops_per_second
        self._lapse = math.ceil(LAPSE_SECONDS * tracker.hops_per_second)
        self.reset()

    def reset(self) -> None:
        """The ear leads, nobody was heard."""
        self.numbered = False
        self._chosen = ANYBODY
        self._clock = EAR
        self._aside = False
        self._heard: dict[int, int] = {}
        self._later = [0.0] * len(LEADERS)
        self._error = 0.0
        self._astray = 0
        self._hand = EAR
        self._hand_rate = 0.0

    @property
    def who(self) -> int:
        """Place in LEADERS of who leads; the ear where there is no tempo."""
        return (self._clock or self._hand) if self._tracker.rate > 0.0 else EAR

    @property
    def led(self) -> bool:
        """Whether a clock says where the beat is."""
        return self._tracker.led

    def obey(self, events: Iterable[Event]) -> None:
        """All that one hop was told."""
        for what, who, numbers in brief(events):
            if what == "lead":
                self._choose(int(numbers[0]))
            elif what == "lock":
                self._lock(who, numbers[0] > 0.0)
            elif what == "nudge":
                self._nudge(numbers[0] / 1000.0)
            elif what == "clock":
                self._follow(who, numbers)
            elif self._chosen in (ANYBODY, who):
                self._do(what, who, numbers)

    def hop(self) -> None:
        """A clock that has gone leads no longer; one that leads pulls. Before the tracker's own hop."""
        tracker = self._tracker
        if self._clock:
            if tracker.hops - self._heard[self._clock] > self._lapse:
                self._leave()
            elif self._error:
                step = max(GLIDE * self._error, -0.5 * tracker.rate)  # never backwards
                tracker.turn += step
                self._error -= step
        elif self._hand and not tracker.locked:
            gone = abs(tracker.rate - self._hand_rate)
            if tracker.rate == 0.0 or gone > HAND_STAYS * self._hand_rate:
                self._hand = EAR

    def _choose(self, chosen: int) -> None:
        """Only this one may lead from now on; nobody was set aside."""
        self._chosen = chosen
        self._aside = False
        if chosen == EAR and not self._tracker.locked:
            self._hand = EAR
        if self._clock and chosen not in (ANYBODY, self._clock):
            self._leave()

    def _lock(self, who: int, on: bool) -> None:
        """What leads now is held, whatever a clock says, or free again."""
        tracker = self._tracker
        if on:
            self._leave()
            self._hand, self._hand_rate = who, tracker.rate
        elif tracker.locked:
            self._hand = EAR
        tracker.locked = on

    def _nudge(self, seconds: float) -> None:
        """Beats come later: a clock's for as long as it leads, and when it leads again."""
        if self._clock:
            later = self._later[self._clock] + seconds * self._tracker.hops_per_second
            self._later[self._clock] = later
            self._error = 0.0
        else:
            self._tracker.nudge(seconds)

    def _do(self, what: str, who: int, numbers: tuple[float, ...]) -> None:
        """A hand says what the tempo is: it leads."""
        tracker = self._tracker
        if what == "bpm":
            tracker.bpm(numbers[0])
        elif what == "tap":
            tracker.tap()
        elif not tracker.times(0.5 if what == "half" else 2.0):
            return
        if self._clock:
            self._aside = True
            self._let_go()
        self._hand, self._hand_rate = who, tracker.rate

    def _follow(self, who: int, numbers: tuple[float, ...]) -> None:
        """A clock ticks: tempo, and where it says so phase and the beat's number in the bar."""
        tracker = self._tracker
        if numbers[0] <= 0.0:
            self._heard.pop(who, None)
            if who == self._clock:
                self._leave()
            return
        if not SLOWEST_CLOCK <= numbers[0] <= FASTEST_CLOCK:
            return
        heard = self._heard.get(who)
        begins = heard is None or tracker.hops - heard > self._lapse
        self._heard[who] = tracker.hops
        if tracker.locked or self._chosen not in (ANYBODY, who):
            return
        if who != self._clock:
            if not (begins or self._chosen == who or (self._clock == EAR and not self._aside)):
                return
            self._clock, self._aside, begins = who, False, True
        rate = numbers[0] / self._per_minute
        if len(numbers) < 2:
            self._pace(rate, begins)
        else:
            number = numbers[2] if len(numbers) > 2 and numbers[2] >= 1.0 else 0.0
            self._lead(rate, numbers[1] % 1.0, math.floor(number), begins)

    def _pace(self, rate: float, begins: bool) -> None:
        """The clock says how fast, the ear where: MIDI before anybody pressed start."""
        tracker = self._tracker
        while rate * self._per_minute > FASTEST:
            rate /= 2.0
        if begins or not tracker.paced:
            tracker.say(rate, tracker.turn)
        tracker.rate = rate
        tracker.led, tracker.paced, self.numbered = False, True, False
        self._error = 0.0

    def _lead(self, rate: float, phase: float, number: int, begins: bool) -> None:
        """The clock says how fast and where; `number` of the beat in the bar from 1, 0 if it did not say."""
        tracker = self._tracker
        place = phase + max(0, number - 1) - self._later[self._clock] * rate
        while rate * self._per_minute > FASTEST:
            rate /= 2.0
            place /= 2.0
            if not number and abs(_apart(place - tracker.turn)) > 0.25:
                place += 0.5  # which of two beats it is, it did not say: the one we are in
        phase = place % 1.0
        begins = begins or not tracker.led
        tracker.rate = rate
        tracker.led, tracker.paced, self.numbered = True, False, number > 0
        error = _apart(phase - tracker.turn)
        self._astray = self._astray + 1 if abs(error) > GLIDE_MOST else 0
        jumps = begins or self._astray >= ASTRAY_MOST
        counts = False
        if jumps:
            counts = tracker.jump(phase)
            self._error, self._astray = 0.0, 0
        else:
            self._error = 0.0 if self._astray else error
        low, high = NUMBER_PARTS
        if number and (jumps or (low <= phase <= high and abs(error) < low)):
            self._bar.say(math.floor(place) - counts)

    def _leave(self) -> None:
        """The clock leads no longer; the tempo is held, and the ear goes on from there."""
        if self._clock:
            self._let_go()
            self._tracker.say(self._tracker.rate, self._tracker.turn)

    def _let_go(self) -> None:
        tracker = self._tracker
        tracker.led = tracker.paced = self.numbered = False
        self._clock, self._error, self._astray = EAR, 0.0, 0


def _apart(turns: float) -> float:
    """The shorter way round, -0.5 .. 0.5."""
    return (turns + 0.5) % 1.0 - 0.5
