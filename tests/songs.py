"""Songs made by function for the ear's tests, with known times of everything in them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from wearsound import chance
from wearsound.analysis.ear import Ear, everything
from wearsound.core import Block, Clock, index_of

RATE = 48_000
ROOM = {"room": (0,)}
GROUPINGS: dict[str, Sequence[int]] = {
    "1": (1,),
    "7": (7,),
    "64": (64,),
    "random": tuple(1 + int(64 * u) for u in chance.uniforms(5, "groupings", 40)),
}


def sine(hertz: float, seconds: float, amplitude: float = 0.25, rate: int = RATE) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def noise(seconds: float, rms: float, name: str = "noise") -> np.ndarray:
    return rms * 3**0.5 * chance.noises(1, name, int(seconds * RATE))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE))


def put(song: np.ndarray, at: Iterable[float], sound: np.ndarray, rate: int = RATE) -> np.ndarray:
    """Add a sound at each of these seconds."""
    for second in at:
        start = round(second * rate)
        n = max(0, min(len(sound), len(song) - start))
        song[start : start + n] += sound[:n]
    return song


def click(rate: int = RATE) -> np.ndarray:
    n = np.arange(rate // 100)
    return 0.5 * np.exp(-n / (0.00125 * rate)) * np.sin(2 * np.pi * 1500 * n / rate)


def kick(rate: int = RATE) -> np.ndarray:
    t = np.arange(rate // 4) / rate
    return 0.6 * np.exp(-t / 0.06) * np.sin(2 * np.pi * (50 * t + 3 * (1 - np.exp(-t / 0.02))))


def hat() -> np.ndarray:
    return 0.12 * np.exp(-np.arange(2400) / 400) * chance.noises(2, "hat", 2400)


def clicks(bpm: float, seconds: float, rate: int = RATE) -> tuple[np.ndarray, np.ndarray]:
    """A click on every beat, the first after 0.1 s; and the times."""
    at = np.arange(0.1, seconds - 0.05, 60 / bpm)
    return put(np.zeros(int(seconds * rate)), at, click(rate), rate), at


def groove(bpm: float, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """A kick on every beat, a hat between, a bass note under it; and the times of the kicks."""
    beat = 60 / bpm
    at = np.arange(0.1, seconds - 0.3, beat)
    song = put(silence(seconds), at, kick())
    put(song, at + beat / 2, hat())
    return put(song, at[::2] + beat / 2, sine(110, beat / 2, 0.1)), at


def song() -> np.ndarray:
    """Ten seconds for the contract: groove with noise and a chord, a true break, and a long tail."""
    music = groove(126, 4.0)[0] + noise(4.0, 0.003) + sine(330, 4.0, 0.03) + sine(441, 4.0, 0.03)
    return np.concatenate([silence(0.3), music, silence(1.2), 0.5 * groove(98, 4.5)[0]])


def blocks(
    samples: np.ndarray,
    sizes: Sequence[int] = (64,),
    clock: Clock = Clock(),  # noqa: B008  (frozen)
    lanes: Mapping[str, tuple[int, ...]] = ROOM,
    start: int = 0,
    gap: int = 0,
) -> Iterator[Block]:
    """Cut (n,) or (n, channels) samples into blocks of these numbers of hops, over and over."""
    columns = np.ascontiguousarray(samples.reshape(len(samples), -1), np.float32)
    n_hops = len(columns) // clock.hop
    at = turn = 0
    while at < n_hops:
        size = min(sizes[turn % len(sizes)], n_hops - at)
        part = columns[at * clock.hop : (at + size) * clock.hop]
        yield Block(start + at, part, lanes, size, gap=0 if at else gap)
        at, turn = at + size, turn + 1


class Heard:
    """Features of a whole song, by name."""

    def __init__(self, samples: np.ndarray, clock: Clock = Clock(), **how: object) -> None:  # noqa: B008
        self.clock = clock
        lanes, bands, asked = list(how.get("lanes", ROOM)), how.pop("bands", None), how.pop("asked", ())  # type: ignore[call-overload]
        self.ear = Ear(clock, lanes, bands, asked)  # type: ignore[arg-type]
        pieces = [self.ear.hear(block).copy() for block in blocks(samples, clock=clock, **how)]  # type: ignore[arg-type]
        self.values = np.concatenate(pieces)
        self.ends = (np.arange(len(self.values)) + 1) * clock.hop / clock.sample_rate
        self._columns = index_of(self.ear.specs)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[:, self._columns[name if "." in name else "room." + name]]

    def after(self, name: str, seconds: float) -> np.ndarray:
        return self[name][np.searchsorted(self.ends, seconds) :]

    def at(self, name: str, seconds: float) -> float:
        return float(self.after(name, seconds)[0])

    def times(self, name: str) -> np.ndarray:
        """When a count grew: the ends of the hops."""
        return self.ends[np.diff(self[name], prepend=0.0) > 0]


if __name__ == "__main__":  # in a process with other CPU features: the hash of the song, and what was on
    umath = np._core._multiarray_umath  # type: ignore[attr-defined]
    fast = [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__[name]]
    heard = Heard(song(), asked=everything(ROOM))
    digest = hashlib.sha256(heard.values.tobytes()).hexdigest()
    sys.stdout.write(f"{digest} {','.join(fast)}\n")
