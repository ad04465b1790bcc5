"""The demo track: a dub-techno miniature of forty seconds, composed from a seed, with its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wearsound.core import F32, F64
from wearsound.sources.composer.bass import Note, play_bass, write_bass
from wearsound.sources.composer.body import RUBS, Stroke, play_body, rubs, write_steps, write_taps
from wearsound.sources.composer.chords import Stab, play_stabs, write_stabs
from wearsound.sources.composer.crowd import play_crowd, write_applause, write_claps
from wearsound.sources.composer.drums import Hit, play_hats, play_snares, write_hats, write_snares
from wearsound.sources.composer.echo import echo
from wearsound.sources.composer.form import RATE, SAMPLES, SECONDS, SILENCE, SLOW, Form, Span, choose_form
from wearsound.sources.composer.kick import duck, play_kicks, write_kicks
from wearsound.sources.composer.mix import mix_down, side_channel
from wearsound.sources.composer.pad import play_pad
from wearsound.sources.composer.spectrum import back, forward
from wearsound.sources.composer.surface import play_riser, play_surface
from wearsound.sources.composer.truth import Truth


@dataclass(frozen=True, slots=True)
class Track:
    """`samples` float32 (1_920_000, 4), exact 16-bit values, 48 kHz; what is in them in `truth`.

    Columns: music left, music right, contact microphone, crowd.
    """

    samples: F32
    truth: Truth


@dataclass(frozen=True, slots=True)
class Score:
    """Every part, written out before a note is played."""

    kicks: tuple[float, ...]
    bass: tuple[Note, ...]
    hats: tuple[Hit, ...]
    snares: tuple[Hit, ...]
    stabs: tuple[Stab, ...]
    steps: tuple[float, ...]
    rubs: tuple[Stroke, ...]
    taps: tuple[float, ...]
    applause: tuple[Span, ...]
    claps: tuple[float, ...]


def write_score(form: Form) -> Score:
    """What each instrument will play."""
    return Score(
        kicks=write_kicks(form),
        bass=write_bass(form),
        hats=write_hats(form),
        snares=write_snares(form),
        stabs=write_stabs(form),
        steps=write_steps(form),
        rubs=rubs(form.seed, RUBS),
        taps=write_taps(form),
        applause=write_applause(form),
        claps=write_claps(form),
    )


def compose_fresh(seed: int = 7) -> Track:
    """Write the score of a seed, play it, mix it. Equal bits for equal seeds. [any thread]"""
    form = choose_form(seed)
    score = write_score(form)
    music = mix_down(
        kick=play_kicks(score.kicks),
        tuned=_full_rate(
            1.4 * echo(form, play_stabs(form, score.stabs), 0.075 * play_pad(form)),
            0.28 * play_bass(form, score.bass),
        ),
        drums=2.6 * play_hats(form, score.hats) + 1.7 * play_snares(form, score.snares),
        surface=play_surface(form) + 0.12 * play_riser(form),
        duck=duck(score.kicks),
    )
    body = side_channel(play_body(form.seed, score.steps, score.rubs, score.taps))
    crowd = side_channel(play_crowd(form, score.applause, score.claps))
    return Track(sixteen_bits((*music, body, crowd)), _truth(form, score))


def write_truth(seed: int = 7) -> Truth:
    """The truth of a seed without its sound: a few milliseconds. [any thread]"""
    form = choose_form(seed)
    return _truth(form, write_score(form))


def _truth(form: Form, score: Score) -> Truth:
    return Truth(
        seed=form.seed,
        bpm=form.bpm,
        seconds=float(SECONDS),
        root_hz=form.root_hz,
        beats=tuple(form.at(0, 4 * beat) for beat in range(4 * form.bars)),
        bars=tuple(form.at(bar) for bar in range(form.bars)),
        kicks=score.kicks,
        snares=tuple(hit.time for hit in score.snares),
        hats=tuple(sorted(hit.time for hit in score.hats)),
        stabs=tuple(stab.time for stab in score.stabs),
        bass=score.bass,
        silence=SILENCE,
        sections=form.sections(),
        steps=score.steps,
        rubs=score.rubs,
        taps=score.taps,
        claps=score.claps,
        applause=score.applause,
    )


def _full_rate(chords: F64, bass: F64) -> F64:
    """What is made at SLOW, at RATE (2, SAMPLES): the same spectrum, with nothing above it."""
    high = RATE // SLOW
    tuned = chords + bass
    end = SLOW // 2
    tuned[:, -end:] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(end) / end)  # the ends must meet
    return back(forward(tuned) * high, SAMPLES)


def sixteen_bits(channels: tuple[F64, ...]) -> F32:
    """Columns (n, channels), rounded last of all, so that a last bit in a sine somewhere is not heard of again."""
    out = np.empty((len(channels[0]), len(channels)), np.float32)
    for column, channel in enumerate(channels):
        out[:, column] = np.rint(channel * 32_768.0) * 2.0**-15
    return out
