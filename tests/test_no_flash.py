"""Whatever is played, what leaves flashes at most three times a second: counted from outside, on packet bytes.

Each clip of `adversaries` takes the engine's own way: master, guard, encoding, then the packers of the outputs; what
the packets say is decoded and counted by `flash_counter`, which knows nothing of the guard. With the guard taken
out, the same counter must find the flashes, or it would prove nothing. All 2,000 clips where a run is thorough;
every twenty-ninth of them otherwise. A seed that fails is made again by `adversaries.clip(seed)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import adversaries
import numpy as np
import pytest
from adversaries import AREA, GARMENT, N_FRAMES, PIXELS, ZONE, Clip, clip
from thorough import some, usually

from wearsound.chance import uniforms
from wearsound.core import LIGHT_RATE, Block, Clock, Event, Frame
from wearsound.outputs.light.map import LightMap
from wearsound.outputs.light.wire import ArtNet, Ddp
from wearsound.show.build import Built, build
from wearsound.show.load import load
from wearsound.show.source import open_recording
from wearsound.testing.flash_counter import MOST, Count, artnet_frames, count, ddp_frames, linear

ALL = 2000
SEEDS = range(0, ALL, usually(29, 1))
BATCH = 50
CLOCK = Clock()
LANES = {"room": (0,)}
NOTHING = 'title = "Nothing"\n[[route]]\nfrom = "bass"\nto = "*.glow"\n'
UNIVERSE = 3


class Player:
    """In the place of an instrument: plays a clip, whatever is heard."""

    def __init__(self) -> None:
        self.light = np.zeros((0, 0, 3))

    def reset(self) -> None: ...

    def play(self, block: Block, features: Any, controls: Any, out: np.ndarray) -> None:
        first = CLOCK.due(block.tick - 1, LIGHT_RATE)
        out[:] = self.light[first : first + len(out)]


class Still:
    """In the place of what hears, what maps and what dyes: always the same, and quick."""

    def __init__(self, specs: Sequence[Any]) -> None:
        self.specs = tuple(specs)
        self._values = np.zeros((64, len(self.specs)))

    def reset(self) -> None: ...

    def take(self, event: Event) -> None: ...

    def scene_at(self, hop: int) -> str:
        return ""

    def hear(self, block: Block) -> np.ndarray:
        return self._values[: block.n_hops]

    def play(self, block: Block, *_: Any) -> np.ndarray:
        return self._values[: block.n_hops]


class NoGuard:
    """In the place of the guard: everything may leave that is light at all."""

    slots: tuple[int, ...] = ()
    ma = 0.0
    warm = np.array(-np.inf)

    def reset(self) -> None: ...

    def limit(self, tick: int, light: np.ndarray, drive: np.ndarray, cloth: object) -> Any:
        return np.clip(np.nan_to_num(light, nan=0.0, posinf=1.0), 0.0, 1.0), np.clip(drive, 0.0, 1.0)


class Receiver:
    """An output that packs light frames as for one receiver and keeps the datagrams as they would have left.

    `bare` LEDs get bytes that are linear light, others decode gamma 2.2 themselves.
    """

    def __init__(self, n_pixels: int, protocol: str, rate: int, bare: bool) -> None:
        self.name, self.rate = f"{protocol} {rate}", rate
        self._n_pixels, self._gamma = n_pixels, 1.0 if bare else 2.2
        self._protocol = protocol
        self._map = LightMap(list(range(n_pixels)), gamma=2.2 if bare else 1.0)

    def open(self, clock: Clock) -> None:
        size = self._map.size
        self._wire = Ddp(size) if self._protocol == "ddp" else ArtNet(size, 3, UNIVERSE)
        self._packets: list[bytes] = []

    def send(self, frame: Frame) -> None:
        self._packets += [packet for packet, _ in self._wire.frame(self._map.bytes_of(frame.pixels), None)]

    def close(self) -> None: ...

    def light(self) -> np.ndarray:
        """Linear light (n_frames, n_pixels, 3) that the packets say."""
        if self._protocol == "ddp":
            return linear(ddp_frames(self._packets), self._gamma)
        return linear(artnet_frames(self._packets, UNIVERSE, self._n_pixels), self._gamma)


def receivers(n_pixels: int) -> list[Receiver]:
    """All that is sent of a frame; as often as it is made, and as often as a target takes it that says nothing."""
    return [
        Receiver(n_pixels, "ddp", LIGHT_RATE, bare=False),
        Receiver(n_pixels, "art-net", LIGHT_RATE, bare=True),
        Receiver(n_pixels, "ddp", 40, bare=False),
    ]


class Chain:
    """The engine of a show with a player for an instrument."""

    def __init__(self, built: Built, guard: Any = None) -> None:
        self.engine = built.engine
        self.engine.parts.ear, self.engine.parts.score = Still(built.ear.specs), Still(built.score.specs)  # type: ignore[assignment]
        self.engine.parts.dye = Still(())  # type: ignore[assignment]
        self.engine.parts.light = self.player = Player()  # type: ignore[assignment]
        self.engine.parts.guard = guard or self.engine.parts.guard
        self.receivers = receivers(built.body.n_pixels)
        self.engine.outputs.extend(self.receivers)

    def play(self, one: Clip) -> list[np.ndarray]:
        """What left of a clip, as light of each receiver."""
        self.engine.reset()
        self.player.light = one.light
        self.engine.run(Hops(one))  # type: ignore[arg-type]
        return [receiver.light() for receiver in self.receivers]


class Hops:
    """A source of silence as long as a clip; the hand that turns the master comes in as events."""

    live = False
    lanes = LANES
    sample_rate = CLOCK.sample_rate

    def __init__(self, one: Clip) -> None:
        self.master = one.master

    def blocks(self, clock: Clock) -> Iterator[Block]:
        end = next(t for t in range(10**6) if clock.due(t, LIGHT_RATE) >= N_FRAMES) + 1
        turned: dict[int, tuple[Event, ...]] = {0: ()}
        if self.master is not None:
            for k in (0, *(np.flatnonzero(np.diff(self.master)) + 1)):
                tick = int(k * clock.sample_rate // (LIGHT_RATE * clock.hop))
                turned[tick] = (Event(tick, "/wear/master", (float(self.master[k]),)),)
        starts = sorted(turned)
        for start, stop in zip(starts, [*starts[1:], end], strict=True):
            for tick in range(start, stop, 64):
                n = min(64, stop - tick)
                samples = np.zeros((n * clock.hop, 1), np.float32)
                yield Block(tick, samples, LANES, n, events=turned[tick] if tick == start else ())


def six_strips(folder: Path, guard: Any = None) -> Chain:
    """The garment of all clips, with its own guard unless another is given."""
    (folder / "nothing.toml").write_text(NOTHING)
    (folder / "six.toml").write_text(GARMENT)
    show = load(folder / "nothing.toml", garment=folder / "six.toml")
    built = build(show, LANES, CLOCK.sample_rate, strict=True)
    assert np.array_equal(built.body.zone, ZONE)
    np.testing.assert_allclose(built.body.area, AREA)
    return Chain(built, guard)


def breaches(chain: Chain, seeds: Sequence[int]) -> dict[int, str]:
    """What each seed that flashes too often does, at either receiver."""
    found: dict[int, str] = {}
    for at in range(0, len(seeds), BATCH):
        clips = [clip(seed) for seed in seeds[at : at + BATCH]]
        left = [chain.play(one) for one in clips]
        for receiver, lights in zip(chain.receivers, zip(*left, strict=True), strict=True):
            light = np.stack(lights)
            assert abs(light.shape[1] / receiver.rate - N_FRAMES / LIGHT_RATE) < 0.05
            counted = count(light, AREA, ZONE, receiver.rate)
            for i, one in enumerate(clips):
                if counted.worst[i] > MOST:
                    found[one.seed] = f"{one.kind} {one.seed} at {receiver.name}: {counted.says(i)}"
    return found


def test_no_clip_flashes_more_than_three_times_a_second(tmp_path: Path) -> None:
    found = breaches(six_strips(tmp_path), SEEDS)
    assert not found, "\n".join([f"{len(found)} of {len(SEEDS)}", *found.values()])


def test_without_the_guard_the_counter_finds_nine_of_ten(tmp_path: Path) -> None:
    chain = six_strips(tmp_path, NoGuard())
    del chain.receivers[1:], chain.engine.outputs[1:]  # one receiver is enough to see it
    found = breaches(chain, SEEDS)
    assert len(found) >= 0.9 * len(SEEDS)
    kinds = {words.split()[0] for words in found.values()}
    assert kinds == {kind.__name__ for kind in adversaries.KINDS}, (
        "a kind that breaches nothing is no adversary"
    )


@pytest.mark.parametrize("garment", some(["cuff", "denim-jacket"], 2))
def test_no_real_garment_flashes_either(garment: str, tmp_path: Path) -> None:
    """One clip of each kind, its 32 pixels scattered over all that the garment has: zones are torn, areas differ."""
    (tmp_path / "nothing.toml").write_text(NOTHING)
    built = build(load(tmp_path / "nothing.toml", garment=garment), LANES, CLOCK.sample_rate, strict=True)
    chain = Chain(built)
    scattered = (uniforms(1, "scattered", built.body.n_pixels) * adversaries.N_PIXELS).astype(int)
    for seed in range(len(adversaries.KINDS)):
        one = clip(seed)
        for receiver, light in zip(
            chain.receivers, chain.play(replace(one, light=one.light[:, scattered])), strict=True
        ):
            counted = count(light[None], built.body.area, built.body.zone, receiver.rate)
            assert counted.worst[0] <= MOST, f"{one.kind} {seed} at {receiver.name}: {counted.says()}"


def test_a_seed_is_the_same_clip_each_time() -> None:
    for seed in range(len(adversaries.KINDS)):
        again = clip(seed)
        assert np.array_equal(clip(seed).light, again.light, equal_nan=True)
        assert again.light.shape == (N_FRAMES, adversaries.N_PIXELS, 3)
    assert {clip(seed).kind for seed in SEEDS} == {kind.__name__ for kind in adversaries.KINDS}


# ------------------------------------------------------------- strobe patches, as somebody could write them

RIG = "[remote.hand]\nflash = [0, 1]\non = [0, 1]\n"
WHITE = """
[[route]]
from = "hand.on"
to = "*.chroma"
out = [0.5, 0.0]
"""
ROUTE = '[[route]]\nfrom = "{feature}"\nto = "{zone}.{control}"\nout = {out}\nattack = 0\nrelease = 0\n'


def written(title: str, *routes: tuple[str, str, str, list[float]]) -> str:
    words = [f'title = "{title}"\n']
    words += [ROUTE.format(feature=f, zone=z, control=c, out=o) for f, z, c, o in routes]
    return "".join(words)


ZONES = [f"z{i}" for i in range(len(PIXELS))]
PATCHES = {
    "20 Hz white": written("White", ("hand.flash", "*", "glow", [0.0, 1.0])) + WHITE,
    "red and blue": written(
        "Red and blue",
        ("hand.on", "*", "glow", [0.0, 1.0]),
        ("hand.on", "*", "chroma", [0.0, 1.0]),
        ("hand.flash", "*", "hue", [0.08, 0.73]),
    ),
    "alternating zones": written(
        "Alternating",
        *(("hand.flash", zone, "glow", [[0.0, 1.0], [1.0, 0.0]][i % 2]) for i, zone in enumerate(ZONES)),
    )
    + WHITE,
}
BY_SOUND = written("By sound", ("bass", "*", "glow", [0.0, 1.0])) + WHITE


class Hand:
    """Six seconds of silence in which a hand moves `hand.flash` twenty times a second there and back."""

    live = False
    lanes = LANES
    sample_rate = CLOCK.sample_rate

    def blocks(self, clock: Clock) -> Iterator[Block]:
        ticks = [round(k * clock.sample_rate / (40 * clock.hop)) for k in range(241)]
        for k, (tick, after) in enumerate(pairwise(ticks)):
            n = after - tick
            events = (
                Event(tick, "/wear/move/hand/on", (1.0,)),
                Event(tick, "/wear/move/hand/flash", (float(k % 2),)),
            )
            yield Block(tick, np.zeros((n * clock.hop, 1), np.float32), LANES, n, events=events)


def shown(text: str, folder: Path) -> Built:
    """A patch on the six strips of quick LEDs: filaments would be too slow for twenty flashes."""
    folder.mkdir()
    (folder / "patch.toml").write_text(text)
    (folder / "rig.toml").write_text(RIG)
    (folder / "six.toml").write_text(GARMENT)
    show = load(folder / "patch.toml", garment=folder / "six.toml", rig=folder / "rig.toml")
    return build(show, LANES, CLOCK.sample_rate, strict=True)


def counts(built: Built, source: Any, guarded: bool) -> list[Count]:
    """Flashes at each receiver of what left of a real show."""
    built.engine.outputs[:] = found = receivers(built.body.n_pixels)
    if not guarded:
        built.engine.parts.guard = NoGuard()
    built.engine.run(source)
    return [count(r.light()[None], built.body.area, built.body.zone, r.rate) for r in found]


@pytest.mark.parametrize("name", PATCHES)
def test_a_strobe_patch_leaves_the_engine_slowed_down(name: str, tmp_path: Path) -> None:
    for worst in counts(shown(PATCHES[name], tmp_path / "without"), Hand(), guarded=False):
        # At 40 frames a second much of 20 Hz falls between two frames.
        assert worst.worst[0] >= 12, worst.says()
        assert worst.quarter[int(name == "red and blue"), 0] >= 12
    for worst in counts(shown(PATCHES[name], tmp_path / "with"), Hand(), guarded=True):
        assert 1 <= worst.worst[0] <= MOST, worst.says()


def test_a_sound_that_strobes_leaves_the_engine_slowed_down(tmp_path: Path) -> None:
    """A bass note of a twentieth of a second and as long a silence, again and again: ten flashes a second."""
    for guarded in (False, True):
        source = open_recording("test:step=0.05", seconds=6.0)
        for worst in counts(shown(BY_SOUND, tmp_path / str(guarded)), source, guarded):
            assert 1 <= worst.worst[0] <= MOST if guarded else worst.worst[0] >= 8, worst.says()
