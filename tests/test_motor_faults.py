"""What is said of an actuator in a garment file: what its kind cannot do, what skin cannot tell, what must not be."""

from __future__ import annotations

import pytest
from actuators import CLOTH, garment

from wearsound import gallery
from wearsound.errors import PatchError
from wearsound.garment.document import load_garment
from wearsound.garment.motor_kinds import KINDS, motion


def refused(folder, *actuators):
    with pytest.raises(PatchError) as caught:
        garment(folder, *actuators)
    path = folder / "tunic.toml"
    lines = path.read_text().splitlines()
    found = []
    for said in str(caught.value).splitlines():
        where, sentence = said.removeprefix(f"{path}:").split(": ", 1)
        found.append((lines[int(where) - 1], sentence))
    return found


def noted(folder, *actuators, cloth=CLOTH):
    worn = garment(folder, *actuators, cloth=cloth)
    lines = (folder / "tunic.toml").read_text().splitlines()
    found = []
    for said in worn.warnings:
        where, sentence = said.removeprefix(f"{worn.path}:").split(": ", 1)
        found.append((lines[int(where) - 1], sentence))
    return found


class TestKinds:
    @pytest.mark.parametrize("kind", KINDS)
    def test_each_kind_is_read_and_its_own_numbers_are_usual(self, tmp_path, kind):
        has = KINDS[kind]
        worn = garment(tmp_path, kind)
        assert worn.warnings == ()
        own = motion(worn.actuators[0])
        assert has.hz_usual[0] <= own.hz <= has.hz_usual[1]
        assert has.rise_usual[0] <= own.rise <= has.rise_usual[1]
        assert has.hz_able[0] <= has.hz_usual[0] < has.hz_usual[1] <= has.hz_able[1]
        assert has.rise_able[0] <= has.rise_usual[0] < has.rise_usual[1] <= has.rise_able[1]

    @pytest.mark.parametrize("spelt", ["voice_coil", "voicecoil", "Voice-Coil"])
    def test_another_spelling_is_mended(self, tmp_path, spelt):
        assert refused(tmp_path, f'kind = "{spelt}"') == [
            (f'kind = "{spelt}"', f"no kind '{spelt}'; did you mean 'voice-coil'?")
        ]

    def test_a_kind_that_is_none_hears_what_there_is(self, tmp_path):
        ((_, said),) = refused(tmp_path, 'kind = "solenoid"')
        assert said == "no kind 'solenoid'; there is erm, lra, phone, piezo, voice-coil"


class TestFaults:
    @pytest.mark.parametrize(
        ("lines", "key", "said"),
        [
            (
                'kind = "lra"\nhz = 20',
                "hz",
                "hz is 20, and an lra resonates at 40 to 500 Hz; give what its data sheet",
            ),
            ('kind = "erm"\nhz = 450', "hz", "hz is 450, and an erm at full spins at 30 to 400 Hz"),
            (
                'kind = "voice-coil"\nrise = 0.5',
                "rise",
                "rise is 0.5 s, and a voice-coil takes 0 to 0.1 s; give seconds",
            ),
            ('kind = "lra"\nrise = 0.001', "rise", "rise is 0.001 s, and an lra takes 0.003 to 0.5 s"),
            ('kind = "lra"\nhz = 9000', "hz", "hz is 9000; it takes Hz of its resonance"),
            ('kind = "erm"\nrise = 90', "rise", "rise is 90; it takes seconds to 90 %"),
        ],
    )
    def test_a_slip_of_the_pen_is_refused_at_its_line(self, tmp_path, lines, key, said):
        ((line, sentence),) = refused(tmp_path, "lra", lines)
        assert line.startswith(f"{key} = ")
        assert sentence.startswith(said)

    def test_zero_is_the_kinds_own(self, tmp_path):
        worn = garment(tmp_path, 'kind = "erm"\nhz = 0\nrise = 0\ng = 0\nma = 0')
        assert motion(worn.actuators[0]).hz == KINDS["erm"].hz


class TestAdvice:
    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            (
                'kind = "lra"\nhz = 80',
                "hz is 80, and an lra resonates at 150 to 300 Hz as a rule; see whether",
            ),
            (
                'kind = "voice-coil"\nhz = 300',
                "hz is 300, and a voice coil's resonance is 20 to 200 Hz as a rule",
            ),
            ('kind = "erm"\nrise = 0.6', "rise is 0.6 s, and an erm takes 0.03 to 0.25 s to 90 % as a rule"),
            ('kind = "lra"\ng = 12', "g is 12, and an lra for clothes shakes with 5 at most as a rule"),
            ('kind = "piezo"\nma = 3000', "ma is 3000, and a piezo for clothes draws 1000 at most as a rule"),
        ],
    )
    def test_what_is_unusual_is_noted(self, tmp_path, lines, said):
        ((line, sentence),) = noted(tmp_path, lines)
        assert line == lines.splitlines()[1]
        assert sentence.startswith(said)

    def test_two_that_skin_takes_for_one_are_noted(self, tmp_path):
        near = noted(tmp_path, "at = [10, 10]", "at = [12, 12]", "at = [30, 30]")
        assert near == [
            ("at = [12, 12]", "actuator 'a1' sits 2.8 cm from 'a0', and skin there tells places apart from 4 cm on; "
             "move one, or sew one stronger"),
        ]  # fmt: skip
        assert noted(tmp_path, "at = [10, 10]", "at = [14, 10]") == []

    def test_on_a_cuff_a_centimetre_is_enough(self, tmp_path):
        cloth = CLOTH.replace('name = "chest"', 'name = "cuff_l"', 1).replace(
            'zone = "chest"', 'zone = "cuff_l"', 1
        )
        pair = ('zone = "cuff_l"\nat = [10, 10]', 'zone = "cuff_l"\nat = [10, {}]')
        assert noted(tmp_path, pair[0], pair[1].format(11.5), cloth=cloth) == []
        ((_, said),) = noted(tmp_path, pair[0], pair[1].format(10.5), cloth=cloth)
        assert "from 1 cm on" in said

    def test_front_and_back_are_far_apart(self, tmp_path):
        seam = CLOTH.index('[[figure.layer]]\nname = "seam"')
        back = '[[figure]]\nname = "back"\nview = "back"\nat = [900, 200]\n'
        back = CLOTH[:seam] + back + CLOTH[seam:].replace("40, 1", "0, 1")
        assert noted(tmp_path, "at = [10, 10]", 'zone = "hem"\nat = [10, 45]', cloth=back) == []
        assert noted(tmp_path, "at = [10, 39]", 'zone = "hem"\nat = [10, 41]', cloth=back) == []
        assert len(noted(tmp_path, "at = [10, 39]", 'zone = "hem"\nat = [10, 41]')) == 1

    def test_a_crowd_is_told_in_few_lines(self, tmp_path):
        """64 within a hand's breadth: the nearest of each once, and how many more there are."""
        crowd = [f"at = [{10 + i % 8}, {10 + i // 8}]" for i in range(64)]
        found = [said for _, said in noted(tmp_path, *crowd)]
        assert len(found) == 9
        assert found[0].startswith("actuator 'a1' sits 1.0 cm from 'a0', and skin there")
        assert found[1].startswith("actuator 'a2' sits 1.0 cm from 'a1' and near 1 more, and skin there")
        assert found[-1] == "and 55 more sit as near to another"

    def test_beside_its_zone_by_more_than_a_centimetre_is_noted(self, tmp_path):
        ((line, said),) = noted(tmp_path, "at = [43, 10]")
        assert line == "at = [43, 10]"
        assert said == (
            "actuator 'a0' sits 3 cm off 'chest' on figure 'front'; move it (cm from the pit of the neck, x to the "
            "viewer's right, y down), or name the zone that is there"
        )
        assert noted(tmp_path, "at = [40.6, 10]") == []
        assert len(noted(tmp_path, "at = [10, 45]")) == 1  # on the hem
        assert noted(tmp_path, 'zone = "hem"\nat = [10, 45]') == []

    def test_a_sensor_beside_its_zone_too(self, tmp_path):
        sensor = '\n[[sensor]]\nname = "mic"\nzone = "hem"\nat = [5, {}]\n'
        ((line, said),) = noted(tmp_path, cloth=CLOTH + sensor.format(20))
        assert line == "at = [5, 20]"
        assert said.startswith("sensor 'mic' sits 20 cm off 'hem'")
        assert noted(tmp_path, cloth=CLOTH + sensor.format(48)) == []

    def test_a_zone_that_the_view_shows_is_where_at_is_meant(self, tmp_path):
        behind = '[[figure]]\nname = "back"\nview = "back"\nat = [900, 200]\n[[figure.layer]]\nname = "b"\n'
        cloth = (
            CLOTH + behind + 'zone = "chest"\noutline = [[0, 0, 1], [60, 0, 1], [60, 40, 1], [0, 40, 1]]\n'
        )
        assert noted(tmp_path, 'at = [55, 10]\nview = "back"', cloth=cloth) == []
        assert "on figure 'front'" in noted(tmp_path, "at = [55, 10]", cloth=cloth)[0][1]

    def test_patterns_need_a_place(self, tmp_path):
        """One alone has nowhere to go; of several, those without are named in one sentence."""
        assert noted(tmp_path, "lra") == []
        ((line, said),) = noted(tmp_path, "at = [10, 10]", "lra")
        assert line == 'name = "a1"'
        assert said.startswith(
            "actuator 'a1' has no at, so it is taken to sit in the middle of its zone, and patterns"
        )
        ((_, said),) = noted(tmp_path, *["lra"] * 20)
        assert said.startswith("actuators 'a0', 'a1',")
        assert "'a7' and 12 more have no at, so each is" in said

    @pytest.mark.parametrize(
        ("at", "view", "wrong"),
        [
            ("[0.5, -3]", "front", True),
            ("[7.2, -3]", "front", False),
            ("[0.5, 2]", "front", False),
            ("[0.5, -3]", "back", False),
        ],
    )
    def test_the_front_of_the_neck_is_no_place(self, tmp_path, at, view, wrong):
        cloth = CLOTH.replace('name = "chest"', 'name = "chest"\nroles = ["collar"]', 1)
        cloth = cloth.replace('name = "front"', f'name = "front"\nview = "{view}"')
        cloth = cloth.replace("[[0, 0, 1], [40, 0, 1]", "[[0, -5, 1], [40, -5, 1]")
        found = noted(tmp_path, f"at = {at}", cloth=cloth)
        assert bool(found) is wrong
        if wrong:
            assert found[0][1].startswith("actuator 'a0' sits on the front of the neck")
        plain = CLOTH.replace("[[0, 0, 1], [40, 0, 1]", "[[0, -5, 1], [40, -5, 1]")
        assert noted(tmp_path, f"at = {at}", cloth=plain) == []

    @pytest.mark.parametrize("name", sorted(gallery.files("garment")))
    def test_the_gallery_needs_none(self, name):
        assert [
            said for said in load_garment(gallery.find("garment", name)).warnings if "actuator" in said
        ] == []
