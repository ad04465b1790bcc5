"""What one OSC message means to this show: events for the engine, or a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wearsound.core import Event, Parameter
from wearsound.osc.bind import Bind, Bound
from wearsound.osc.bundle import Message
from wearsound.osc.packet import Arg
from wearsound.osc.pattern import BadPattern, is_pattern
from wearsound.osc.tree import BadValue, Tree, clean
from wearsound.osc.value import number, worded
from wearsound.sensed import Sensor
from wearsound.sources.osc_in.bind import binds_of, played
from wearsound.sources.osc_in.samples import Samples

ASK = "?"
"""As the first argument it makes a question of any message: for senders that cannot send none."""

PATTERN_TRIGGERS = "/wear/zone/"
"""Where a pattern may fire triggers: letting go of every zone is meant, calling every scene never is."""

MOST_TOLD = 32
"""Addresses that are unknown, and ours that get more arguments than they take: so many of each are named in the
log, further ones are only counted."""

SOON = 0.05
"""Seconds in which what was just set is what a question is answered with and what a step builds on: the engine may
not have taken it yet."""


class Refused(Exception):
    """A message that does nothing; `reason` is a short word for counting, the text a sentence."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Meant:
    """Either `events` to take or the `answers` to a question; both empty for a released button."""

    events: list[Event] = field(default_factory=list)
    answers: list[Message] = field(default_factory=list)


class Meaning:
    """The tree and the rig's binds and sensors, as messages see them. `tell` gets sentences that are said once.

    [one thread]
    """

    def __init__(
        self,
        tree: Tree,
        binds: Iterable[Bind],
        tell: Callable[[str], None],
        sensors: Iterable[Sensor] = (),
    ) -> None:
        self._tree = tree
        self._samples = Samples(sensors, tell)
        self._binds = binds_of(binds, tree)
        self._tell = tell
        self._unknown: set[str] = set()
        self._extra: set[str] = set()
        self._lately: dict[str, tuple[float, float | tuple[float, ...]]] = {}
        for sentence in self._binds.missing:
            tell(f"OSC in: {sentence}")

    @property
    def sensed(self) -> Mapping[str, float]:
        """When each sensor's lane was last heard, monotonic seconds. [any thread]"""
        return self._samples.heard

    def is_sample(self, address: str) -> bool:
        """Whether a sensor sends it: then its time tag says when it was measured, not when it is meant for."""
        return self._samples.means(address)

    def of(self, address: str, args: Sequence[Arg], by: str, now: float, stamp: float | None = None) -> Meant:
        """What a message means; Refused if nothing. `now` in monotonic seconds, `stamp` by the sender's clock.

        All of it or none: a pattern of which one address cannot take the value changes nothing.
        """
        try:
            sampled = self._samples.of(address, args, by, now, stamp)
            if sampled is not None:
                return Meant(sampled)
            binds = self._binds.get(address)
            if binds:
                return Meant([event for bound in binds for event in self._bound(bound, args, by, now)])
            found = self._find(address)
            triggers = [p for p in found if p.kind == "trigger"]
            asks = bool(args) and args[0] == ASK
            if asks or (not args and len(triggers) < len(found)):
                return self._question(address, found, now)
            if address != found[0].address and any(not _many_may_fire(p) for p in triggers):
                raise Refused("pattern", f"{address!r} would fire more than one trigger: call them by name")
            if len(args) > 1:
                self._mention_extra(found, args)
            return Meant(
                [event for p in found for event in self._event(p, self._step(p, args, now), by, now)]
            )
        except BadPattern as bad:
            raise Refused("pattern", f"{address!r}: {bad}") from None
        except BadValue as bad:
            raise Refused("value", f"{bad}; {tuple(args)!r} came") from None

    def _find(self, address: str) -> list[Parameter]:
        exact = self._tree.get(address)
        if exact is not None:
            return [exact]
        if is_pattern(address):
            found = self._tree.find(address)
            if found:
                return found
            raise Refused("unknown", f"{address!r} matches nothing in this show")
        if self._is_news(address, self._unknown):
            near = self._tree.nearest(address)
            hint = "wearsound osc learn makes it play something"
            if near or address.startswith("/wear/"):
                hint = f"did you mean {near}?" if near else "`wearsound osc tree` lists what there is"
            more = "; more of them are only counted" if len(self._unknown) == MOST_TOLD else ""
            self._tell(f"OSC in: no {address!r} in this show; {hint}{more}")
        raise Refused("unknown", "")

    def _question(self, address: str, found: list[Parameter], now: float) -> Meant:
        asked = [p for p in found if p.read is not None]
        if not asked:
            raise Refused("no answer", f"{address!r} cannot be asked")
        words = ((p.address, worded(p, self._now(p, now))) for p in asked)
        answers = [(own, args) for own, args in words if args is not None]
        if not answers:
            raise Refused("no answer", f"{address!r} has no value now")
        return Meant(answers=answers)

    def _now(self, parameter: Parameter, now: float) -> float | str | Sequence[float]:
        """What a parameter that can be asked is: what was just set, though the engine may be about to take it."""
        at, value = self._lately.get(parameter.address, (-SOON, 0.0))
        if now - at < SOON:
            return value
        assert parameter.read is not None
        return parameter.read()

    def _bound(self, bound: Bound, args: Sequence[Arg], by: str, now: float) -> list[Event]:
        """One event, or none where a trigger does not fire."""
        values = played(bound, args)
        return [] if values is None else self._event(bound.parameter, values, by, now)

    def _event(self, parameter: Parameter, args: Sequence[Arg], by: str, now: float) -> list[Event]:
        """One event, or none for a released button."""
        if not parameter.settable:
            raise Refused("read only", f"{parameter.address} can only be asked")
        values = clean(parameter, args)
        numbers = tuple(value for value in values or () if not isinstance(value, str))
        if parameter.kind not in ("trigger", "text") and numbers:
            self._lately[parameter.address] = (now, numbers if parameter.kind == "list" else numbers[0])
        return [] if values is None else [Event(0, parameter.address, values, by)]

    def _step(self, parameter: Parameter, args: Sequence[Arg], now: float) -> Sequence[Arg]:
        """ "+" or "-" and a number: that much from where it is, as endless knobs send it."""
        if len(args) < 2 or args[0] not in ("+", "-") or parameter.kind not in ("number", "whole"):
            return args
        by = number(args[1])
        if by is None or parameter.read is None:
            raise BadValue(
                f'{parameter.address}: "+" and "-" need a number after them and a value to start from'
            )
        here = number(self._now(parameter, now)) or 0.0
        return (min(parameter.high, max(parameter.low, here + by if args[0] == "+" else here - by)),)

    def _mention_extra(self, found: Sequence[Parameter], args: Sequence[Arg]) -> None:
        takes = 2 if args[0] in ("+", "-") else 1
        for p in found:
            if len(args) > takes and p.kind != "list" and self._is_news(p.address, self._extra):
                self._tell(f"OSC in: {p.address} takes one argument; the others are left alone")

    @staticmethod
    def _is_news(address: str, told: set[str]) -> bool:
        """Whether `address` is to be named now: the first time, while there are few."""
        if address in told or len(told) >= MOST_TOLD:
            return False
        told.add(address)
        return True


def _many_may_fire(parameter: Parameter) -> bool:
    return parameter.address.startswith(PATTERN_TRIGGERS)
