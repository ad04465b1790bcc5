"""A show that is changed for another goes on from where it was: nothing jumps, nothing counts anew, nothing is lost."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from test_vibration_safety import SLOW, done, drive_of, shaker, worst_duty
from thorough import some, usually

from wearsound import chance, gallery
from wearsound.core import LIGHT_RATE, Block, Clock, Event, Frame
from wearsound.felt import Drive
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.materials import Cloth
from wearsound.garment.sewn import sewn
from wearsound.parts import CHANGE, FADE, Change
from wearsound.safety.chain import Safety
from wearsound.safety.heat import HeatCap
from wearsound.safety.vibration import VibrationGuard
from wearsound.show.build import Built, build, make
from wearsound.show.load import Show, load
from wearsound.sound import Sound
from wearsound.sources.signal import test_signal as make_signal
from wearsound.testing.flash_counter import MOST, count, linear

CLOCK = Clock()
HOP = CLOCK.hop
LANES = {"room": (0, 1), "body": (2,), "crowd": (3,)}
A_SECOND = CLOCK.sample_rate // HOP


def music(seconds: float, clock: Clock = CLOCK) -> np.ndarray:
    """Kicks and a walking tone in the room, steps on the body, a murmuring crowd: float32 (n, 4)."""
    n = int(seconds * clock.sample_rate) // clock.hop * clock.hop
    t = np.arange(n) / clock.sample_rate
    kick = make_signal("test:kick=120").samples(0, n)
    tone = 0.2 * np.sin(2 * np.pi * (90 + 40 * np.floor(t % 3)) * t) * (t % 0.5 < 0.4)
    noise = chance.uniforms(5, "noise", n) - 0.5
    steps = 0.5 * noise * np.exp(-30 * (t % 0.6))
    crowd = 0.1 * noise * (1 + np.sin(2 * np.pi * 0.3 * t))
    room = kick + tone
    return np.stack([room, 0.7 * room, steps, crowd], axis=1).astype(np.float32)


def blocks(
    samples: np.ndarray, hops: Sequence[int], changes: Mapping[int, int], clock: Clock
) -> Iterator[Block]:
    """Cut samples into blocks of so many hops, over and over; one begins where the show changes."""
    tick = at = 0
    total = len(samples) // clock.hop
    while tick < total:
        n = min(hops[at % len(hops)], total - tick)
        n = min([n, *(when - tick for when in changes if tick < when < tick + n)])
        part = samples[tick * clock.hop : (tick + n) * clock.hop].copy()
        events = (Event(tick, CHANGE, (changes[tick],)),) if tick in changes else ()
        yield Block(tick, part, LANES, n, events=events)
        tick, at = tick + n, at + 1


@dataclass
class Kept:
    """All that left."""

    frames: list[Frame] = field(default_factory=list)
    features: list[np.ndarray] = field(default_factory=list)
    controls: list[np.ndarray] = field(default_factory=list)
    wave: list[np.ndarray] = field(default_factory=list)
    level: list[np.ndarray] = field(default_factory=list)
    played: list[np.ndarray] = field(default_factory=list)
    heard: list[np.ndarray] = field(default_factory=list)
    name: str = "keep"
    rate: int = LIGHT_RATE

    def open(self, clock: Clock) -> None: ...

    def close(self) -> None: ...

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)

    def write(self, block: Block, features: np.ndarray, controls: np.ndarray) -> None:
        self.features += list(features.copy())
        self.controls += list(controls.copy())

    def drive(self, tick: int, gap: int, drive: Drive) -> None:
        self.wave.append(drive.wave.copy())
        self.level.append(drive.level.copy())

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        self.played.append(sound.played.copy())
        self.heard.append(sound.heard.copy())

    def bytes(self) -> dict[str, list[bytes]]:
        """Everything, to compare; frames with all that shows."""
        return {
            "light": [f.pixels.tobytes() + f.dyed.tobytes() + f.warm.tobytes() for f in self.frames],
            "told": [
                repr((f.slots, f.scene, f.ma, f.felt.tolist(), f.touch.tolist())).encode()
                for f in self.frames
            ],
            "features": [row.tobytes() for row in self.features],
            "controls": [row.tobytes() for row in self.controls],
            "vibration": [np.concatenate(self.wave).tobytes(), np.concatenate(self.level).tobytes()],
            "sound": [np.concatenate(self.played).tobytes(), np.concatenate(self.heard).tobytes()],
        }


def engine_of(show: Show, others: Callable[[int], Show], kept: Kept, clock: Clock = CLOCK) -> Built:
    """An engine that plays `show`, and `others` by their numbers when it is told to."""
    built = build(show, LANES, clock.sample_rate, strict=True)

    def change(number: int) -> Change:
        return Change(number, make(others(number), LANES, clock, strict=True).parts)

    built.engine.changes = change
    for home in (built.engine.outputs, built.engine.tapes, built.engine.drivers, built.engine.speakers):
        home.append(kept)  # type: ignore[arg-type, attr-defined]
    return built


class Samples:
    """A source of given blocks."""

    live = False
    lanes = LANES
    sample_rate = CLOCK.sample_rate

    def __init__(self, samples: np.ndarray, hops: Sequence[int], changes: Mapping[int, int]) -> None:
        self._blocks = lambda clock: blocks(samples, hops, changes, clock)

    def blocks(self, clock: Clock) -> Iterator[Block]:
        return self._blocks(clock)


def played(
    show: Show,
    samples: np.ndarray,
    changes: Mapping[int, int] | None = None,
    others: Callable[[int], Show] | None = None,
    hops: Sequence[int] = (16,),
) -> Kept:
    """All that left of a show that was changed at these ticks."""
    kept = Kept()
    built = engine_of(show, others or (lambda number: show), kept)
    built.engine.run(Samples(samples, hops, changes or {}))
    return kept


@pytest.mark.parametrize("name", some(gallery.files("patch"), 8))
def test_the_same_show_again_changes_nothing(name: str) -> None:
    show, song = load(name), music(3.0)
    ticks = {5 + 11 * k: k + 1 for k in range(50)}
    once, often = played(show, song), played(show, song, ticks)
    assert often.frames[-1].show == 50
    for what, bits in once.bytes().items():
        assert often.bytes()[what] == bits, f"{name}: {what}"


THREE = {0: "bass-denim", 1: "low-tide", 2: "attic"}


def other(number: int) -> Show:
    """One of three patches on one garment."""
    return load(THREE[number % 3], garment="denim-jacket")


def test_any_grouping_and_any_run_are_alike() -> None:
    song, ticks = music(3.0), {37: 1, 163: 2, 167: 0, 291: 5, 333: 4, 401: 2, 402: 3}
    first = played(other(0), song, ticks, other, (1,)).bytes()
    for hops in some(((3, 17, 1, 5), (64,)), 2):
        again = played(other(0), song, ticks, other, hops).bytes()
        for what in ("light", "told", "features", "controls", "vibration", "sound"):
            assert again[what] == first[what], (hops, what)


def test_two_shows_on_one_skin_share_their_clicks_however_blocks_are_grouped() -> None:
    """While one show leaves and the other comes, a click of either shuts out those that follow it too soon."""

    def swapped(number: int) -> Show:
        return load(("after-hours", "bass-denim")[number % 2], garment="denim-jacket")

    song, ticks = music(4.0), {23 * k: k for k in range(24, 32)}
    first = played(swapped(0), song, ticks, swapped, (1,)).bytes()["vibration"]
    assert played(swapped(0), song, ticks, swapped, (64,)).bytes()["vibration"] == first


def test_reset_begins_the_show_that_plays_anew() -> None:
    """After a change `reset` is the start of what plays now, as if it had been built alone."""
    song = music(1.5)
    kept, alone = Kept(), Kept()
    built = engine_of(other(0), other, kept)
    for block in blocks(song, (16,), {37: 1, 101: 2}, CLOCK):
        built.engine.step(block)
    built.engine.reset()
    for them in (kept.frames, kept.features, kept.controls, kept.wave, kept.level, kept.played, kept.heard):
        them.clear()  # type: ignore[attr-defined]
    fresh = engine_of(other(2), other, alone)
    for block in blocks(song, (16,), {}, CLOCK):
        built.engine.step(block)
        fresh.engine.step(block)
    for what, bits in alone.bytes().items():
        if what != "told":  # it is still the second show
            assert kept.bytes()[what] == bits, what


def named(kept: Kept, built: Built, name: str) -> np.ndarray:
    return np.array([frame.features.get(name, np.nan) for frame in kept.frames])


def test_counts_never_go_back_and_what_is_known_stays() -> None:
    song, kept = music(6.0), Kept()
    ticks = {301 + 83 * k: k + 1 for k in range(9)}
    built = engine_of(other(0), other, kept)
    built.engine.run(Samples(song, (7,), ticks))
    growing = {spec.name for spec in built.engine.parts.ear.specs if spec.growing} & set(
        kept.frames[0].features.index
    )
    assert {"room.beat", "room.onset"} <= growing
    for name in growing:
        counts = named(kept, built, name)
        assert np.all(np.diff(counts[~np.isnan(counts)]) >= 0), name
    plain = played(other(0), song, hops=(7,))
    for name in ("room.beat", "room.tempo", "room.loudness", "room.bass", "room.onset"):
        assert np.array_equal(named(kept, built, name), named(plain, built, name)), name


def test_a_count_that_nobody_counted_for_a_while_grows_on(tmp_path: Path) -> None:
    patch = '[[route]]\nfrom = "{}"\nto = "*.glow"\n'
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    for path, feature in zip(paths, ("body.step", "bass"), strict=True):
        path.write_text(f'title = "Two"\ngarment = "denim-jacket"\n{patch.format(feature)}')
    shows = [load(path) for path in paths]
    kept = played(shows[0], music(6.0), {500: 1, 700: 2}, lambda number: shows[number % 2], (5,))
    counts = np.array([frame.features.get("body.step", np.nan) for frame in kept.frames])
    before, after = counts[: 500 * HOP * 60 // 48_000], counts[700 * HOP * 60 // 48_000 + 1 :]
    assert np.nanmax(before) > 0
    assert np.nanmin(after) >= np.nanmax(before)


def lit(kept: Kept) -> np.ndarray:
    """Linear light of every zone in every frame."""
    return np.array([(frame.lit / 255.0) ** 2.2 for frame in kept.frames])


def test_light_goes_over_in_half_a_second(tmp_path: Path) -> None:
    """Two patches that stand still, one dark red and one blue: no step is larger than the crossfade's own."""
    steady = 'title = "{0}"\ngarment = "denim-jacket"\nseed = {1}\n'
    steady += '[[route]]\nfrom = "gate"\nto = "*.{2}"\nout = [0, {3}]\n'
    shows = []
    for number, (glow, hue) in enumerate(((0.2, 0.05), (0.9, 0.6))):
        path = tmp_path / f"{number}.toml"
        text = steady.format("Steady", number, "glow", glow)
        path.write_text(text + f'[[route]]\nfrom = "gate"\nto = "*.hue"\nout = [0, {hue}]\n')
        shows.append(load(path))
    kept = played(shows[0], music(3.0), {201: 1}, lambda number: shows[number % 2], (9,))
    alone = lit(played(shows[1], music(3.0), hops=(9,)))
    light, at = lit(kept), CLOCK.due(201, LIGHT_RATE)
    steps = np.abs(np.diff(light, axis=0)).max(axis=(1, 2))
    whole = np.abs(light[-1] - light[at - 2]).max()
    # An S-shaped way of half a second has steps of a twentieth; what moves along the filaments comes on top.
    usual = np.abs(np.diff(alone, axis=0))[60:].max()
    assert steps[at - 2 :].max() < 0.1 * whole + usual, (steps[at - 2 :].max(), whole, usual)
    assert steps[at + 3 : at + 20].min() > 0.0
    assert np.abs(light[at + 1] - light[at - 1]).max() < 0.05 * whole + 2 * usual


def test_a_new_route_begins_at_rest_and_strikes_for_nothing_old(tmp_path: Path) -> None:
    paths = [tmp_path / "a.toml", tmp_path / "b.toml"]
    head = 'title = "Two"\ngarment = "denim-jacket"\n'
    paths[0].write_text(
        head + '[[route]]\nfrom = "bass"\nto = "back.glow"\nout = [0, 0.001]\nin = [0.999, 1.0]\n'
    )
    paths[1].write_text(
        head + '[[route]]\nfrom = "onset"\nto = "back.glow"\nmode = "trigger"\nrelease = 3.0\n'
    )
    shows = [load(path) for path in paths]
    song = music(4.0)
    song[2 * 48_000 :] = 0.0  # after two seconds of kicks nothing begins any more
    kept = played(shows[0], song, {600: 1}, lambda number: shows[number], (8,))
    glow = np.array([frame.controls["back.glow"] for frame in kept.frames])
    assert kept.frames[-1].features["room.onset"] >= 3
    assert glow.max() <= 0.001


STROBE = """title = "Strobe"
garment = "denim-jacket"
seed = {seed}
[[route]]
from = "{feature}"
to = "*.{what}"
out = [{low}, 1.0]
attack = 0.0
release = 0.0
"""


def strobing(seconds: float) -> np.ndarray:
    """On and off five times a second, as loud as can be, in all lanes."""
    n = int(seconds * 48_000) // HOP * HOP
    t = np.arange(n) / 48_000
    wave = 0.9 * np.sin(2 * np.pi * 80 * t) * (t * 5 % 1 < 0.5)
    return np.repeat(wave[:, None], 4, axis=1).astype(np.float32)


SECONDS = usually(5.0, 60.0)


def test_swapped_strobes_flash_three_times_a_second_at_most(tmp_path: Path) -> None:
    """Three strobes, one dark, one bright and one dim at rest, swapped ten times a second."""
    shows = []
    for number in range(3):
        path = tmp_path / f"{number}.toml"
        path.write_text(STROBE.format(seed=number, feature="bass", what="glow", low=(0.0, 0.99, 0.5)[number]))
        shows.append(load(path))
    ticks = {7 + 19 * k: k for k in range(int(SECONDS * A_SECOND / 19))}
    kept = played(shows[0], strobing(SECONDS), ticks, lambda number: shows[number % 3], (19,))
    body = sewn(shows[0].garment)
    light = np.array([frame.pixels for frame in kept.frames])
    counted = count(linear(light)[None], body.area, body.zone)
    print("flashes", counted)
    for most in (counted.whole, counted.quarter, counted.same, counted.zones):
        assert most.max() <= MOST


# --- Nobody gets a fresh allowance by changing the show -----------------------------------------------------------


def renamed(path: Path, text: str) -> Garment:
    path.write_text(text)
    return load_garment(path)


def test_swapped_bodies_keep_every_actuators_duty_and_the_wearers_dose(tmp_path: Path) -> None:
    """All at 1 for eleven minutes, on three bodies in turn: one with all, one with one name of it, one with none."""
    whole = shaker(tmp_path)
    text = Path(whole.path).read_text()
    few = text.replace('"a0"', '"x0"').replace('"a2"', '"x2"')
    none = text.partition("[[actuator]]")[0]
    bodies = [whole, renamed(tmp_path / "few.toml", few), renamed(tmp_path / "none.toml", none)]
    hops = 5  # a tenth of a second, at 47 hops a second
    names = ("a0", "a1", "a2", "x0", "x2")
    drove = np.zeros((int(660 * SLOW.sample_rate / HOP) // hops * hops, len(names)))
    guard, dose = VibrationGuard(bodies[0], SLOW), 0.0
    for k in range(len(drove) // hops):
        # Every so often two in turn, then all three.
        garment = bodies[k % 2 if k // 50 % 2 else k % 3]
        new = VibrationGuard(garment, SLOW)
        new.inherit(guard)
        guard = new
        drive = drive_of(hops, len(garment.actuators), 1.0, 1.0)
        guard.limit(hops * k, drive, np.ones(hops))
        for i, actuator in enumerate(garment.actuators):
            amplitude = done(drive.wave, drive.level, HOP)[:, i]
            drove[hops * k : hops * (k + 1), names.index(actuator.name)] = amplitude
        assert guard.facts()["dose"]["a8"] >= dose
        dose = guard.facts()["dose"]["a8"]
    assert drove.max() > 0.5
    print("duty", worst_duty(drove, 10, SLOW), worst_duty(drove, 600, SLOW), "a8", dose)
    assert worst_duty(drove, 10, SLOW) <= 0.5
    assert worst_duty(drove, 600, SLOW) <= 0.3


BUZZ = 'title = "Buzz"\nseed = {0}\n[[route]]\nfrom = "loudness"\nto = "*.{1}"\nin = [0.0, 0.001]\nout = [0.0, 1.0]\n'


def test_swapped_patches_keep_the_duty(tmp_path: Path) -> None:
    """All at 1, from two patches ten times a second, on one body: what leaves is measured."""
    garment, shows = shaker(tmp_path), []
    for number in range(2):
        path = tmp_path / f"{number}.toml"
        line = f'\n[[feel]]\nfrom = "bass"\nto = "{("*", "chest")[number]}"\nname = "f{number}"\nstrength = 1.0\n'
        path.write_text(BUZZ.format(number, "buzz") + line)
        shows.append(load(path, garment=garment.path))
    ticks = {7 + 19 * k: k for k in range(int(12 * A_SECOND / 19))}
    kept = played(shows[0], strobing(12.0), ticks, lambda number: shows[number % 2], (19,))
    drove = done(np.concatenate(kept.wave), np.concatenate(kept.level), HOP)
    print("duty over 10 s", worst_duty(drove, 10))
    assert 0.3 < worst_duty(drove, 10) <= 0.5


def heated(names: Sequence[str], fabric: str = "thermochromic") -> Any:
    """What the guard of heat asks of a garment."""
    zone = SimpleNamespace(fabric=fabric, times=None)
    return SimpleNamespace(zones=[SimpleNamespace(name=name, **vars(zone)) for name in names], ambient=22.0)


def test_a_zone_that_comes_anew_is_as_hot_as_the_hottest() -> None:
    cap = HeatCap(heated(["chest", "back"]))
    for _ in range(20 * LIGHT_RATE):
        cap.step(np.array([0.4, 0.1]))
    hot, mild = cap.warm.tolist()
    assert hot > mild > 25.5
    away = HeatCap(heated(["sleeve"], "plain"))
    away.inherit(cap)
    assert np.isneginf(away.warm).all()
    back = HeatCap(heated(["back", "chest", "collar"]))
    back.inherit(away)
    assert back.warm.tolist() == [mild, hot, hot]
    again = HeatCap(heated(["collar"]))
    again.inherit(back)
    assert again.warm.tolist() == [hot]


def test_the_flash_guard_of_another_body_opens_no_new_slots() -> None:
    """Every frame another body, dark and bright by turns: three swings a second are all there are."""
    bodies = [load(patch).garment for patch in ("bass-denim", "first-walk")]
    guards: list[Safety] = []
    guard, means, slots = None, [], set()
    for frame in range(4 * LIGHT_RATE):
        garment = bodies[frame // 7 % 2]
        body = sewn(garment)
        if guard is None or frame % 7 == 0:
            new = Safety(garment, body, CLOCK)
            if guard is not None:
                new.inherit(guard)
            guard = new
            guards.append(guard)
        tick = round((frame + 1) * 3.125)
        light = np.full((body.n_pixels, 3), float(frame // 4 % 2))
        safe, _ = guard.limit(tick, light, np.zeros(len(garment.zones)), Cloth(garment))
        slots.update(guard.slots)
        means.append(float((safe.sum(axis=1) * body.area).sum() / body.area.sum() / 3))
    assert len(guards) > 30
    ticks = np.array(sorted(slots))
    assert max(np.sum((ticks >= at) & (ticks < at + CLOCK.ticks(1.0))) for at in ticks) <= 3
    light = np.array(means)[None, :, None, None] * np.ones(3)
    assert count(light, np.ones(1), np.zeros(1, int)).worst.max() <= MOST


def test_a_few_pixels_swing_three_times_a_second_whoever_guards_them() -> None:
    """A seventh of the area needs no slot: every pixel's own swings are remembered."""
    garment = load("bass-denim").garment
    body = sewn(garment)
    few = np.cumsum(body.area) < 0.14
    guard, left = Safety(garment, body, CLOCK), []
    for frame in range(4 * LIGHT_RATE):
        if frame % 7 == 3:
            new = Safety(garment, body, CLOCK)
            new.inherit(guard)
            guard = new
        light = np.zeros((body.n_pixels, 3))
        light[few] = float(frame // 4 % 2)
        safe, _ = guard.limit(round((frame + 1) * 3.125), light, np.zeros(len(garment.zones)), Cloth(garment))
        left.append(safe[few])
    assert np.max(left) > 0.5
    assert count(np.array(left)[None], body.area[few], np.zeros(few.sum(), int)).worst.max() <= MOST


def true_peak(wave: np.ndarray) -> float:
    from scipy.signal import resample_poly

    return float(np.abs(resample_poly(wave.astype(float), 8, 1, axis=0)).max())


def quiet_room(seconds: float) -> np.ndarray:
    """A soft tone in the room, and somebody who walks."""
    song = music(seconds)
    t = np.arange(len(song)) / 48_000
    song[:, :2] = (0.3 * np.sin(2 * np.pi * 110 * t))[:, None]
    return song


def test_sound_goes_over_without_a_click_and_below_the_ceiling() -> None:
    """Two soundscapes and a patch with none, on one body, changed slowly and then ten times a second."""
    names = {0: "first-walk", 1: "attic", 2: "bass-denim"}
    song = quiet_room(7.0)
    slow = {401: 1, 620: 0, 640: 2, 800: 1}
    quick = {950 + 19 * k: k for k in range(12)}

    def show(number: int) -> Show:
        return load(names[number % 3], garment="denim-jacket")

    kept = played(show(0), song, slow | quick, show, (19,))
    alone = [np.concatenate(played(show(number), song).played) for number in (0, 1)]
    sound, heard = np.concatenate(kept.played), np.concatenate(kept.heard)
    usual = max(np.abs(np.diff(one[48_000:], axis=0)).max() for one in alone)
    step = np.abs(np.diff(sound[48_000:], axis=0)).max()
    room = np.abs(np.diff(song[:, :2], axis=0)).max()
    print("largest step", step, "usually", usual, "true peak", true_peak(heard))
    assert np.abs(sound).max() > 0.02
    assert step < 1.5 * usual
    assert np.abs(np.diff(heard, axis=0)).max() < 1.5 * usual + 1.5 * room
    assert true_peak(heard) <= 10 ** (-1 / 20)
    # The rise of the first seconds is not begun again: by then it is as loud as alone.
    part = slice(390 * HOP, 401 * HOP)
    assert np.array_equal(sound[part], alone[0][part])


def test_a_soundscape_rings_out_where_the_next_show_has_none() -> None:
    song = quiet_room(5.0)
    shows = [load(name, garment="denim-jacket") for name in ("first-walk", "bass-denim")]
    kept = played(shows[0], song, {601: 1}, lambda number: shows[number], (7,))
    wave = np.concatenate(kept.played)
    sound = np.abs(wave).max(axis=1).reshape(-1, HOP).max(axis=1)
    fade = CLOCK.ticks(FADE)
    # The limiter holds three milliseconds of what came before.
    assert sound[605 : 601 + fade // 4].max() > 0.2 * sound[500:601].max()
    steps = np.abs(np.diff(wave, axis=0)).max(axis=1)
    assert steps[590 * HOP :].max() < 1.5 * steps[400 * HOP : 590 * HOP].max()
    assert sound[601 + fade + 4 :].max() < 1e-4


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", some(["attic", "rain-room", "low-tide"], 3))
def test_it_is_quick_and_the_old_parts_are_freed(name: str) -> None:
    shows = [
        load(name, garment="denim-jacket"),
        load("bass-denim", garment="denim-jacket"),
        load("first-walk"),
    ]
    engine = build(shows[0], LANES, 48_000, strict=True).engine
    song, took, refs = music(1.0), [], []
    made = [make(shows[k % 3], LANES, CLOCK, strict=True).parts for k in range(1, 7)]

    def change(number: int) -> Change:
        return Change(number, made.pop(0))

    engine.changes = change
    for round_ in range(6):
        old = engine.parts
        parts = (old.ear, old.score, old.light, old.dye, old.vibration, old.soundscape)
        refs += [weakref.ref(part) for part in parts if part is not None]
        del old, parts
        tick = round_ * (len(song) // HOP)
        for block in blocks(song, (8,), {0: round_}, CLOCK):
            events = tuple(replace(event, tick=tick + event.tick) for event in block.events)
            start = time.thread_time()
            if events:
                engine._take(events[0])
                took.append(1e3 * (time.thread_time() - start))
            engine.step(replace(block, tick=tick + block.tick, events=()))
    print(f"{name}: ms to change", [round(each, 2) for each in took])
    gc.collect()
    assert [ref() for ref in refs] == [None] * len(refs)
    assert min(took) < 20.0
