"""Speakers in a rig: what is wrong or odd, with file and line, what a person is told, and what a show plays on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from wearsound.errors import PatchError
from wearsound.show.doctor_rig import look
from wearsound.show.load import load
from wearsound.show.outputs import loudspeakers
from wearsound.show.rig import Rig, SpeakerTarget, read_rig, warnings
from wearsound.show.speaker_targets import speakers_of, where_it_plays
from wearsound.show.tree import tree_of

PAIR = '[[speaker]]\nname = "hall"\n'
CUFF = '[[speaker]]\nname = "cuff"\nchannels = [3]\nband = [300, 12000]\n'


def rig_of(text: str) -> Rig:
    return read_rig("[door]\nport = 0\n" + text, "hall.toml")


def test_every_key_and_its_default() -> None:
    (plain,) = rig_of(PAIR).speaker
    assert plain == SpeakerTarget("hall", None, [1, 2], None, None, 1.0, 0.0)
    assert not plain.mono
    text = CUFF + 'device = "USB"\nfeed = "mono"\nlevel = 0.5\ndelay = 0.03\n'
    (cuff,) = rig_of(text).speaker
    assert cuff == SpeakerTarget("cuff", "USB", [3], "mono", (300.0, 12_000.0), 0.5, 0.03)
    assert rig_of(CUFF).speaker[0].mono
    assert rig_of(PAIR + 'feed = "mono"\n').speaker[0].mono


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (PAIR + 'feed = "sterio"\n', "5: no feed 'sterio'; did you mean 'stereo'?"),
        (
            PAIR + "channels = [1, 2, 3]\n",
            "5: channels is [1, 2, 3]; it takes one or two channels from 1 to 64, such as [1, 2]",
        ),
        (
            PAIR + "channels = { left = 1 }\n",
            "5: channels is a table; it takes one or two channels from 1 to 64, such as [1, 2]",
        ),
        (
            PAIR + "band = [12000, 300]\n",
            "5: band is [12000, 300]; it takes two pitches from 20 to 20000 Hz, the lower first, such as [300, 12000]",
        ),
        (
            PAIR + "band = [0, 300]\n",
            "5: band is [0, 300]; it takes two pitches from 20 to 20000 Hz, the lower first, such as [300, 12000]",
        ),
        (PAIR + "level = 2\n", "5: level is 2; it takes a number from 0 to 1"),
        (PAIR + "delay = 120\n", "5: delay is 120; it takes seconds from 0 to 10, such as 0.12"),
        (PAIR + "gain = 1\n", "5: no key 'gain' in a speaker; there is"),
        (
            PAIR + 'feed = "stereo"\nchannels = [3]\n',
            '6: stereo needs two channels, and channels is [3]; write two, or feed = "mono"',
        ),
        (
            PAIR + CUFF.replace("[3]", "[2]"),
            "7: channel 2 of the default output is given to 'hall' too; write another channel",
        ),
        (
            PAIR + "channels = [2, 2]\n",
            "5: channel 2 of the default output is given twice; write another channel",
        ),
        (
            PAIR + PAIR.replace("]]\n", "]]\nchannels = [3, 4]\n"),
            "7: a second target called 'hall'; give it another name",
        ),
    ],
)
def test_faults_name_line_and_remedy(text: str, sentence: str) -> None:
    with pytest.raises(PatchError) as caught:
        rig_of(text)
    assert str(caught.value).startswith(f"hall.toml:{sentence}")


def test_the_same_device_by_the_rigs_output_is_one_device() -> None:
    text = 'output = "USB"\n[door]\nport = 0\n' + PAIR + CUFF + 'device = "usb"\n'
    rig = read_rig(text, "hall.toml")
    (speaker,) = speakers_of(rig)
    assert speaker.name == "sound to hall, cuff"
    assert speaker.line.channels == 3
    with pytest.raises(PatchError, match="channel 1 of 'usb' is given to 'hall' too"):
        read_rig(text.replace("[3]", "[1]"), "hall.toml")
    apart = read_rig(text.replace('"usb"', '"belt"'), "hall.toml")
    assert [speaker.name for speaker in speakers_of(apart)] == ["sound to hall", "sound to cuff"]


def test_a_show_begins_by_saying_which_speaker_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from wearsound.sources.devices import Device

    box = Device("USB box", "ALSA", 2, 4, 48_000, False, True, True, 0)
    monkeypatch.setattr("wearsound.show.speaker_targets.listed", lambda: [box])
    hall = "hall (stereo on channels 1 and 2) at the default output"
    at_belt = rig_of(PAIR + CUFF + 'device = "belt"\n')
    assert where_it_plays(at_belt) == f"plays through {hall}; cuff: not there ('belt')"
    assert where_it_plays(rig_of(PAIR + CUFF)) == (
        "plays through hall (stereo on channels 1 and 2), cuff (mono on channel 3, 300 to 12000 Hz) at the default "
        "output"
    )
    fifth = rig_of(CUFF.replace("[3]", "[5]"))
    assert (
        where_it_plays(fifth)
        == "plays through no loudspeaker; cuff: not there (ALSA: USB box has 4 channels)"
    )
    monkeypatch.setattr("wearsound.show.speaker_targets.listed", list)
    assert where_it_plays(None) == "plays through no loudspeaker; speakers: not there (the default output)"


def test_gaps_are_told_in_words() -> None:
    from wearsound.show.live import _gaps

    (speaker,) = speakers_of(rig_of(PAIR))
    assert _gaps(speaker) == ""
    speaker.line._dry, speaker.line._skipped = 4, 6
    assert _gaps(speaker) == "10 gaps in the sound to hall; the machine was too slow: close other programs"


def test_doctor_says_where_a_soundscape_plays_that_no_rig_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wearsound.show.doctor_rig.listed", list)
    said = [str(finding) for finding in look(rig_of(""), instead="demo", plays=True)]
    assert [line.partition(": there is")[0] for line in said if "speaker" in line] == ["speakers: missing"]
    assert not [finding for finding in look(rig_of(""), instead="demo") if "speaker" in finding.thing]


def test_a_device_that_also_shakes_is_said() -> None:
    shakes = '[[vibration]]\nname = "coils"\ndevice = "USB"\nchannels = { a = 3 }\n'
    assert warnings(rig_of(shakes + PAIR + 'device = "USB"\n')) == [
        "hall.toml:9: 'USB' drives vibration target 'coils' too, and many devices are opened once only; name another "
        "one here if it does not play"
    ]


def test_doctor_looks_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    from wearsound.sources.devices import Device

    box = Device("USB box", "ALSA", 2, 4, 48_000, False, True, True, 0)
    monkeypatch.setattr("wearsound.show.doctor_rig.listed", lambda: [box])

    def said(text: str) -> list[str]:
        return [str(finding) for finding in look(rig_of(text), instead="demo") if "speaker" in finding.thing]

    assert said(PAIR + CUFF + "delay = 0.03\n") == [
        "speaker hall: there: stereo on channels 1 and 2; the default is ALSA: USB box, 2 in, 4 out, 48000 Hz, ALSA, "
        "default input, default output",
        "speaker cuff: there: mono on channel 3, 300 to 12000 Hz, held back 30 ms; the default is ALSA: USB box, 2 in, "
        "4 out, 48000 Hz, ALSA, default input, default output",
    ]
    assert said(CUFF.replace("[3]", "[5]")) == [
        "speaker cuff: missing: channel 5 is asked for, but ALSA: USB box has 4 output channels; choose another device "
        "or fewer channels"
    ]
    (lost,) = said(PAIR + 'device = "Belt"\n')
    assert lost == (
        "speaker hall: missing: no output has 'Belt' in its name; there is USB box; plug it in, or name another in the "
        "rig (`wearsound devices`), or run it with --mute"
    )


def test_only_a_soundscape_is_played_and_its_delay_has_an_address(tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.toml"
    quiet.write_text('title = "Quiet"\ngarment = "long-coat"\n')
    patch = tmp_path / "walk.toml"
    patch.write_text('title = "Walk"\ngarment = "long-coat"\n[soundscape]\nroot = 55\n')
    rig = tmp_path / "rig.toml"
    rig.write_text("lanes = { body = [1] }\n[door]\nport = 0\n" + PAIR + CUFF)
    assert loudspeakers(load(quiet, rig=rig)) == []
    show = load(patch, rig=rig)
    (speaker,) = loudspeakers(show)
    assert [feed.name for feed in speaker.feeds] == ["hall", "cuff"]
    (usual,) = loudspeakers(replace(show, rig=None))
    assert usual.name == "sound to speakers"
    tree = tree_of(show)
    assert tree.get("/wear/delay/cuff") is not None
    assert tree.get("/wear/delay/hall") is not None
