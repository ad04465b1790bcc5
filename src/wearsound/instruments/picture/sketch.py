"""A sketch: an artist's picture as a Python class with `draw`. It draws; it moves no control."""

from __future__ import annotations

import ast
import inspect
import math
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from wearsound.errors import PatchError, reason
from wearsound.gallery import suggest

if TYPE_CHECKING:
    from wearsound.core import Spec
    from wearsound.instruments.picture.canvas import Canvas
    from wearsound.instruments.picture.heard import Heard


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a sketch that can be turned: default, range, one line."""

    default: float
    low: float = 0.0
    high: float = 1.0
    about: str = ""

    def __get__(self, sketch: object | None, owner: type | None = None) -> Any:
        # Until it is set, `self.warmth` is the default; the class itself shows the Parameter.
        return self if sketch is None else self.default


def parameter(default: float, low: float = 0.0, high: float = 1.0, about: str = "") -> Any:
    """A parameter with a range of its own: `warmth: float = parameter(0.4, 0, 2, "how warm")`."""
    return Parameter(default, low, high, about)


class Sketch:
    """Subclass me, write `draw(self, c, f)`; `c` is the canvas, `f` is what is heard.

    `hears = ("pitch", "chroma")` asks for features that are not heard otherwise; it is read from the
    file before anything runs, so write the names out.

    Annotated class attributes with a default are parameters: `warmth: float = 0.4` (0..1, or up to
    twice the default where that is more), `warmth: float = parameter(0.4, 0, 2)`. Read them as
    `self.warmth`; a patch turns them (`to = "sketch.warmth"`), and OSC (`/wear/param/sketch/warmth`). Like `hears`
    they are read from the file, so write the numbers out. Make everything else in `setup`.

    While it plays you can change the file: when it is saved, a new sketch takes over, is set up, and goes on from what
    the canvas shows. What `keeps = ("cloth", "pin")` names goes on too: `self.cloth` and `self.pin`, made in `setup`,
    are then the old sketch's, by value; where one of them no longer fits (another size), all begin anew. What you keep
    in `self.state` is there before `setup`: `self.state.n = getattr(self.state, "n", 0)` begins with 0 once. Keep
    numbers, texts, lists, dicts, arrays and layers. Another file's sketch begins from nothing.
    """

    hears: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()
    state: SimpleNamespace

    def __new__(cls, *args: Any, **more: Any) -> Self:
        """Its `state` is there before `setup`, and before an `__init__` of its own."""
        made = super().__new__(cls)
        made.state = SimpleNamespace()
        return made

    def setup(self, c: Canvas) -> None:
        """Called once, before the first frame; for a file that is saved while another sketch plays, beside that.

        [any thread of the process that shows it]
        """

    def draw(self, c: Canvas, f: Heard) -> None:
        """Called for every frame. [main thread of the process that shows it]"""

    def hit(self, f: Heard, name: str) -> int:
        """How often `name` ("onset", "beat", "body.onset") came since my last frame: none lost, none twice."""
        return f.grew(name)

    def ease(self, f: Heard, name: str, value: float, attack: float = 0.03, release: float = 0.3) -> float:
        """`value`, following upwards within `attack` and downwards within `release` seconds.

        `name` keeps one memory apart from another; asked twice in a frame it moves once. The first
        answer is `value` itself.
        """
        memory: dict[str, tuple[int, float]] = self.__dict__.setdefault("_eased", {})
        moved, now = memory.get(name, (f.tick, value))
        if moved != f.tick:
            seconds = attack if value > now else release
            now += (value - now) * (1.0 if seconds <= 0 else 1 - math.exp(-f.dt / seconds))
        memory[name] = (f.tick, now)
        return now

    @classmethod
    def parameters(cls) -> tuple[Spec, ...]:
        """What can be turned, in the order it was written."""
        from wearsound.core import Spec

        found: dict[str, Spec] = {}
        for owner in reversed(cls.__mro__):
            if owner is Sketch or not issubclass(owner, Sketch):
                continue
            for name, kind in inspect.get_annotations(owner).items():
                default = owner.__dict__.get(name)
                if name.startswith("_") or "ClassVar" in str(kind):
                    continue
                if not isinstance(default, int | float | Parameter):
                    continue
                given = default if isinstance(default, Parameter) else ranged(default)
                step = 1.0 if _whole(kind) else 0.0
                found[name] = Spec(name, "", given.low, given.high, step, given.about, default=given.default)
        return tuple(found.values())

    def set(self, name: str, value: float) -> None:
        """Turn a parameter, kept inside its range; PatchError with the nearest name if there is none."""
        for spec in self.parameters():
            if spec.name == name:
                inside = min(spec.high, max(spec.low, float(value)))
                kind = bool if isinstance(spec.default, bool) else int
                setattr(self, name, kind(round(inside)) if spec.step else inside)
                return
        names = [spec.name for spec in self.parameters()]
        raise PatchError(f"the sketch {type(self).__name__} has no parameter {name!r}{suggest(name, names)}")


def _whole(kind: object) -> bool:
    return getattr(kind, "__name__", kind) in ("int", "bool")


def ranged(default: float) -> Parameter:
    """A parameter written as a bare number: 0..1, or up to twice the default where that is more."""
    if isinstance(default, bool):
        return Parameter(default)
    return Parameter(default, min(0.0, 2.0 * default), max(1.0, 2.0 * default))


def load_sketch(path: Path, text: str | None = None) -> type[Sketch]:
    """The one Sketch class of a file, which is run in a module of its own. [main thread]

    `text` is what the file held when it was read, where it may have changed since.
    Raises PatchError with file and line for a file that cannot be read, compiled or imported, or
    that has no Sketch class, more than one, or one without `draw`.
    """
    path = Path(path)
    try:
        source = path.read_bytes() if text is None else text.encode()
        code = compile(source, str(path), "exec", dont_inherit=True)
    except OSError as error:
        raise PatchError(f"{path}: the sketch cannot be read ({reason(error)})") from None
    except SyntaxError as error:
        raise PatchError(f"{path}:{error.lineno or 1}: this is not Python: {error.msg}") from None
    except ValueError as error:
        raise PatchError(f"{path}:1: this is not Python: {error}") from None
    module = ModuleType(f"wearsound_sketch_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up by name
    try:
        exec(code, module.__dict__)
    except (Exception, SystemExit) as error:
        raise PatchError(sentence(error, path)) from error
    own = [
        value
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, Sketch)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    ]
    if not own:
        raise PatchError(f"{path}: no class here is a Sketch; write `class {path.stem.title()}(Sketch):`")
    if len(own) > 1:
        lines = ", ".join(f"{kind.__name__} (line {_line(kind, source)})" for kind in own)
        raise PatchError(f"{path}: one file holds one Sketch, here are {lines}; name the others with a _")
    if own[0].draw is Sketch.draw:
        raise PatchError(f"{path}:{_line(own[0], source)}: {own[0].__name__} has no draw(self, c, f)")
    try:
        inspect.signature(own[0].draw).bind(None, None, None)
    except TypeError:
        raise PatchError(f"{path}:{_line(own[0], source)}: write `def draw(self, c, f):`") from None
    return own[0]


def sentence(error: BaseException, path: Path) -> str:
    """What went wrong in a sketch, in one sentence with file and line."""
    at = [entry.lineno for entry in traceback.extract_tb(error.__traceback__) if entry.filename == str(path)]
    text = str(error).strip().partition("\n")[0]
    if isinstance(error, SystemExit):
        text = "a sketch must not leave the program"
    elif type(error) in (ValueError, AttributeError, PatchError) or isinstance(error, LookupError):
        text = text if " " in text else f"{type(error).__name__}: {text}"
    else:
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{path}:{at[-1] if at else 1}: {text}"


def _line(kind: type, source: bytes) -> int:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            return node.lineno
    return 1
