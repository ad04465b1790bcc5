"""[soundscape] and [[voice]]: what a patch says is played, cast on the lanes of an input."""

from __future__ import annotations

import pytest

from wearsound.errors import PatchError
from wearsound.gallery import find
from wearsound.mapping.document import load_patch, read_patch
from wearsound.mapping.scape import ALL, cast_scape, scape_controls
from wearsound.mapping.structure import Soundscape
from wearsound.sound import DIALS, Scape, Voice

HEAD = 'title = "Heard"\n'
LANES = ("room", "body", "crowd")


def cast(text: str, lanes: tuple[str, ...] | None = LANES) -> Scape | None:
    return cast_scape(read_patch(HEAD + text, "heard.toml"), lanes)


def test_a_patch_without_a_soundscape_plays_nothing() -> None:
    assert cast("") is None
    assert scape_controls(None) == ()


def test_one_word_is_enough_and_plays_every_voice_of_the_body() -> None:
    scape = cast("[soundscape]\n")
    assert scape is not None
    assert scape.voices == tuple(Voice(kind, kind, "body", 0, 0.5) for kind in ALL)
    assert (scape.root, scape.scale, scape.key) == (55.0, "hirajoshi", "own")


def test_everything_that_can_be_said_is_cast() -> None:
    scape = cast(
        '[soundscape]\nroot = 65.4\nscale = "yo"\nkey = "room"\nage = 1\n'
        '[[voice]]\nplay = "struck"\nname = "glass"\nfrom = "crowd"\noctave = 1\nlevel = 0.25\n'
    )
    assert scape is not None
    assert scape.voices == (Voice("glass", "struck", "crowd", 1, 0.25),)
    assert (scape.root, scape.scale, scape.key, scape.rest["age"]) == (65.4, "yo", "room", 1)


def test_every_number_is_a_control_that_rests_where_the_patch_put_it() -> None:
    scape = cast('[soundscape]\nwet = 0.75\n[[voice]]\nplay = "coat"\nlevel = 0.1\n')
    controls = {spec.name: spec.default for spec in scape_controls(scape)}
    assert set(controls) == {*(f"sound.{name}" for name in DIALS), "voice.coat"}
    assert (controls["sound.wet"], controls["voice.coat"], controls["sound.age"]) == (0.75, 0.1, 0.45)


def test_dials_are_all_the_numbers_that_a_patch_may_turn() -> None:
    assert {*DIALS, "root", "scale", "key"} == set(Soundscape.__struct_fields__)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[voice]]\nplay = "coat"', "heard.toml:2: a [[voice]] needs a [soundscape]"),
        (
            '[soundscape]\n[[voice]]\nplay = "choir"',
            "heard.toml:4: play is 'choir'; it takes drones, bowed, struck, grains or coat",
        ),
        (
            '[soundscape]\n[[voice]]\nplay = "strings"',
            "play is 'strings'; it takes drones, bowed",
        ),  # not grains
        ('[soundscape]\nkey = "C minor"', "heard.toml:3: key is 'C minor'; it takes own or room"),
        (
            '[soundscape]\nroot = "A"',
            "heard.toml:3: root is 'A'; it takes a number of Hz from 41 to 82; 55 is an A",
        ),
        (
            "[[soundscape]]\nroot = 55",
            "heard.toml:2: [[soundscape]] has two brackets; write [soundscape], and only once",
        ),
        ('[soundscape]\nscale = "dorain"', "heard.toml:3: no scale 'dorain'; did you mean 'dorian'"),
        ("[soundscape]\nage = 3", "heard.toml:3: age is 3; it takes a number from 0 to 1"),
        ("[soundscape]\nroot = 440", "heard.toml:3: root is 440; it takes a number of Hz from 41 to 82"),
        ("[soundscape]\nwarm = 1", "heard.toml:3: no key 'warm' in a soundscape; there is age, bright"),
        (
            '[soundscape]\n[[voice]]\nplay = "coat"\n[[voice]]\nplay = "coat"',
            "a second [[voice]] is called 'coat'; give it a name of its own",
        ),
        (
            '[soundscape]\n[[voice]]\nplay = "coat"\nfrom = "bodi"',
            "heard.toml:5: no lane 'bodi' is heard here; did you mean 'body'?",
        ),
    ],
)
def test_what_is_wrong_is_said_by_file_and_line(text: str, sentence: str) -> None:
    with pytest.raises(PatchError) as refused:
        cast(text)
    assert sentence in str(refused.value)
    assert "?;" not in str(refused.value)  # who is asked is not advised as well


def test_a_recording_without_a_body_is_told_how_to_give_it_one() -> None:
    with pytest.raises(PatchError, match=r"heard.toml:2: no lane 'body' is heard here.*--rig contact"):
        cast("[soundscape]\n", ("room",))
    assert cast("[soundscape]\n", None) is not None


@pytest.mark.parametrize("name", ["first-walk", "attic", "celadon", "answer"])
def test_a_patch_of_the_gallery_is_called_by_its_name(name: str) -> None:
    """Whoever plays it has no file of it, and its lines are not theirs to mend."""
    with pytest.raises(PatchError) as refused:
        cast_scape(load_patch(find("patch", name)), ("crowd",))
    for line in str(refused.value).splitlines():
        assert line.startswith(f"{name}: no lane '")
        assert ".toml" not in line
        assert "--rig" in line


def test_many_voices_of_one_lane_that_is_not_there_are_one_sentence() -> None:
    voices = '[[voice]]\nplay = "{}"\nfrom = "{}"\n'
    with pytest.raises(PatchError) as refused:
        cast("[soundscape]\n" + "".join(voices.format(kind, "body") for kind in ALL), ("room",))
    assert str(refused.value) == (
        "heard.toml:5: no lane 'body' is heard here; there is room; add --rig contact, which hears the first channel "
        "as body, or name its channels in a rig (--rig): [lanes] body = [1]"
    )
    with pytest.raises(PatchError) as refused:
        cast("[soundscape]\n" + voices.format("drones", "room") + voices.format("coat", "body"), ("body",))
    assert str(refused.value) == (
        "heard.toml:5: no lane 'room' is heard here; there is body; play demo, which has room and body, or a "
        "recording of your own and name its channels in a rig (--rig): [lanes] room = [1], body = [2]"
    )
    with pytest.raises(
        PatchError, match=r"there is body; name its channels in a rig \(--rig\): \[lanes\] hem = \[1\]$"
    ):
        cast("[soundscape]\n" + voices.format("drones", "hem"), ("body",))
