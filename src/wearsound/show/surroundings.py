"""Everything around a running engine that must know which show plays: what it sends to, its tree, who looks at it.

Another show is got ready here aside, and attached by the engine between two blocks: whatever both send to plays on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from wearsound import faults
from wearsound.core import Event, Parameter
from wearsound.osc.tree import Tree
from wearsound.outputs.delay import Delayed
from wearsound.outputs.echo import Echo
from wearsound.outputs.osc import Osc
from wearsound.show.build import Built, Made, osc_messages
from wearsound.show.hands import hand_to
from wearsound.show.targets import HOMES, Target, targets_of
from wearsound.show.tree import tree


@dataclass(frozen=True, slots=True)
class Playing:
    """A target that plays, and the engine's list that it plays in."""

    home: str
    part: Any


class _Told(Protocol):
    def parameters(self) -> list[Parameter]: ...


class Surroundings:
    """What plays beside the engine, and changes with its show.

    `tree` is one object for the whole evening. `others` are parts that take the hand at once beside the targets, such
    as a source that is heard itself.
    """

    def __init__(
        self,
        built: Built,
        *,
        mute: bool = False,
        others: Iterable[Any] = (),
    ) -> None:
        self.built = built
        self.tree = Tree([])
        self.echo: Echo | None = None
        self.more: list[_Told] = []
        """Who has parameters beside the rooms: a set, a recorder."""
        self.attached: list[Callable[[Made, int], None]] = []
        """Told of each show that begins to play, and its number. [engine thread]"""
        self.readied: list[Callable[[Made, int, Tree], None]] = []
        """Told of each show that is got ready, its number and its tree. [a thread of its own]"""
        self._mute = mute
        self._others = tuple(others)
        self._window: list[Any] = []
        self._playing: dict[str, Playing] = {}
        self._hand = hand_to(self._others)

    def begin(self, window: Any | None) -> None:
        """Let the engine have the targets of the show it begins with; nothing is open yet. [main thread]

        OSC and light come after the window, so that they are closed before: receivers are told to go dark at once.
        """
        engine = self.built.engine
        self._window = [window] if window is not None else []
        engine.outputs.extend(self._window)
        for target in targets_of(self.built.show, self.built, mute=self._mute):
            part = target.make()
            self._playing[target.key] = Playing(target.home, part)
            getattr(engine, target.home).append(part)
        self._hand = hand_to([*self.told_at_once, *self._others])
        self.tree.become(self._tree_of(self.built, self._playing))
        engine.inbox.values = self.tree.values

    @property
    def outputs(self) -> list[Any]:
        """All that is sent to, the window left out. [any thread]"""
        return [playing.part for playing in self._playing.values()]

    def playing(self, home: str) -> list[Any]:
        """What is sent to from one of the engine's lists: "drivers", "speakers". [any thread]"""
        return _at(home, list(self._playing.values()))

    @property
    def told_at_once(self) -> list[Any]:
        """Light, motors and speakers: they obey a hand also while the engine hangs. OSC is told by the engine alone."""
        parts = [part.output if isinstance(part, Delayed) else part for part in self.outputs]
        return [part for part in parts if not isinstance(part, Osc)]

    def at_once(self, event: Event) -> None:
        """Tell whoever obeys a hand at once. [any thread]"""
        self._hand(event)

    def ahead(self, made: Made, number: int) -> Callable[[], None]:
        """Get everything ready for another show; what it returns attaches it. [a thread of its own]

        A WearsoundError says why it cannot be; then nothing has changed.
        """
        built = replace(self.built, made=made)
        playing = dict(self._playing)
        wanted = {target.key: target for target in targets_of(made.show, built, mute=self._mute)}
        same_rig = made.show.rig == self.built.show.rig
        left = [key for key in playing if key not in wanted and not (same_rig and self._stays(playing[key]))]
        leaving = [playing.pop(key) for key in left]
        coming = {key: self._made(target) for key, target in wanted.items() if key not in playing}
        playing |= coming
        new_tree = self._tree_of(built, playing)
        for tell in self.readied:
            tell(made, number, new_tree)
        for output in playing.values():
            if isinstance(output.part, Delayed) and isinstance(output.part.output, Osc):
                osc = output.part.output
                osc.learn(number, osc_messages(built, made.show, health=True, rate=osc.rate))
        return partial(self._attach, made, number, playing, leaving, list(coming.values()), new_tree)

    def _stays(self, playing: Playing) -> bool:
        """Loudspeakers stay open for a show that is silent: the next one may sound."""
        return playing.home == "speakers"

    def _made(self, target: Target) -> Playing:
        part = target.make()
        find = getattr(part, "find", None)
        if find is not None:
            find()
        return Playing(target.home, part)

    def _attach(
        self,
        made: Made,
        number: int,
        playing: dict[str, Playing],
        leaving: list[Playing],
        coming: list[Playing],
        new_tree: Tree,
    ) -> None:
        """The engine plays this show from here on. [engine thread]"""
        engine = self.built.engine
        self.built.made = made
        self._playing = playing
        self._hand = hand_to([*self.told_at_once, *self._others])
        self.tree.become(new_tree)
        engine.inbox.values = new_tree.values
        if self.echo is not None:
            self.echo.become(new_tree)
        for home in HOMES:
            engine.exchange(getattr(engine, home), _at(home, leaving), _at(home, coming))
        for tell in self.attached:
            tell(made, number)

    def _tree_of(self, built: Built, playing: dict[str, Playing]) -> Tree:
        parts = [*self._window, *(each.part for each in playing.values())]
        more = [parameter for each in self.more for parameter in each.parameters()]
        return tree(built, parts, [self._title(), _faults(), *more])

    def _title(self) -> Parameter:
        def read() -> str:
            return self.built.show.patch.title

        return Parameter("/wear/show", "the title of what plays", "text", read=read, settable=False)


def _faults() -> Parameter:
    def read() -> str:
        return "; ".join(f"{fault.code} {fault.who}" for fault in faults.now())

    about = "what is wrong now: the code of each fault and whom it befell, the oldest first"
    return Parameter("/wear/faults", about, "text", read=read, settable=False)


def _at(home: str, playing: list[Playing]) -> list[Any]:
    return [each.part for each in playing if each.home == home]
