"""What may be typed into the terminal of a running show: a line becomes an event and an answer, or a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wearsound.core import Event
from wearsound.errors import WearsoundError
from wearsound.gallery import suggest

NUDGE_MOST = 10_000.0
"""Milliseconds; the ear bears no more."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An event, if the word has one, and what the terminal answers."""

    event: Event | None
    answer: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word: what may follow it, as a person writes it, what it does, and how it is read."""

    follows: str
    about: str
    read: Callable[[Sequence[str]], Typed]


def typed(line: str, words: dict[str, Word]) -> Typed | None:
    """What a line means, None for an empty one; a WearsoundError says what is wrong with it and what there is."""
    first, *rest = line.split() or [""]
    name = first.lower().strip("!.")
    if not name:
        return None
    if name == "help":
        return Typed(None, _help(words))
    if name not in words:
        near = suggest(name, [*words, "help"])
        near = near if "did you mean" in near else ""
        raise WearsoundError(f"{first!r} is not known here{near}\n  type one of: {_listed(words)}")
    return words[name].read(rest)


def _listed(words: dict[str, Word]) -> str:
    return ", ".join([*(f"{name} {word.follows}".strip() for name, word in words.items()), "help"])


def _help(words: dict[str, Word]) -> str:
    rows = [(f"{name} {word.follows}".strip(), word.about) for name, word in words.items()]
    wide = max(len(how) for how, _ in rows)
    return "\n".join(f"  {how:{wide}}  {about}" for how, about in rows)


def _say(address: str, answer: str, *args: object) -> Typed:
    return Typed(Event(0, address, args, by="key"), answer)


def _plain(name: str, address: str, answer: str) -> Callable[[Sequence[str]], Typed]:
    """A word that nothing follows; of a panic nobody asks what else was said."""

    def read(rest: Sequence[str]) -> Typed:
        if rest and name != "panic":
            raise WearsoundError(f"nothing comes after {name}; {' '.join(rest)!r} was not understood")
        return _say(address, answer)

    return read


def _switch(name: str, address: str, on: str, off: str) -> Callable[[Sequence[str]], Typed]:
    """A word that is on by itself: who types it twice in the dark means it more, not the contrary."""

    def read(rest: Sequence[str]) -> Typed:
        word = " ".join(rest).lower()
        if word in ("", "on", "1"):
            return _say(address, on, 1)
        if word in ("off", "0"):
            return _say(address, off, 0)
        raise WearsoundError(f"after {name} comes on or off, or nothing for on; not {' '.join(rest)!r}")

    return read


def _named(name: str, address: str, what: str, steps: Sequence[str] = ()) -> Callable[[Sequence[str]], Typed]:
    """A word and a name. `address` ends with / where the name belongs to it; `steps` have addresses of their own."""

    def read(rest: Sequence[str]) -> Typed:
        given = " ".join(rest)
        if not given:
            raise WearsoundError(f"after {name} comes the name of a {what}, as in `{name} {_EXAMPLE[name]}`")
        root = address if address.endswith("/") else address.rpartition("/")[0] + "/"
        if given.lower() in steps:
            return _say(f"{root}{given.lower()}", f"{name} {given.lower()}")
        if address.endswith("/"):
            if "/" in given or not given.isprintable():
                raise WearsoundError(f"{given!r} cannot be the name of a {what}")
            return _say(address + given, f"{name} {given}")
        return _say(address, f"{name} {given}", given)

    return read


_EXAMPLE = {"scene": "rest", "cue": "rain", "set": "next"}


def _master(rest: Sequence[str]) -> Typed:
    text = "".join(rest)
    number = _number(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    if not 0.0 <= number <= 1.0:  # NaN is not
        read = f"not {text!r}" if text else "and there was none"
        raise WearsoundError(f"after master comes a number from 0 to 1, or from 0% to 100%; {read}")
    back = "; nothing is seen, heard or felt; `master 1` brings all of it back" if number == 0.0 else ""
    return _say("/wear/master", f"master {number:.0%}{back}", number)


def _nudge(rest: Sequence[str]) -> Typed:
    text = "".join(rest)
    number = _number(text.lower().removesuffix("ms"))
    if not abs(number) <= NUDGE_MOST:  # NaN is not
        read = f"not {text!r}" if text else "and there was none"
        raise WearsoundError(f"after nudge come milliseconds, as in `nudge 10` or `nudge -10`; {read}")
    return _say(
        "/wear/tempo/nudge", f"beats {abs(number):g} ms {'later' if number >= 0 else 'earlier'}", number
    )


def _number(text: str) -> float:
    """What is written, with a point or a comma; NaN for anything else."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


HAND: dict[str, Word] = {
    "panic": Word(
        "",
        "dark, still and silent at once, until resume",
        _plain(
            "panic", "/wear/panic", "panic: everything is dark, still and silent, and stays so; type resume"
        ),
    ),
    "resume": Word("", "go on after panic, blackout or freeze", _plain("resume", "/wear/resume", "resumed")),
    "blackout": Word(
        "[on|off]",
        "dark, still and silent, until off or resume",
        _switch(
            "blackout", "/wear/blackout", "blackout; type resume, or blackout off", "no blackout any more"
        ),
    ),
    "quit": Word("", "leave: dark, still and silent first", _plain("quit", "/wear/quit", "leaving")),
}
"""What works on anything that plays."""

WORDS: dict[str, Word] = {
    **{name: word for name, word in HAND.items() if name != "quit"},
    "freeze": Word(
        "[on|off]",
        "light and picture stand still; sound and vibration play on",
        _switch("freeze", "/wear/freeze", "frozen; type resume, or freeze off", "not frozen any more"),
    ),
    "master": Word("0..1", "how much of all light, vibration and sound comes through; or 70%", _master),
    "go": Word("", "the next cue", _plain("go", "/wear/cue/go", "go")),
    "back": Word("", "the cue before", _plain("back", "/wear/cue/back", "back")),
    "next": Word("", "the next scene", _plain("next", "/wear/scene/next", "next scene")),
    "previous": Word("", "the scene before", _plain("previous", "/wear/scene/previous", "scene before")),
    "scene": Word(
        "NAME", "a scene", _named("scene", "/wear/scene/", "scene", ("next", "previous", "random"))
    ),
    "cue": Word("NAME", "jump to a cue", _named("cue", "/wear/cue/goto", "cue", ("go", "back"))),
    "tap": Word("", "the beat is now", _plain("tap", "/wear/tempo/tap", "tap")),
    "half": Word("", "half the tempo", _plain("half", "/wear/tempo/half", "half the tempo")),
    "double": Word("", "twice the tempo", _plain("double", "/wear/tempo/double", "twice the tempo")),
    "nudge": Word("MS", "beats come so many ms later, or earlier with a minus", _nudge),
    "lock": Word(
        "[on|off]",
        "hold the tempo as it is",
        _switch("lock", "/wear/tempo/lock", "the tempo is held", "the tempo follows again"),
    ),
    "set": Word(
        "next|previous|NAME",
        "another show of the set",
        _named("set", "/wear/set/goto", "show of the set", ("next", "previous")),
    ),
    "save": Word(
        "",
        "keep what was turned by hand in the patch file",
        _plain("save", "/wear/patch/save", "saving what was turned"),
    ),
    "quit": HAND["quit"],
}
"""What works on a show."""
