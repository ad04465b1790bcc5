"""A patch made ready to play: features in, controls and OSC messages out, every hop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from wearsound.core import F64, MAX_HOPS, Block, Clock, Event, Parameter, Spec
from wearsound.garment.fit import Fit
from wearsound.mapping.curve import Curves
from wearsound.mapping.dials import Dials, Number
from wearsound.mapping.document import Patch
from wearsound.mapping.look import Blend, Look
from wearsound.mapping.passage import Passage, Route, written
from wearsound.mapping.scene import Scenes
from wearsound.mapping.target import Cast, Part, larger_wins

UNROUNDED = 2.0**30
"""The grid, in steps a unit, of a control that has no step of its own."""


class Score:
    """Implements core.Score for one patch on one garment and one ear.

    `specs` are the given controls, then one for each OSC address the patch plays, also in
    `messages`. Names that this ear or garment lacks raise a PatchError, all at once, with the nearest of
    the `known` features (those of this ear, where nobody says what more there is). With a `fit` a place that the
    garment lacks falls back to another. `seed` is the edition's, the patch's own if not given. `scene` is the leading
    scene after the last hop, "" where only routes outside scenes play.
    """

    def __init__(
        self,
        patch: Patch,
        features: Sequence[Spec],
        controls: Sequence[Spec],
        zones: Sequence[str],
        roles: Mapping[str, tuple[str, ...]],
        clock: Clock,
        known: Sequence[str] = (),
        fit: Fit | None = None,
        seed: int | None = None,
    ) -> None:
        cast = Cast(patch, features, controls, zones, roles, known, fit)
        parts = cast.parts()
        self.messages: tuple[str, ...] = tuple(cast.messages)
        self.specs: tuple[Spec, ...] = (*controls, *cast.messages.values())
        self._curves = Curves([part.line for part in parts], clock)
        self._scenes = Scenes(patch.scenes, clock, patch.cues, patch.go_guard)
        n_parts, n_controls = len(parts), len(self.specs)
        placed = list(zip(self._curves.rows, parts, strict=True))

        def look(*scenes: str, struck: bool | None = None) -> Look:
            playing = [
                (row, part)
                for row, part in placed
                if part.scene in scenes and struck in (None, _strikes_in_scene(part))
            ]
            return Look(self.specs, playing, n_parts)

        self._looks = [look("", name) for name in self._scenes.names]
        # While scenes cross, strikes stay out of the mix: those of the leading scene come on top.
        struck = {
            name: [p for p in parts if p.scene == name and _strikes_in_scene(p)]
            for name in self._scenes.names
            if name
        }
        self._steady, self._struck = self._looks, []
        if any(struck.values()):
            self._steady = [look("", name, struck=False) for name in self._scenes.names]
            self._struck = [look(name, struck=True) for name in self._scenes.names]
        self._on_top = np.array(
            [
                [any(spec.name in p.targets for p in struck.get(name, ())) for spec in self.specs]
                for name in self._scenes.names
            ]
        )
        switched = [p for p in parts if p.scene and p.line.mode == "trigger" and not _strikes_in_scene(p)]
        self._blend = Blend(self.specs, {name for part in switched for name in part.targets})
        self._hues = [row for row, part in placed if part.like.endswith(".hue")]
        self._wraps = self._wrapping()
        self._silence = self._column(features, patch.lane, "silence") if self._scenes.has_rest else None
        self._beat = self._column(features, "room", "beat", patch.lane)
        self._downbeat = self._column(features, "room", "downbeat", patch.lane)
        self._outputs = np.zeros((MAX_HOPS, n_parts + n_controls))
        self._outputs[:, n_parts:] = [spec.default for spec in self.specs]
        self._first_outputs = self._outputs[0, :n_parts]
        self._n_parts = n_parts
        self._controls = np.zeros((MAX_HOPS, n_controls))
        self._mixes = np.zeros((len(self._looks), MAX_HOPS, n_controls))
        self._per_unit = np.array([round(1 / s.step, 9) if s.step else UNROUNDED for s in self.specs])
        self.scene = self._scenes.names[self._scenes.leader]
        self._dials = Dials(patch, parts, self._curves, self._scenes, self.specs, features, seed)
        self._now = np.array([spec.default for spec in self.specs])
        self._parts, self._features = parts, features
        self._routes, self._played_by = written(parts, features)
        self._passage = Passage(self.specs, self._blend, clock)

    def reset(self) -> None:
        """State of every route and crossfade to its start, and all that was turned. [engine thread]"""
        self._curves.reset()
        self._scenes.reset()
        self._dials.reset()
        self._passage.reset()
        self._wraps = self._wrapping()
        self.scene = self._scenes.names[self._scenes.leader]

    def inherit(self, old: object) -> None:
        """Go on from where `old` is, the score of another patch or of this one as it was. [engine thread]

        Routes that both have go on, and so do scenes and what hands hold. A control that is played otherwise than
        before goes over in `passage.FADE` seconds from what was last said of it; one that is played as before goes
        on to the bit.
        """
        if not isinstance(old, Score):
            return
        rows = {key: row for key, row in zip(old._routes, old._curves.rows, strict=True)}
        ours = zip(self._routes, self._curves.rows, strict=True)
        self._curves.inherit(old._curves, [(row, rows[key]) for key, row in ours if key in rows])
        self._scenes.inherit(old._scenes)
        self._dials.inherit(old._dials)
        self._wraps = self._wrapping()
        self.scene = self._scenes.names[self._scenes.leader]
        theirs = {spec.name: i for i, spec in enumerate(old.specs)}
        moved = self._otherwise(old, theirs)
        self._now = self._passage.begin(old._passage, theirs, old._now, moved)

    def _otherwise(self, old: Score, theirs: Mapping[str, int]) -> list[int]:
        """Columns of the controls that are played otherwise than `old` plays them."""
        scenes = self._scenes.names != old._scenes.names or self._scenes.leader != old._scenes.leader
        let_go = {old.specs[column].name for column in old._dials.held} - {
            self.specs[column].name for column in self._dials.held
        }
        moved, then, since = [], old._played_now(), self._played_now()
        for column, spec in enumerate(self.specs):
            before, now = then.get(spec.name, ()), since.get(spec.name, ())
            same = spec.name in theirs and old.specs[theirs[spec.name]] == spec and before == now
            if not same or spec.name in let_go or (scenes and any(route[1] for route in (*before, *now))):
                moved.append(column)
        return moved

    def _played_now(self) -> dict[str, tuple[Route, ...]]:
        """By which routes each control is played, with the numbers that hands gave them: a file that says what was
        turned changes nothing."""
        if not self._curves.turned:
            return self._played_by
        placed = zip(self._parts, self._curves.rows, strict=True)
        turned = [replace(part, line=self._curves.line(row)) for part, row in placed]
        return written(turned, self._features)[1]

    def take(self, event: Event) -> None:
        """Scenes, zones and the numbers of routes may be changed from outside (`dials`). [engine thread]"""
        if self._dials.take(event):
            self._wraps = self._wrapping()

    def parameters(self) -> list[Parameter]:
        """All that may be changed from outside, with their values as of the last block. [any thread]"""
        return self._dials.parameters(lambda: self._now)

    @property
    def place(self) -> tuple[str, str]:
        """The cue that was taken last and the scene that was asked for last, "" for none. [engine thread]"""
        cues = self._scenes.cues
        return cues.names[cues.at] if cues.at >= 0 else "", self._scenes.called

    def begin(self, cue: str, scene: str) -> None:
        """Start at the `place` of another score, as far as this patch has it. [before the first block]"""
        self._scenes.begin(cue, scene)
        self.scene = self._scenes.names[self._scenes.leader]

    def as_events(self) -> list[Event]:
        """What brings another score, from its start, to what hands hold and have turned here. [engine thread]"""
        return self._dials.as_events()

    @property
    def cue_names(self) -> tuple[str, ...]:
        """The cue list. [any thread]"""
        return self._scenes.cues.names

    @property
    def cue(self) -> int:
        """The place in the list of the cue that was taken last, -1 for none. [any thread]"""
        return self._scenes.cues.at

    @property
    def next_cue(self) -> int:
        """The place of the cue that GO will take, -1 at the end. [any thread]"""
        return self._scenes.cues.next

    @property
    def waiting(self) -> int:
        """Which of the patch's scenes waits for its beat or bar, -1 for none. [any thread]"""
        return self._scenes.waiting

    @property
    def held(self) -> tuple[int, ...]:
        """Columns of the controls that a hand holds. [engine thread]"""
        return self._dials.held

    @property
    def held_at(self) -> dict[str, float]:
        """The controls that a hand holds, and where. [any thread]"""
        return self._dials.held_at

    @property
    def turned(self) -> dict[int, dict[str, Number]]:
        """The numbers of routes that a hand turned (`Dials.turned`). [any thread]"""
        return self._dials.turned

    @property
    def ignored(self) -> int:
        """How many GOs and BACKs came too soon after one before them, and were none. [any thread]"""
        return self._scenes.cues.ignored

    def scene_at(self, hop: int) -> str:
        """The leading scene at one hop of the last block: the same for any grouping. [engine thread]"""
        return self._scenes.names[self._scenes.leaders[hop]]

    def play(self, block: Block, features: F64) -> F64:
        """Controls (n_hops, n) in the order of `specs`, valid until the next call. [engine thread]"""
        n, tick = block.n_hops, block.tick
        outputs, out = self._outputs[:n], self._controls[:n]
        if n == 1:
            self._curves.play(tick, n, features[0], self._first_outputs)
        else:
            self._curves.play(tick, n, features, outputs[:, : self._n_parts])
        for row in self._wraps:
            outputs[:, row] %= 1.0
        scenes = self._scenes
        silence = None if self._silence is None else features[:n, self._silence].tolist()
        beats = None if self._beat is None else features[:n, self._beat].tolist()
        downbeats = None if self._downbeat is None else features[:n, self._downbeat].tolist()
        weights = scenes.advance(tick, n, silence, beats, downbeats)
        if weights is None:
            if n == 1:
                outputs, out = outputs[0], out[0]
            self._looks[scenes.leader].write(n, outputs, out)
        else:
            self._cross(n, outputs, np.array(weights), out)
            self.scene = scenes.names[scenes.leader]
        controls = self._controls[:n]
        if self._passage.open:
            self._passage.over(tick, controls)
        self._dials.hold(controls)
        np.multiply(out, self._per_unit, out)
        np.rint(out, out)
        np.divide(out, self._per_unit, out)
        np.copyto(self._now, controls[-1])
        return controls

    def _wrapping(self) -> list[int]:
        """Rows of hues that run over an end of their circle."""
        reaches = ((row, self._curves.line(row).reach) for row in self._hues)
        return [row for row, reach in reaches if min(reach) < 0 or max(reach) > 1]

    def _cross(self, n: int, outputs: F64, weights: F64, out: F64) -> None:
        """Several scenes at once, by weight; each hop's mix depends on that hop's weights alone."""
        done = np.zeros((n, 1))
        for k, look in enumerate(self._steady):
            weight = weights[:, k : k + 1]
            if not weight.any():
                continue
            now = self._mixes[k, :n]
            look.write(n, outputs, now)
            done += weight
            share = np.divide(weight, done, out=np.zeros((n, 1)), where=done > 0.0)
            out[:] = self._blend.mix(out, now, share)
        if not self._struck:
            return
        leaders = np.array(self._scenes.leaders)[:, None]
        for k in sorted(set(self._scenes.leaders)):
            now = self._mixes[k, :n]
            self._struck[k].write(n, outputs, now)
            np.maximum(out, now, out=out, where=(leaders == k) & self._on_top[k])

    @staticmethod
    def _column(features: Sequence[Spec], lane: str, name: str, other: str = "") -> int | None:
        names = [spec.name for spec in features]
        found = [names.index(full) for full in (f"{lane}.{name}", f"{other}.{name}") if full in names]
        return found[0] if found else None


def _strikes_in_scene(part: Part) -> bool:
    """Whether a scene's crossfade must not scale this route: it comes and goes at half."""
    return bool(part.scene) and part.line.mode == "trigger" and larger_wins(part.like)
