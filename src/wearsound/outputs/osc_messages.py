"""Which OSC messages leave for a frame: pure, no socket, the same every time.

On change only, and everything once a second so that late joiners recover; the refresh of the
addresses is spread over the second, so that no frame carries all of them. Frames come at the
output's rate, counted in ticks, so an address leaves at most that often.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from wearsound.core import F64, LIGHT_RATE, Frame, Index, Spec
from wearsound.osc.bundle import Message
from wearsound.sensed import MOVED

HEALTH, FAULT = "/wear/health", "/wear/fault"
HAPTIC_MS = 250
"""How long a receiver may go on buzzing on one message: safety's dead-man limit."""

_HAPTIC_EVERY = 0.1
_FELT = 1 / 256
"""What is weaker is the ringing of a motor that nobody feels, and less than the last step of a driver's 8 bits."""
_OWN_ADDRESS = ("beat", "phase", "confidence", "silence")


class OscMessages:
    """Turns frames into messages: `at(frame)` in ascending order of kind, then of the given names.

    `features` carry full names (`room.bass`), `zones` are in the garment's order, `controls` gives the
    column of each control, `addresses` are the patch's own (columns named like "/synth/cutoff"), `actuators` the
    numbers of those in each zone, of which the one that is felt most says the pitch. `health` adds `/wear/health` once
    a second, and `/wear/fault` for each that is there: live only, they are never the same twice. Features `apart` do
    not leave.
    """

    def __init__(
        self,
        features: Sequence[Spec],
        zones: Sequence[str] = (),
        controls: Mapping[str, int] | None = None,
        addresses: Sequence[str] = (),
        health: bool = False,
        rate: int = LIGHT_RATE,
        apart: Collection[str] = (),
        actuators: Sequence[Index] = (),
    ) -> None:
        controls = controls or {}
        column = {spec.name: i for i, spec in enumerate(features)}
        heard = [spec for spec in features if not _has_own_address(spec.name) and spec.name not in apart]
        self._zones = tuple(zones)
        self._rate = rate
        self._health = health
        self._feature_columns = np.array([column[spec.name] for spec in heard], np.intp)
        self._features = [(feature_address(spec.name), spec.growing) for spec in heard]
        self._beat = [column.get(f"room.{part}", -1) for part in ("beat", "phase", "confidence")]
        self._silence = column.get("room.silence", -1)
        self._actuators = tuple(actuators)
        self._routed_columns = np.array([controls[address] for address in addresses], np.intp)
        self._routed = [(address, False) for address in addresses]
        self.reset()

    def reset(self) -> None:
        """Forget what was sent: the next frame carries everything."""
        self._last_features = np.full(len(self._features), np.nan)
        self._last_routed = np.full(len(self._routed), np.nan)
        self._last: dict[str, Message] = {}
        self.told: frozenset[tuple[str, str]] = frozenset()
        """Faults that were told and are not over yet."""

    def at(self, frame: Frame) -> list[Message]:
        """What leaves for one due frame. Arguments are Python floats, finite, or ints. [engine thread]"""
        out: list[Message] = []
        heard = _clean(frame.features.values[self._feature_columns])
        self._changed(out, frame.number, self._features, heard, self._last_features)
        self._rhythm(out, frame)
        self._body(out, frame)
        routed = _clean(frame.controls.values[self._routed_columns])
        self._changed(out, frame.number, self._routed, routed, self._last_routed)
        if self._health and frame.number % self._rate == 0:
            health = frame.health
            out.append((HEALTH, (_number(health.fps), _number(health.age_ms), int(health.drops))))
        if self._health and (self.told or frame.health.faults):
            self._faults(out, frame)
        return out

    def neutral(self) -> list[Message]:
        """What leaves last: silence, every zone dark, every zone still."""
        out: list[Message] = [("/wear/silence", (1,))]
        out += [(f"/wear/zone/{zone}/rgb", (0.0, 0.0, 0.0)) for zone in self._zones]
        out += [(f"/wear/haptic/{zone}", (0.0, 0.0, 0)) for zone in self._zones]
        return out

    def _changed(
        self,
        out: list[Message],
        number: int,
        addresses: list[tuple[str, bool]],
        values: F64,
        last: F64,
    ) -> None:
        send = values != last
        send[number % self._rate :: self._rate] = True
        last[:] = values
        for i in np.flatnonzero(send):
            address, growing = addresses[i]
            value = float(values[i])
            out.append((address, (int(value) if growing else value,)))

    def _rhythm(self, out: list[Message], frame: Frame) -> None:
        values = frame.features.values
        beat, phase, confidence = self._beat
        if beat >= 0:
            parts = (_number(values[at]) if at >= 0 else 0.0 for at in (phase, confidence))
            self._once(out, frame, ("/wear/beat", (int(_number(values[beat])), *parts)), 0)
        if self._silence >= 0:
            self._once(out, frame, ("/wear/silence", (int(values[self._silence] > 0.5),)), 1)

    def _body(self, out: list[Message], frame: Frame) -> None:
        for i, (zone, colour) in enumerate(zip(self._zones, frame.lit.tolist(), strict=True)):
            rgb = tuple(round(part / 255, 3) for part in colour)
            self._once(out, frame, (f"/wear/zone/{zone}/rgb", rgb), 2 + i)
        often = max(1, round(self._rate * _HAPTIC_EVERY))
        for i, (zone, amp) in enumerate(zip(self._zones, frame.felt.tolist(), strict=True)):
            address = f"/wear/haptic/{zone}"
            felt = _number(amp)
            if felt >= _FELT:
                message: Message = (address, (felt, self._pitch(frame, i), HAPTIC_MS))
                if message != self._last.get(address) or frame.number % often == 0:
                    out.append(message)
                self._last[address] = message
            elif self._last.pop(address, None) is not None:
                out.append((address, (0.0, 0.0, 0)))

    def _faults(self, out: list[Message], frame: Frame) -> None:
        """Each when it begins, once a second while it lasts, and -1 when it is over."""
        there = {(code, who): seconds for code, who, seconds in frame.health.faults}
        for fault, seconds in there.items():
            if fault not in self.told or frame.number % self._rate == 0:
                out.append((FAULT, (*fault, round(seconds, 1))))
        out += [(FAULT, (*fault, -1.0)) for fault in sorted(self.told - there.keys())]
        self.told = frozenset(there)

    def _pitch(self, frame: Frame, zone: int) -> float:
        """Hz of what is felt most in a zone, 0 where that has no pitch; whole ones: nobody feels less."""
        mine = self._actuators[zone] if self._actuators else ()
        if not len(mine):
            return 0.0
        touch = frame.touch[mine]
        return float(round(_number(touch[int(touch[:, 0].argmax()), 1])))

    def _once(self, out: list[Message], frame: Frame, message: Message, slot: int) -> None:
        """Send if it changed, or if this frame is the address's own of the second."""
        address = message[0]
        if message != self._last.get(address) or (frame.number - slot) % self._rate == 0:
            out.append(message)
            self._last[address] = message


def feature_address(name: str) -> str:
    """The address of a feature by its full name: `/wear/audio/room/bass`, and of movement `/wear/move/phone/energy`."""
    lane, _, feature = name.partition(".")
    return f"/wear/{'move' if feature in MOVED else 'audio'}/{lane}/{feature}"


def _has_own_address(name: str) -> bool:
    lane, _, feature = name.partition(".")
    return lane == "room" and feature in _OWN_ADDRESS


def _number(value: float) -> float:
    """A finite Python float of at most six decimals, never minus zero."""
    number = float(value)
    return round(number, 6) + 0.0 if math.isfinite(number) else 0.0


def _clean(values: F64) -> F64:
    finite: F64 = np.where(np.isfinite(values), values, 0.0)
    return np.round(finite, 6) + 0.0
