"""Garments with actuators, and the vibration instrument alone on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wearsound.core import F32, F64, Block, Clock, Spec
from wearsound.felt import Drive, Feel
from wearsound.garment.document import Garment, load_garment
from wearsound.instruments.light import zone_controls
from wearsound.instruments.vibration.vibration import Vibration

CLOCK = Clock()
ROOM = {"room": (0,)}


def jacket(
    folder: Path, kinds: Sequence[str] = ("voice-coil",), zones: int = 4, each: int = 1, apart: int = 10
) -> Garment:
    """Zones z0 (the lowest) to z3, one above the other, with `each` actuators `apart` cm apart; `kinds` in turn."""
    lines = ['title = "Jacket"']
    lines += [f'[[zone]]\nname = "z{zone}"\nlight = [0.7, 0.1, 50]' for zone in range(zones)]
    lines.append('[[figure]]\nname = "front"\nat = [600, 300]')
    for zone in range(zones):
        low, high = 12 * (zones - 1 - zone), 12 * (zones - 1 - zone) + 10
        outline = [[-22, low, 1], [22, low, 1], [22, high, 1], [-22, high, 1]]
        lines.append(
            f'[[figure.layer]]\nname = "l{zone}"\nzone = "z{zone}"\nside = "one"\noutline = {outline}'
        )
    for i in range(zones * each):
        zone, place = divmod(i, each)
        at = [apart * (place - 0.5 * (each - 1)), 12 * (zones - 1 - zone) + 5]
        kind = kinds[i % len(kinds)]
        lines.append(f'[[actuator]]\nname = "a{i}"\nzone = "z{zone}"\nkind = "{kind}"\nat = {at}')
    path = folder / "jacket.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_garment(path)


class Player:
    """Vibration alone, with every control at rest unless `controls` says otherwise."""

    def __init__(
        self,
        garment: Garment,
        feels: Sequence[Feel],
        clock: Clock = CLOCK,
        controls: dict[str, float] | None = None,
        seed: int = 0,
    ) -> None:
        strengths = [Spec(f"feel.{feel.name}", "", 0, 1, 0.001, "", default=feel.strength) for feel in feels]
        specs = (*zone_controls(garment), *strengths)
        self.names = [spec.name for spec in specs]
        self.rest = np.array([(controls or {}).get(spec.name, spec.default) for spec in specs])
        self.clock, self.n = clock, len(garment.actuators)
        self.instrument = Vibration(garment, feels, (), specs, seed)
        self.instrument.prepare(clock)

    def play(self, sound: F64, sizes: Sequence[int] = (64,), controls: F64 | None = None) -> Drive:
        """The drive of a mono sound (cut to whole hops), from the start, in blocks of these sizes in turn.

        `controls` (n_hops, n): instead of those at rest.
        """
        self.instrument.reset()
        hop = self.clock.hop
        hops = len(sound) // hop
        sound32: F32 = np.asarray(sound[: hops * hop], np.float32)[:, None]
        whole = Drive(
            np.full((hops * hop, self.n), np.nan, np.float32),
            np.full((hops, self.n), np.nan),
            np.full((hops, self.n), np.nan),
        )
        played = np.repeat(self.rest[None], hops, axis=0) if controls is None else controls
        tick = turn = 0
        while tick < hops:
            n = min(sizes[turn % len(sizes)], hops - tick)
            span = slice(tick * hop, (tick + n) * hop)
            out = Drive(whole.wave[span], whole.level[tick : tick + n], whole.hz[tick : tick + n])
            self.instrument.play(
                Block(tick, sound32[span], ROOM, n), np.zeros((n, 0)), played[tick : tick + n], out
            )
            tick, turn = tick + n, turn + 1
        return whole


def peak_hz(wave: F64, rate: int = 48_000) -> float:
    """The strongest pitch of a waveform, between bins; 0 where it is silent."""
    if not np.any(np.abs(wave) > 1e-6):
        return 0.0
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 4 * len(wave))) ** 2
    return float(power.argmax()) * rate / (4 * len(wave))


def rms(wave: F64) -> float:
    return float(np.sqrt(np.mean(np.square(wave, dtype=float))))
