"""What the performer's keys and mouse do: everything that plays is said to the engine by its OSC address.

Dark and frozen are shown at once and then as the engine says: other hands (OSC, a signal) may do the same.
"""

from __future__ import annotations

from collections.abc import Callable

from wearsound.core import Frame
from wearsound.outputs.dress import Dress
from wearsound.outputs.keys import Key
from wearsound.outputs.shown import Say
from wearsound.outputs.sliders import COARSE, FINE, Sliders
from wearsound.outputs.slot import Told

TWICE = 0.6
"""Seconds within which a second Esc is a panic."""

CALM = 2.0
"""Seconds after a resume in which R is still the finger that resumed, and calls no scene."""

MASTER = 0.05
"""A press of - or = on the master."""

BELIEVED = 0.4
"""Seconds for which a master that was turned here is believed, whatever the engine still says."""

SAID = {
    "go": "/wear/cue/go",
    "back": "/wear/cue/back",
    "tap": "/wear/tempo/tap",
    "half": "/wear/tempo/half",
    "double": "/wear/tempo/double",
    "keep": "/wear/patch/save",
    "record": "/wear/take/record",
}
"""Keys that say one thing, always the same."""

_WINDOW = frozenset({"fullscreen", "display", "save", "view"})
"""What the window does itself."""


class Performer:
    """Keeps what is shown over the picture and what a hand holds. [main thread]

    `panel` is "", "sliders" or "why"; `dark` is "", "panic" or "blackout".
    """

    def __init__(self, say: Say, window: Callable[[str], object], hud: bool) -> None:
        """`window` does what the window does itself: fullscreen, display, save, view."""
        self.hud = hud
        self.help = self.meter = self.frozen = False
        self.panel = ""
        self.dark = ""
        self.sliders = Sliders((), say)
        self.zone, self.control = -1, 0
        self.place: tuple[int, int] | None = None
        """Where a zone was pointed at with the mouse, None where it was chosen by keys."""
        self.told = Told()
        self._dress: Dress | None = None
        self._say, self._window = say, window
        self._told_dark, self._told_frozen = "", False
        self._escaped = self._resumed = self._mastered = -100.0
        self._master = 1.0
        self._dragged: int | None = None

    def wear(self, dress: Dress) -> None:
        """From here on the names are those of `dress`."""
        zone = self._dress.zones[self.zone] if self._dress and 0 <= self.zone < len(self._dress.zones) else ""
        self._dress = dress
        self.sliders.dressed(dress.sliders)
        self.zone = dress.zones.index(zone) if zone in dress.zones else -1
        self._dragged = None

    def obey(self, frame: Frame, told: Told, now: float) -> None:
        """What other hands did too: it is shown here as soon as it is news."""
        if frame.dark != self._told_dark:
            self.dark = self._told_dark = frame.dark
        if frame.frozen != self._told_frozen:
            self.frozen = self._told_frozen = frame.frozen
        self.told = told
        self.sliders.tell(told.values.tolist(), now)

    def key(self, key: Key, typed: str, shift: bool, now: float) -> bool:
        """Do what a key does; False where it has nothing to do here."""
        action = key.action
        if action in SAID:
            self._say(SAID[action])
        elif action in _WINDOW:
            self._window(action)
        elif key.group == "in a panel":
            return self._in_panel(action, shift, now)
        else:
            return self._hand(action, typed, shift, now)
        return True

    def _hand(self, action: str, typed: str, shift: bool, now: float) -> bool:
        match action:
            case "quit":
                self._say("/wear/quit", "key q")
            case "escape":
                self._escape(now)
            case "again":
                self._again(now)
            case "blackout" if self.dark != "panic":
                self.dark = "" if self.dark else "blackout"
                self._say("/wear/blackout", int(bool(self.dark)))
            case "freeze":
                self.frozen = not self.frozen
                self._say("/wear/freeze", int(self.frozen))
            case "softer" | "louder":
                self._turn_master(MASTER if action == "louder" else -MASTER, now)
            case "scene":
                return self._scene(typed)
            case "next" | "previous":
                several = self._dress is not None and len(self._dress.set_list) > 1
                self._say(f"/wear/{'set' if several else 'scene'}/{action}")
            case "earlier" | "later":
                ms = 1.0 if shift else 10.0
                self._say("/wear/tempo/nudge", -ms if action == "earlier" else ms)
            case "lock":
                self._say("/wear/tempo/lock", int(not self.told.locked))
            case "sliders" | "why":
                self.panel = "" if self.panel == action else action
            case "flashes":
                self.meter = not self.meter
            case "help":
                self.help = not self.help
        return True

    def _escape(self, now: float) -> None:
        """Panels go first, then the strip; twice is a panic whatever it closed."""
        if now - self._escaped < TWICE:
            self.dark = "panic"
            self._say("/wear/panic")
        self._escaped = now
        if self.panel or self.help:
            self.panel, self.help = "", False
        else:
            self.hud = not self.hud

    def _again(self, now: float) -> None:
        if self.dark or self.frozen:
            self.dark, self.frozen, self._resumed = "", False, now
            self._say("/wear/resume")
        elif now - self._resumed >= CALM:
            self._say("/wear/scene/random")

    def _turn_master(self, by: float, now: float) -> None:
        believed = now - self._mastered < BELIEVED
        level = self._master if believed else self.told.master
        self._master, self._mastered = min(1.0, max(0.0, round((level + by) / MASTER) * MASTER)), now
        self._say("/wear/master", round(self._master, 2))

    def _scene(self, typed: str) -> bool:
        scenes = self._dress.scenes if self._dress else ()
        number = int(typed) - 1 if typed.isdecimal() else -1
        if not 0 <= number < len(scenes):
            return False
        self._say(f"/wear/scene/{scenes[number]}")
        return True

    def _in_panel(self, action: str, shift: bool, now: float) -> bool:
        if self.panel == "sliders":
            match action:
                case "up" | "down":
                    self.sliders.step(-1 if action == "up" else 1)
                case "left" | "right":
                    step = COARSE if shift else FINE
                    self.sliders.turn(-step if action == "left" else step, now)
                case "default":
                    self.sliders.default(now)
            return True
        if self.panel == "why" and self._dress is not None and action != "default":
            if action in ("up", "down"):
                zones = len(self._dress.zones)
                first = 0 if action == "down" else zones - 1
                self.zone = (self.zone + (1 if action == "down" else -1)) % zones if self.zone >= 0 else first
                self.control, self.place = 0, None
            else:
                self.control += 1 if action == "right" else -1
            return True
        return False

    def point(self, zone: int, place: tuple[int, int]) -> None:
        """The mouse is over a zone, -1 for none: then the last one stays."""
        if zone < 0:
            return
        if zone != self.zone:
            self.control = 0
        self.zone, self.place = zone, place

    def take(self, under: tuple[int, float] | None, now: float) -> None:
        """The mouse takes a slider, or nothing."""
        self._dragged = None if under is None else under[0]
        if under is not None:
            self.sliders.put(*under, now)

    @property
    def dragged(self) -> int | None:
        """The slider that the mouse holds."""
        return self._dragged

    def drag(self, share: float, now: float) -> None:
        """What it holds moves along."""
        if self._dragged is not None:
            self.sliders.put(self._dragged, share, now)

    def let_go(self) -> None:
        """The mouse's button is up."""
        self._dragged = None
