"""The keyboard of the window, in one table: what each key does, and what is said of it in the help and in docs/keys.md.

Letters are found by the key that bears them, signs by what is typed, so that a table serves every layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the table: `shown` is printed on the keys, `group` the head under which they stand.

    `names` are those of keys, as pygame says them ("space", "q"), `typed` characters; `ctrl` asks for Ctrl. A key that
    is held down acts again and again only where it `repeats`. `action` is what it does, in a word.
    """

    action: str
    shown: str
    about: str
    group: str
    names: tuple[str, ...] = ()
    typed: str = ""
    ctrl: bool = False
    repeats: bool = False


SAFE, SHOW, TEMPO, SEE, KEEP, PANEL = "hand", "show", "tempo", "look", "keep", "in a panel"

KEYS: tuple[Key, ...] = (
    Key("escape", "Esc", "hide the strip; twice: panic", SAFE, ("escape",)),
    Key("again", "R", "resume; else a scene by chance", SAFE, ("r",)),
    Key("blackout", "B", "blackout: dark, still, silent", SAFE, ("b",)),
    Key("freeze", "Space", "freeze light and picture", SAFE, ("space",)),
    Key("softer", "-", "master down by 5 %", SAFE, ("[-]",), "-_", repeats=True),
    Key("louder", "=", "master up by 5 %", SAFE, ("[+]",), "=+", repeats=True),
    Key("quit", "Q", "quit", SAFE, ("q",)),
    Key("scene", "1-9", "scene", SHOW, typed="123456789"),
    Key("next", "N", "next of the set, or next scene", SHOW, ("n",)),
    Key("previous", "P", "the one before it", SHOW, ("p",)),
    Key("go", "Enter", "GO: the next cue", SHOW, ("return", "enter")),
    Key("back", "Backspace", "BACK: the cue before", SHOW, ("backspace",)),
    Key("tap", "T", "tap the beat", TEMPO, ("t",)),
    Key("earlier", "[", "beat 10 ms earlier; Shift: 1 ms", TEMPO, typed="[{", repeats=True),
    Key("later", "]", "beat 10 ms later; Shift: 1 ms", TEMPO, typed="]}", repeats=True),
    Key("half", ",", "half as fast", TEMPO, typed=","),
    Key("double", ".", "twice as fast", TEMPO, typed="."),
    Key("lock", "L", "lock the tempo, or let it go", TEMPO, ("l",)),
    Key("sliders", "Tab", "sliders", SEE, ("tab",)),
    Key("why", "?", "why is it moving: point at a zone", SEE, typed="?"),
    Key("view", "V", "the sketch, or the body", SEE, ("v",)),
    Key("flashes", "Z", "the flash meter, large", SEE, ("z",)),
    Key("help", "H", "these keys", SEE, ("h",)),
    Key("fullscreen", "F", "full screen", SEE, ("f",)),
    Key("display", "M", "to the next display", SEE, ("m",)),
    Key("save", "S", "save the picture as PNG", KEEP, ("s",)),
    Key("keep", "Ctrl-S", "keep the sliders in the patch file", KEEP, ("s",), ctrl=True),
    Key("record", "Ctrl-R", "record a take; again: end it", KEEP, ("r",), ctrl=True),
    Key("up", "Up", "the slider above; the zone before", PANEL, ("up",), repeats=True),
    Key("down", "Down", "the slider below; the next zone", PANEL, ("down",), repeats=True),
    Key("left", "Left", "1 % less; Shift: 10 %", PANEL, ("left",), repeats=True),
    Key("right", "Right", "1 % more; Shift: 10 %", PANEL, ("right",), repeats=True),
    Key("default", "Delete", "back to what the patch says", PANEL, ("delete",)),
)


MODIFIERS = ("shift", "ctrl", "alt", "meta", "super", "gui", "lock", "mode")
"""Ends of the names of keys that are pressed for the sake of another."""


class Keyboard:
    """Knows which key is held down, so that one that is kept pressed panics or goes on only once. [main thread]"""

    def __init__(self, name: Callable[[int], str], ctrl: int) -> None:
        """`name` says what a key is called, `ctrl` are the bits of the modifier."""
        self._name = name
        self._ctrl = ctrl
        self._down: set[int] = set()

    def pressed(self, code: int, typed: str, mod: int) -> Key | None:
        """The line of the table, None for a key without one, or one that is only still held down."""
        key = found(self._name(code), typed, bool(mod & self._ctrl))
        held = code in self._down
        self._down.add(code)
        return None if key is None or (held and not key.repeats) else key

    def alone(self, code: int) -> bool:
        """Whether a key means something by itself."""
        return not self._name(code).endswith(MODIFIERS)

    def still(self, code: int) -> bool:
        """Whether it is held down already."""
        return code in self._down

    def released(self, code: int) -> None:
        """It is up again."""
        self._down.discard(code)

    def let_go(self) -> None:
        """Whoever looks elsewhere never tells us that a key went up."""
        self._down.clear()


def found(name: str, typed: str, ctrl: bool = False) -> Key | None:
    """The line for a key of this name that typed this; None if there is none."""
    for key in KEYS:
        if key.ctrl == ctrl and ((not ctrl and typed and typed in key.typed) or name in key.names):
            return key
    return None


def as_table() -> str:
    """The whole keyboard as Markdown, a table a group, for docs/keys.md."""
    parts = []
    for group in dict.fromkeys(key.group for key in KEYS):
        rows = "\n".join(f"| `{key.shown}` | {key.about} |" for key in KEYS if key.group == group)
        parts.append(f"| {group} | |\n| --- | --- |\n{rows}")
    return "\n\n".join(parts)
