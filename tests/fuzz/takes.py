"""Takes: one recorded in the run, with a mutation in its words, its events, its sound or what it keeps of its show."""

from __future__ import annotations

import json
import pickle
import random
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wearsound.core import Clock, Event
from wearsound.errors import WearsoundError
from wearsound.outputs.record.take_folder import About, TakeFolder
from wearsound.show.hears import hears
from wearsound.show.kept import kept_show, read_kept
from wearsound.show.load import load
from wearsound.show.take import load_take
from wearsound.sources.signal import test_signal
from wearsound.sources.take import TakeSource

from . import events, folder_keys, harsh, wavs
from .cases import Case, Kind
from .key import keys_of
from .mutations import Mutator
from .written import write

HEAD, EVENTS, SOUND, KEPT = "take.toml", "events.jsonl", "lanes.wav", "shows/0/kept.toml"
MOST_HOPS = 64


def recorded(folder: Path) -> dict[str, bytes]:
    """The files of a take of two tenths of a second, with events and a gap."""
    show = load("bass-denim")
    kept = kept_show(show, folder / "take", hears(show))
    remote = {"knobs": {"cutoff": (0.0, 127.0)}}
    about = About(
        kept.title, 7, ("room.pitch",), remote, kept.parts, "0.1.0", {"body": {"floor": -60.0}}, kept.files
    )
    tape = TakeFolder(folder / "take", about)
    tape.open(Clock())
    source = test_signal("test:kick=120", 0.2)
    for block in source.blocks(Clock()):
        for hop in range(block.n_hops):
            tick = block.tick + hop + (3 if hop >= 9 else 0)
            told = {
                2: [("/wear/master", (0.5,)), ("/wear/move/knobs/cutoff", (64, "x", b"\0\xff", None, True))],
                9: [("/wear/scene/rest", ((1, (2.5,)),))],
            }.get(hop, [])
            events = [Event(tick, address, args, "osc") for address, args in told]
            samples = block.samples[hop * 256 : (hop + 1) * 256]
            tape.add(tick, samples, block.lanes, 3 if hop == 9 else 0, 0, events)
    path = tape.finish()
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


class Takes:
    """Makes and reads them."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.files = recorded(Path(folder))
        self.head = pickle.dumps(tomllib.loads(self.files[HEAD].decode()))
        self.kept = pickle.dumps(tomllib.loads(self.files[KEPT].decode()))
        self.lines: list[events.Line] = [
            json.loads(line) for line in self.files[EVENTS].decode().splitlines()
        ]
        self.heads = Mutator(keys_of(folder_keys.TAKE))
        kept = "".join(
            f"{line}\n"
            for line in folder_keys.TAKE.splitlines()
            if line.startswith(
                ("title", "seed", "hears", "calibration", "patch", "garment", "palette", "sketch")
            )
        )
        self.kepts = Mutator(keys_of(kept))

    def make(self, dice: random.Random) -> Case:
        """Half of the cases are the take with one mutation."""
        one, draw = dice.random() < 0.5, dice.random()
        if one and draw < 0.55:
            return self._slip(HEAD, self.heads, self.head, dice)
        if one and draw < 0.65:
            return self._slip(KEPT, self.kepts, self.kept, dice)
        if one and draw < 0.90:
            return self._event(dice)
        if one:
            return self._sound(dice)
        return self._harsh(dice)

    def read(self, folder: Path, case: Case) -> object:
        """The whole take as a replay takes it; and its show, where that is what was broken."""
        if case.whole:
            read_kept(folder, 0)
        source = TakeSource(folder)
        hops = 0
        for block in source.blocks(Clock(sample_rate=source.sample_rate)):
            assert np.isfinite(block.samples).all()
            assert all(event.address.startswith("/wear/") for event in block.events)
            hops += block.n_hops
        assert hops <= MOST_HOPS
        return load_take(source) if case.whole else source

    def _with(self, told: str, name: str, data: bytes, **more: Any) -> Case:
        return Case(told, {**self.files, name: data}, **more)

    def _slip(self, name: str, mutator: Mutator, source: bytes, dice: random.Random) -> Case:
        found = mutator.one(source, dice)
        written = write(found.tree, dice)
        places = tuple(f"{name}:{line}: " for line in sorted(found.lines(written)))
        return self._with(
            f"{name}: {found.told}",
            name,
            written.text.encode(),
            verdict=found.verdict,
            places=places if found.verdict == "refused" else (),
            words=found.words,
            one=True,
            whole=name == KEPT,
        )

    def _event(self, dice: random.Random) -> Case:
        number = dice.randrange(len(self.lines))
        good = dice.random() < 0.2
        told, line = dice.choice(
            list((events.fine if good else events.broken)(dict(self.lines[number]), dice))
        )
        texts = [json.dumps(each) for each in self.lines]
        texts[number] = line if isinstance(line, str) else json.dumps(line)
        return self._with(
            f"{EVENTS}:{number + 1}: {told}",
            EVENTS,
            ("\n".join(texts) + "\n").encode(),
            verdict="accepted" if good else "refused",
            places=() if good else (f"{EVENTS}:{number + 1}: ",),
            one=True,
        )

    def _sound(self, dice: random.Random) -> Case:
        told, data, good = dice.choice(list(_sounds(self.files[SOUND], dice)))
        verdict = "accepted" if good else "refused"
        return self._with(
            f"{SOUND}: {told}", SOUND, data, verdict=verdict, words=(SOUND, HEAD, "no sound"), one=True
        )

    def _harsh(self, dice: random.Random) -> Case:
        draw = dice.random()
        if draw < 0.25:
            told, data = harsh.noise(self.files[EVENTS].decode(), dice)
            return self._with(f"{EVENTS}: {told}", EVENTS, data)
        if draw < 0.40:
            told, data = dice.choice(list(events.monsters(dice)))
            return self._with(f"{EVENTS}: {told}", EVENTS, data)
        if draw < 0.55:
            data = wavs.noise(self.files[SOUND], 56, dice)
            return self._with(f"{SOUND}: noise", SOUND, data)
        if draw < 0.65:
            name = dice.choice(sorted(self.files))
            target = dice.choice(
                (f"../{harsh.SECRET}", "/etc/passwd", "/dev/zero", "/proc/self/environ", ".")
            )
            files = {file: data for file, data in self.files.items() if file != name}
            return Case(f"{name} is a link to {target}", files, links={name: target}, whole=True)
        name = HEAD if draw < 0.85 else KEPT
        tree = pickle.loads(self.head if name == HEAD else self.kept)
        draw = dice.random()
        if draw < 0.4:
            told, data = harsh.noise(harsh.text_of_tree(tree, dice), dice)
        elif draw < 0.8:
            told = harsh.strange_text(tree, dice, "/proc/self/cwd")
            data = harsh.text_of_tree(tree, dice).encode()
        elif draw < 0.97:
            told, data = harsh.giant(tree, dice), harsh.text_of_tree(tree, dice).encode()
        else:
            told, data = harsh.monster(harsh.text_of_tree(tree, dice), dice)
        return self._with(f"{name}: {told}", name, data, whole=True, named=tuple(harsh.files_of(tree)))


def _sounds(data: bytes, dice: random.Random) -> Iterator[tuple[str, bytes, bool]]:
    """The sound with one field of its header wrong, or cut, with whether the take is still one."""

    def field(told: str, at: int, new: bytes, good: bool = False) -> tuple[str, bytes, bool]:
        return told, data[:at] + new + data[at + len(new) :], good

    form = data.index(b"fmt ") + 8
    sound = data.index(b"data")
    yield field("no RIFF", 0, b"RAFF")
    yield field("no WAVE", 8, b"WAVY")
    yield field("whole numbers", form, b"\1\0")
    yield field("another kind", form, bytes(dice.randrange(4, 256) for _ in range(2)))
    yield field("no channels", form + 2, b"\0\0")
    yield field("65 channels", form + 2, b"\x41\0")
    yield field("another rate", form + 4, dice.choice((0, 44_100, 1 << 31)).to_bytes(4, "little"))
    yield field("16 bits", form + 14, b"\x10\0")
    yield field("no data", sound, b"dato")
    yield field("a size of nothing", sound + 4, b"\0\0\0\0")
    yield field("more than there is", sound + 4, b"\xf0\xff\xff\x7f", True)
    yield field("samples that are none", sound + 8, b"\x00\x00\xc0\x7f\x00\x00\x80\x7f", True)
    yield "cut in its header", data[: dice.randrange(1, sound + 4)], False
    yield "empty", b"", False
    yield "cut in its sound", data[: sound + 8 + dice.randrange(16 * 1024, 24 * 1024)], True


def takes() -> Kind:
    """The kind of file that a take is."""
    made = Takes()
    return Kind("take", made.make, made.read, (WearsoundError,))
