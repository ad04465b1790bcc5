"""The yardstick measures right: known answers, known files, known sounds."""

from __future__ import annotations

import json
import math
import shutil
import struct

import numpy as np
import pytest
from thorough import some

from benchmarks.hearing import heldlog, midi, pieces, report, synth, treat
from benchmarks.hearing.dice import Dice
from benchmarks.hearing.loudness import integrated
from benchmarks.hearing.measures import Answer, latencies, score, settle, stroke_f
from benchmarks.hearing.score import DRUMS, Note, Score
from benchmarks.hearing.styles import all_styles
from benchmarks.hearing.tempo import Tempo, ramped, steady, stepped
from benchmarks.hearing.truth import Truth, merged, of


def _synth_there() -> bool:
    try:
        synth.soundfont()
    except synth.NoSynthError:
        return False
    return shutil.which("fluidsynth") is not None


fluidsynth_there = pytest.mark.skipif(not _synth_there(), reason="fluidsynth or its soundfont is missing")


def _truth() -> Truth:
    beats = [0.5 * number for number in range(60)]
    known = Truth("test", 30.0, tempo=120.0, onsets=beats, beats=beats, downbeats=beats[::4])
    known.drums = {"kick": beats[::4], "snare": beats[2::4], "hat": []}
    return known


def _answer(shift: float = 0.0, late: float = 0.0, every: float = 0.5) -> Answer:
    times = [every * number + shift for number in range(int(30.0 / every))]
    said = [time + late for time in times]
    return Answer(times, said, times, said, drums={"kick": times[::4], "snare": times[2::4], "hat": []})


# the scorer


def test_a_perfect_answer_is_perfect():
    got = score(_truth(), _answer())
    for name in ("onset", "onset_decided", "beat", "AMLt", "CMLt", "acc1", "acc2", "kick", "snare"):
        assert got[name] == pytest.approx(1.0), name
    assert got["latency"] == pytest.approx(0.0)
    assert "hat" not in got  # no hat is played, so there is nothing to find
    assert "downbeat" not in got  # the listener does not say


def test_onsets_may_be_50_ms_off_and_no_more():
    assert score(_truth(), _answer(shift=0.045))["onset"] == pytest.approx(1.0)
    assert score(_truth(), _answer(shift=0.055))["onset"] == 0.0


def test_beats_may_be_70_ms_off_and_no_more():
    assert score(_truth(), _answer(shift=0.065))["beat"] == pytest.approx(1.0)
    assert score(_truth(), _answer(shift=0.075))["beat"] == 0.0


def test_off_beats_are_wrong_in_beat_f_but_allowed_in_amlt():
    got = score(_truth(), _answer(shift=0.25))
    assert got["beat"] == 0.0
    assert got["AMLt"] > 0.95
    assert got["CMLt"] == 0.0
    assert got["acc1"] == 1.0


def test_a_doubled_tempo_is_half_right():
    got = score(_truth(), _answer(every=0.25))
    assert got["acc1"] == 0.0
    assert got["acc2"] == 1.0
    assert got["beat"] == pytest.approx(2 / 3, abs=0.01)
    assert got["AMLt"] > 0.95


def test_a_late_decision_is_told_from_a_late_time():
    got = score(_truth(), _answer(late=0.03))
    assert got["onset"] == pytest.approx(1.0)
    assert got["latency"] == pytest.approx(30.0)
    tardy = score(_truth(), _answer(late=0.06))
    assert tardy["onset"] == pytest.approx(1.0)
    assert tardy["onset_decided"] == 0.0
    assert "latency" not in tardy


def test_saying_nothing_scores_nothing_and_fails_nowhere():
    got = score(
        _truth(), Answer(onsets_decided=[], beats_decided=[], drums={"kick": [], "snare": [], "hat": []})
    )
    assert all(value == 0.0 for value in got.values()), got


def test_beats_and_onsets_in_nothing_are_counted_by_the_minute():
    got = score(Truth("hiss", 30.0, onsets=[]), _answer())
    assert got == {"false_onsets": 120.0, "false_beats": 120.0}


def test_an_offline_listener_has_no_decisions():
    answer = _answer()
    answer.onsets_decided = answer.beats_decided = None
    assert not {"onset_decided", "latency", "beat_decided"} & set(score(_truth(), answer))


def test_latency_may_be_negative_and_counts_matches_only():
    assert latencies([1.0, 2.0, 3.0], [0.98, 2.04, 3.2]) == pytest.approx([-0.02, 0.04])


def test_a_like_stroke_counts_neither_way():
    assert stroke_f([1.0, 2.0], [1.0, 2.0, 3.0], near=[3.0]) == pytest.approx(1.0)
    assert stroke_f([1.0, 2.0], [1.0, 2.0, 3.0], near=[]) == pytest.approx(0.8)


def test_settling_is_when_the_tempo_stays_right():
    old = [0.6 * number for number in range(20)]
    slow = [*old, *(12.0 + 0.6 * number for number in range(5)), *(15.0 + 60 / 140 * n for n in range(30))]
    took = settle(Answer(beats=slow), 12.0, 140.0, 30.0)
    assert 3.0 < took < 4.5
    assert settle(Answer(beats=[0.6 * number for number in range(50)]), 12.0, 140.0, 30.0) == 18.0
    prompt = [*old, *(12.0 + 60 / 140 * number for number in range(40))]
    assert settle(Answer(beats=prompt), 12.0, 140.0, 30.0) < 1.5


def test_tempo_that_comes_and_goes_has_not_settled():
    right, wrong = 60 / 140, 60 / 100
    beats, now = [], 0.0
    for number in range(60):
        beats.append(now)
        now += right if number // 6 % 2 else wrong
    assert settle(Answer(beats=beats), 2.0, 140.0, 20.0) == 18.0


# the table and the log


def test_the_interval_holds_the_mean_and_is_the_same_each_time():
    values = np.array([0.2, 0.9, 0.4, 0.7, 0.6, 0.8])
    one, two = report.interval(values, "beat"), report.interval(values.copy(), "beat")
    assert one == two
    assert one.low < one.mean < one.high
    assert one.mean == pytest.approx(0.6)


def test_the_table_has_only_columns_that_somebody_has():
    rows = [("a", report.summed([{"beat": 1.0}, {"beat": 0.5}])), ("b", report.summed([{"onset": 0.25}]))]
    text = report.table(rows, intervals=False)
    assert "| a |  | 0.750 |" in text
    assert "| b | 0.250 |  |" in text
    assert "downbeat" not in text


def test_looks_at_the_held_half_are_counted(tmp_path):
    log = tmp_path / "held.log"
    assert heldlog.used(log) == 0
    heldlog.write(report.summed([{"beat": 0.5}]), "2026-01-01", log)
    heldlog.write(report.summed([{"beat": 0.6}]), "2026-01-02", log)
    assert heldlog.used(log) == 2
    assert "beat=0.6" in log.read_text().splitlines()[1]


# music


def test_tempo_steps_fall_on_the_beat():
    tempo = Tempo(stepped(120.0, [(8.0, 60.0)]), 20)
    assert tempo.seconds(8.0) == pytest.approx(4.0)
    assert tempo.seconds(9.0) == pytest.approx(5.0)
    assert tempo.seconds(0.25) == pytest.approx(0.125)
    assert (tempo.at(3.9), tempo.at(4.1)) == (120.0, 60.0)


def test_a_ramp_gets_where_it_should():
    tempo = Tempo(ramped(100.0, 140.0, 4.0, 24.0), 40)
    assert tempo.seconds(31.0) - tempo.seconds(30.0) == pytest.approx(60 / 140)
    middle = 20.0 / 40.0 * 60.0 * math.log(1.4)  # the integral of 60 / bpm over the ramp
    assert tempo.seconds(24.0) - tempo.seconds(4.0) == pytest.approx(middle, abs=1e-3)


def test_swing_moves_only_what_is_off_the_beat():
    score = Score(Dice(1, "t"), Tempo(steady(60.0), 8), 4, 2, loose=0.0, swing=(0.5, 2 / 3))
    part = score.part(0)
    for beat in (0.0, 0.5, 1.0, 1.25, 1.5):
        score.note(part, beat, 0.1, 60)
    starts = [note.start for note in score.notes]
    assert starts == pytest.approx([0.0, 2 / 3, 1.0, 1.0 + 1 / 3, 1 + 2 / 3])


def test_onsets_within_30_ms_are_one():
    late = synth.LATE_SECONDS
    assert merged([1.0, 0.5, 1.029, 1.05, 1.2]) == pytest.approx(
        [0.5 + late, 1 + late, 1.05 + late, 1.2 + late]
    )


def test_truth_knows_strokes_beats_and_bars():
    score = Score(Dice(1, "t"), Tempo(steady(120.0), 12), 3, 4, loose=0.0)
    for bar in range(4):
        score.drum(3 * bar, 36)
        score.drum(3 * bar + 1, 38)
        score.drum(3 * bar + 2, 51)
    known = of(score, "t", 7.0)
    late = synth.LATE_SECONDS
    assert len(known.beats) == 12
    assert known.downbeats == pytest.approx([late, 1.5 + late, 3.0 + late, 4.5 + late])
    assert known.tempo == 120.0
    assert known.drums["kick"] == known.downbeats
    assert known.drums["hat"] == []
    assert len(known.near["hat"]) == 4


def _events(data: bytes) -> list[tuple[float, bytes]]:
    """Read a format 0 file back, as any sequencer would: (seconds, message)."""
    assert data[:4] == b"MThd"
    kind, tracks, quarter = struct.unpack(">HHH", data[8:14])
    assert (kind, tracks) == (0, 1)
    assert data[14:18] == b"MTrk"
    track = data[22:]
    assert struct.unpack(">I", data[18:22])[0] == len(track)
    out, at, tick, tempo = [], 0, 0, 500_000
    while at < len(track):
        delta = 0
        while True:
            byte = track[at]
            at += 1
            delta = delta << 7 | byte & 0x7F
            if byte < 0x80:
                break
        tick += delta
        status = track[at]
        if status == 0xFF:
            size = 3 + track[at + 2]
            if track[at + 1] == 0x51:
                tempo = int.from_bytes(track[at + 3 : at + 6], "big")
        else:
            size = 2 if status & 0xF0 in (0xC0, 0xD0) else 3
        out.append((tick * tempo / 1e6 / quarter, track[at : at + size]))
        at += size
    return out


def test_midi_says_what_was_written():
    notes = [Note(0.5, 0.25, 60, 100, 0), Note(1.2345, 0.1, 36, 90, DRUMS), Note(0.6, 0.5, 60, 80, 0)]
    events = _events(midi.encode(notes, {0: 4, DRUMS: 25}, {0: 90}, {}))
    ons = [(time, message) for time, message in events if message[0] & 0xF0 == 0x90]
    assert [time for time, _ in ons] == pytest.approx([0.5, 0.6, 1.2345], abs=5e-5)
    assert ons[2][1] == bytes([0x90 | DRUMS, 36, 90])
    offs = [time for time, message in events if message[0] == 0x80]
    assert offs == pytest.approx([0.6, 1.1], abs=5e-5)  # struck again at 0.6: the first ends there
    assert bytes([0xC0, 4]) in [message for _, message in events]
    assert events[-1][1][:2] == b"\xff\x2f"


@pytest.mark.parametrize(("value", "bytes_"), [(0, "00"), (127, "7f"), (128, "8100"), (0x0FFFFF, "bfff7f")])
def test_midi_numbers(value, bytes_):
    assert midi.variable(value).hex() == bytes_


# the set


def test_the_set_is_large_and_its_halves_share_no_seed():
    every = pieces.all_pieces()
    assert len(every) >= 120
    assert len({piece.name for piece in every}) == len(every)
    tuning, held = (
        {(piece.style, piece.seed) for piece in pieces.all_pieces(half)} for half in pieces.HALVES
    )
    assert not {seed for _, seed in tuning} & {seed for _, seed in held}
    assert {name for name, _ in tuning} == {name for name, _ in held}
    assert {piece.style for piece in every if piece.kind == "style"} == set(all_styles())


def test_seeds_are_fixed():
    text = json.dumps(json.loads(pieces.SEEDS.read_text()), sort_keys=True)
    import hashlib

    assert hashlib.sha1(text.encode()).hexdigest()[:12] == "25d4cab91a55"


@pytest.mark.parametrize("name", some(sorted(all_styles()), 4))
def test_every_style_writes_the_same_music_twice_and_other_music_for_another_seed(name):
    one, treatment = all_styles()[name].write(3)
    two, _ = all_styles()[name].write(3)
    other, _ = all_styles()[name].write(4)
    assert one.notes == two.notes
    assert one.notes != other.notes
    assert 24.0 <= one.seconds <= 46.0
    assert len(one.notes) > 25
    known = of(one, name, one.seconds + 1.0)
    assert len(known.beats) == one.beats
    assert np.all(np.diff(known.beats) > 0.25)
    assert -50.0 <= treatment.lufs <= -8.0


# sound


def test_loudness_of_the_standards_sine():
    """BS.1770: a 997 Hz sine at 0 dBFS in one channel of two reads -3.01 LUFS."""
    time = np.arange(10 * synth.RATE) / synth.RATE
    sine = np.sin(2 * np.pi * 997.0 * time)
    assert integrated(np.stack([sine, 0 * sine], axis=1)) == pytest.approx(-3.01, abs=0.05)
    assert integrated(np.zeros((44_100, 2))) == -math.inf


def test_treatment_reaches_its_loudness_and_moves_nothing():
    sound = np.zeros((4 * synth.RATE, 2))
    clicks = np.arange(1, 8) * synth.RATE // 2
    for click in clicks:
        sound[click : click + 400] = np.exp(-np.arange(400) / 60.0)[:, None]
    every = treat.Treatment(room=0.3, decay=0.6, noise=40.0, tilt=-1.0, drive=6.0, lufs=-24.0)
    out = treat.treated(sound, every, 5)
    assert integrated(out) == pytest.approx(-24.0, abs=0.3)
    assert len(out) == len(sound)
    for click in clicks:
        loud = np.abs(out[click - 2000 : click + 2000]).max(axis=1)
        assert abs(int(np.argmax(loud > 0.5 * loud.max())) - 2000) < 0.001 * synth.RATE


@pytest.mark.device
@fluidsynth_there
def test_a_click_is_heard_when_the_truth_says():
    late = synth.measure()
    assert len(late) == 5
    assert all(abs(one - synth.LATE_SECONDS) < 0.002 for one in late), late


@pytest.mark.device
@fluidsynth_there
def test_a_piece_sounds_where_its_onsets_are(tmp_path):
    piece = next(piece for piece in pieces.all_pieces("tuning") if piece.style == "electro")
    (path, known) = pieces.made([piece], tmp_path, 1)[0]
    import soundfile

    sound, rate = soundfile.read(path)
    assert abs(len(sound) / rate - known.seconds) < 0.001
    assert known.onsets is not None
    assert known.drums is not None
    strong = known.drums["snare"]
    level = np.abs(sound).max(axis=1)
    rises = []
    for time in strong:
        place = round(time * rate)
        if place > 0.05 * rate:
            before = np.sqrt(np.mean(level[place - round(0.012 * rate) : place - round(0.002 * rate)] ** 2))
            after = np.sqrt(np.mean(level[place : place + round(0.01 * rate)] ** 2))
            rises.append(after / max(before, 1e-9))
    assert np.median(rises) > 1.5
    made_again = pieces.made([piece], tmp_path, 1)[0]
    assert made_again[0] == path
    assert made_again[1] == known


def test_a_missing_soundfont_is_a_sentence(monkeypatch):
    monkeypatch.setenv("WEARSOUND_SOUNDFONT", "/nowhere/at/all.sf2")
    with pytest.raises(synth.NoSynthError, match="fluid-soundfont-gm"):
        synth.soundfont()
