"""What a window is told of one show before it can show it: names, files and words, which travel once, as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Slider:
    """A parameter that can be turned in the window; `group` is the head under which it stands.

    `release` is the address that gives it back to the patch, "" where its default is sent instead.
    """

    address: str
    label: str
    group: str
    about: str
    low: float
    high: float
    default: float
    unit: str = ""
    whole: bool = False
    release: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One route, told: why `control` ("chest.glow") moves with `feature` ("room.bass").

    `line` is the route in a person's words, `where` its file and line, `scene` the scene it plays in or "". The
    feature lies between `low` and `high` where it moves the control; `threshold` is where it strikes, None where it
    follows. `out_low`, `out_high`, `curve`, `release` (seconds) and `mode` are the route's own; `later`: of several
    routes to this control the later wins, else the larger.
    """

    control: str
    feature: str
    line: str
    where: str
    scene: str = ""
    low: float = 0.0
    high: float = 1.0
    threshold: float | None = None
    out_low: float = 0.0
    out_high: float = 1.0
    curve: float = 1.0
    release: float = 0.25
    mode: str = "follow"
    scale: str = "even"
    later: bool = False


@dataclass(frozen=True, slots=True)
class Dress:
    """One show as its window needs it. `number` is that of the show (`Frame.show`).

    `features`, `controls`, `zones`, `actuators`: names in the order of the frames' columns and rows; `pixels`: how
    many. `garment` and `sketch` are files, `sketch` "" for none. `screen`: places (x, y) 0..1 on a sketch's picture
    whose colours the engine wants back. `most_ma`: what the garment's battery bears. `device`: what is listened to.
    `set_list`: the titles of a set, `at` which of them this is.
    """

    number: int
    title: str
    features: tuple[str, ...]
    controls: tuple[str, ...]
    zones: tuple[str, ...]
    pixels: int
    garment: str
    sketch: str = ""
    seed: int = 0
    scenes: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    screen: tuple[tuple[float, float], ...] = ()
    most_ma: float = 0.0
    actuators: tuple[str, ...] = ()
    device: str = ""
    set_list: tuple[str, ...] = ()
    at: int = 0
    sliders: tuple[Slider, ...] = ()
    whys: tuple[Why, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain words and numbers, for `json.dumps`."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Dress:
        """The same again."""
        words: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in told.items()
        }
        words["sliders"] = tuple(Slider(**slider) for slider in told.get("sliders", ()))
        words["whys"] = tuple(Why(**why) for why in told.get("whys", ()))
        words["screen"] = tuple((x, y) for x, y in told.get("screen", ()))
        return cls(**words)
