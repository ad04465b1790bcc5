"""A patch on another garment: the rules, one by one, and what must hold for every patch on every garment."""

import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from thorough import some

from wearsound import gallery
from wearsound.cli import main
from wearsound.core import Block, Clock, Spec
from wearsound.errors import PatchError
from wearsound.garment.document import Garment, load_garment
from wearsound.garment.fit import FELT, Fit, split
from wearsound.garment.neighbours import NEIGHBOURS, STEPS, outward
from wearsound.garment.words import WORDS
from wearsound.instruments.light import zone_controls
from wearsound.mapping.document import load_patch, read_patch
from wearsound.mapping.score import Score
from wearsound.mapping.target import OWN, Cast
from wearsound.show.build import build
from wearsound.show.fit import fitted, told
from wearsound.show.load import load

PATCHES = sorted(gallery.files("patch"))
GARMENTS = sorted(gallery.files("garment"))


def worn(
    tmp_path: Path, zones: dict[str, tuple[str, ...]], *, bare=(), fabric=None, actuators=(), name="own"
) -> Garment:
    """A garment of these zones and roles, each a square with a filament unless it is `bare`."""
    text = 'title = "Own"\n'
    for zone, roles in zones.items():
        text += f'[[zone]]\nname = "{zone}"\nlight = [0.7, 0.1, 50]\nroles = {json.dumps(list(roles))}\n'
        if fabric and zone in fabric:
            text += f'fabric = "{fabric[zone]}"\n'
    for i, zone in enumerate(actuators):
        text += f'[[actuator]]\nname = "a{i}"\nzone = "{zone}"\n'
    text += '[[figure]]\nname = "front"\nat = [640, 200]\n'
    for i, zone in enumerate(zones):
        x, size = 12 * i, 10 - i / 4
        text += (
            f'[[figure.layer]]\nname = "{zone}"\nzone = "{zone}"\nside = "one"\n'
            f"outline = [[{x}, 0, 1], [{x + size}, 0, 1], [{x + size}, {size}, 1], [{x}, {size}, 1]]\n"
        )
        if zone not in bare:
            text += f"filaments = [{{ path = [[{x + 2}, 1], [{x + 2}, 6]], pixels = 3 }}]\n"
    path = tmp_path / f"{name}.toml"
    path.write_text(text)
    return load_garment(path)


def found(fit: Fit, name: str, medium: str = "glow") -> tuple[str, str, tuple[str, ...]]:
    place = fit.place(name, medium)
    assert place is not None
    return place.rule, place.by, place.zones


class TestRules:
    def test_everything_is_everything(self, tmp_path):
        fit = Fit(worn(tmp_path, {"chest": (), "hem": ()}))
        assert found(fit, "*") == ("everything", "", ("chest", "hem"))

    def test_a_zone_comes_before_a_role(self, tmp_path):
        fit = Fit(worn(tmp_path, {"chest": ("hem",), "cuff": ()}), "long-coat")
        assert found(fit, "cuff") == ("zone", "", ("cuff",))
        assert found(fit, "hem") == ("role", "", ("chest",))

    def test_two_sides_answer_to_their_name_without_a_role(self, tmp_path):
        fit = Fit(worn(tmp_path, {"chest": (), "cuff_l": (), "cuff_r": ()}))
        assert found(fit, "cuff") == ("role", "", ("cuff_l", "cuff_r"))

    def test_the_roles_of_the_garment_it_was_made_for(self, tmp_path):
        """The jacket's placket plays `front`; without that garment it is next to the lapel."""
        own = worn(tmp_path, {"panel": ("front",), "lapel": ()})
        assert found(Fit(own, "denim-jacket"), "placket") == ("home", "front", ("panel",))
        assert found(Fit(own), "placket") == ("neighbour", "lapel", ("lapel",))

    def test_the_zones_a_role_means_at_home(self, tmp_path):
        """`core` is chest and back on the jacket; only the back is here."""
        own = worn(tmp_path, {"back": (), "hem": ()})
        assert found(Fit(own, "denim-jacket"), "core") == ("home", "core", ("back",))

    def test_a_name_without_its_side(self, tmp_path):
        assert found(Fit(worn(tmp_path, {"hem": (), "sleeve": ()})), "sleeve_l") == (
            "side",
            "sleeve",
            ("sleeve",),
        )

    def test_the_same_side_where_there_are_sides(self, tmp_path):
        own = worn(tmp_path, {"end_l": ("sleeve",), "end_r": ("sleeve",)})
        assert found(Fit(own), "sleeve_r")[2] == ("end_r",)
        own = worn(tmp_path, {"hem": (), "end_l": (), "end_r": ()})
        assert found(Fit(own), "sleeve_l") == ("neighbour", "end", ("end_l",))
        assert found(Fit(own), "sleeve_right") == ("neighbour", "end", ("end_r",))

    def test_the_nearest_neighbour(self, tmp_path):
        own = worn(tmp_path, {"back": (), "fringe": (), "sleeve": ()})
        assert found(Fit(own), "hem") == ("neighbour", "fringe", ("fringe",))
        assert found(Fit(own), "spine") == ("neighbour", "back", ("back",))
        assert found(Fit(own), "cuff")[2] == ("sleeve",)

    def test_at_last_the_heart(self, tmp_path):
        own = worn(tmp_path, {"apron": (), "strap": ("core",)})
        assert "inlay" not in NEIGHBOURS  # a zone of the gallery's cuff that lies next to nothing
        assert found(Fit(own), "inlay") == ("heart", "strap", ("strap",))
        assert found(Fit(own), "hem") == ("neighbour", "core", ("strap",))
        own = worn(tmp_path, {"apron": (), "strap": ()})
        assert found(Fit(own), "hem") == ("heart", "apron", ("apron",))  # the larger one

    def test_light_falls_back_to_a_filament(self, tmp_path):
        own = worn(tmp_path, {"border": (), "fringe": (), "chest": ()}, bare={"border"})
        assert found(Fit(own), "hem") == ("neighbour", "fringe", ("fringe",))
        assert found(Fit(own), "border") == ("zone", "", ("border",))
        dark = worn(tmp_path, {"border": ()}, bare={"border"})
        assert found(Fit(dark), "hem")[2] == ("border",)

    def test_dye_falls_back_to_cloth_that_takes_it(self, tmp_path):
        zones = {"wrap": ("chest", "core"), "end": ("sleeve",), "border": ()}
        own = worn(tmp_path, zones, fabric={"end": "thermochromic"})
        assert found(Fit(own, "denim-jacket"), "chest") == ("role", "", ("wrap",))
        assert found(Fit(own, "denim-jacket"), "chest", "dye")[2] == ("end",)
        assert found(Fit(own, "own"), "chest", "dye") == ("role", "", ("wrap",))  # its own: as written
        assert found(Fit(own, "denim-jacket"), "wrap", "dye") == ("zone", "", ("wrap",))
        plain = worn(tmp_path, zones)
        assert found(Fit(plain, "denim-jacket"), "chest", "dye") == ("role", "", ("wrap",))

    @pytest.mark.parametrize("medium", sorted(FELT))
    def test_what_shakes_goes_to_an_actuator_or_nowhere(self, tmp_path, medium):
        zones = {"chest": ("core",), "back": ("core",), "cuff": ()}
        none = worn(tmp_path, zones)
        assert found(Fit(none), "cuff", medium) == ("nowhere", "", ())
        assert found(Fit(none), "*", medium) == ("nowhere", "", ())
        one = worn(tmp_path, zones, actuators=("back",))
        assert found(Fit(one), "core", medium) == ("role", "", ("back",))
        assert found(Fit(one), "chest", medium)[2] == ("back",)
        assert found(Fit(one), "*", medium) == ("everything", "", ("back",))
        assert found(Fit(one), "core") == ("role", "", ("chest", "back"))

    def test_a_typo_is_nobodys(self):
        fit = Fit(load_garment(gallery.find("garment", "denim-jacket")), "denim-jacket")
        for slip in (
            "chesst",
            "sleave",
            "sleave_l",
            "spin",
            "",
            "Chest",
            "chest_x",
            "sleeve_l_",
            "__",
            "core_",
        ):
            assert fit.place(slip) is None
        assert fit.suggest("chesst") == "; did you mean 'chest'?"
        assert fit.suggest("skrit") == "; did you mean 'skirt'?"  # a word of another garment

    def test_what_only_another_garment_has_is_known(self):
        fit = Fit(load_garment(gallery.find("garment", "denim-jacket")), "long-coat")
        assert "lapel" not in fit.here
        assert fit.place("lapel") is not None

    def test_split(self):
        assert split("sleeve_l") == ("sleeve", "l")
        assert split("sleeve_right") == ("sleeve", "r")
        assert split("sleeve") == ("sleeve", "")
        assert split("_l") == ("_l", "")


class TestNeighbours:
    def test_the_table_is_a_whole(self):
        """Every neighbour is a word itself, nobody is their own neighbour, and the heart is never far."""
        for word, near in NEIGHBOURS.items():
            assert word not in near
            assert len(set(near)) == len(near)
            for other in near:
                assert NEIGHBOURS.get(other) or other in ("buckle", "head", "wrist"), other
                assert split(other)[0] == other

    def test_outward_is_nearest_first_and_bounded(self):
        words = list(outward(["hem"]))
        assert words[: len(NEIGHBOURS["hem"])] == list(NEIGHBOURS["hem"])
        assert "hem" not in words
        assert len(words) == len(set(words))
        steps = {"hem": 0}
        for word in words:
            steps[word] = 1 + min(steps[a] for a, near in NEIGHBOURS.items() if word in near and a in steps)
        assert max(steps.values()) <= STEPS
        assert list(steps.values()) == sorted(steps.values())
        assert list(outward(["nonsense"])) == []


@pytest.mark.parametrize(("patch", "garment"), some(itertools.product(PATCHES, GARMENTS), 5))
class TestGallery:
    def test_nothing_is_dropped_in_silence(self, patch, garment):
        """Every place and medium of the patch stands in the fit once, on zones of the garment or plainly nowhere."""
        show = load(patch, garment=garment)
        fitting = fitted(show.patch, show.garment, show.sketch_path)
        asked = {
            tuple(route.to.split("."))
            for _, _, route in show.patch.every_route()
            if not route.to.startswith(("/", *(f"{own}." for own in OWN)))
        } | {(feel.to, "felt") for feel in show.patch.feels}
        rows = [(row.place.name, medium) for row in fitting.rows for medium in row.media]
        assert sorted(rows) == sorted(asked)
        for row in fitting.rows:
            assert set(row.place.zones) <= set(show.garment.zone_names)
            if not row.place.zones:
                assert FELT.issuperset(row.media)
                assert row.place.rule == "nowhere"
        reached = {zone for row in fitting.rows for zone in row.place.zones}
        assert reached | set(fitting.unplayed) == set(show.garment.zone_names)

    def test_the_show_plays_what_the_fit_says(self, patch, garment):
        """Route by route, the controls that the score moves are those of the fit's zones."""
        show = load(patch, garment=garment)
        garment, made_for = show.garment, show.patch.garment or ""
        built = build(
            show,
            {lane: (0,) for lane in ("room", "body", *show.patch.lanes()) if lane != "drape"},
            48_000,
            strict=True,
        )
        controls = [spec for spec in built.score.specs if not spec.name.startswith("/")]
        fit = Fit(garment, made_for)
        cast = Cast(show.patch, built.ear.specs, controls, garment.zone_names, garment.roles, fit=fit)
        goes = {
            (row.place.name, medium): tuple(f"{zone}.{medium}" for zone in row.place.zones)
            for row in fitted(show.patch, garment, show.sketch_path).rows
            for medium in row.media
        }
        for part, (_, _, route) in zip(cast.parts(), show.patch.every_route(), strict=True):
            if not route.to.startswith(("/", *(f"{own}." for own in OWN))):
                assert part.targets == goes[tuple(route.to.split("."))]

    def test_the_page_reads_well_and_json_says_the_same(self, patch, garment, capsys):
        assert main(["fit", patch, garment]) == 0
        page = capsys.readouterr().out
        assert max(map(len, page.splitlines())) <= 120
        assert page.startswith(load_patch(gallery.find("patch", patch)).title)
        assert not any(line != line.rstrip() for line in page.splitlines())
        assert "\n\n\n" not in page
        assert main(["fit", patch, garment, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        show = load(patch, garment=garment)
        assert said == json.loads(json.dumps(told(fitted(show.patch, show.garment, show.sketch_path))))
        for place in said["places"]:
            assert place["name"] in page
        for zone in said["settles"]:
            assert zone in page


PATCH = """
title = "Test"
garment = "denim-jacket"
[[route]]
from = "bass"
to = "chest.glow"
[[route]]
from = "mid"
to = "back.glow"
out = [0.0, 0.5]
[[route]]
from = "bass"
to = "cuff.buzz"
[[route]]
from = "bass"
to = "collar.dye"
"""
FEATURES = tuple(Spec(f"room.{name}", "", 0, 1, 0.001, name) for name in ("bass", "mid", "silence", "beat"))


def score_of(text: str, garment: Garment) -> Score:
    patch = read_patch(text)
    fit = Fit(garment, patch.garment or "")
    return Score(patch, FEATURES, zone_controls(garment), garment.zone_names, garment.roles, Clock(), fit=fit)


class TestPlayed:
    def test_where_two_names_fall_together_the_larger_wins(self, tmp_path):
        own = worn(tmp_path, {"band": ("core",)}, fabric={"band": "electrochromic"})
        score = score_of(PATCH, own)
        glow = [spec.name for spec in score.specs].index("band.glow")
        for bass, mid, wanted in ((1.0, 1.0, 1.0), (0.0, 1.0, 0.5), (1.0, 0.0, 1.0), (0.0, 0.0, 0.0)):
            score.reset()
            block = Block(0, np.zeros((64 * 256, 1), np.float32), {"room": (0,)}, 64)
            for _ in range(8):
                controls = score.play(block, np.tile([bass, mid, 0.0, 0.0], (64, 1)))
                block = replace(block, tick=block.tick + 64)
            assert controls[-1, glow] == pytest.approx(wanted, abs=0.01)

    def test_a_route_that_goes_nowhere_can_still_be_turned(self, tmp_path):
        """Its numbers keep their addresses: a touch screen made for one garment works with another."""
        still = score_of(PATCH, worn(tmp_path, {"band": ()}))
        moved = score_of(PATCH, worn(tmp_path, {"band": ()}, actuators=("band",)))
        assert [p.address for p in still.parameters()] == [p.address for p in moved.parameters()]

    def test_a_typo_in_a_patch_names_file_line_and_remedy(self, tmp_path):
        path = tmp_path / "slip.toml"
        path.write_text(PATCH.replace("chest.glow", "chesst.glow").replace("cuff.buzz", "cufff.buzz"))
        coat = load_garment(gallery.find("garment", "long-coat"))
        with pytest.raises(PatchError) as of_score:
            score_of(path.read_text(), coat)
        with pytest.raises(PatchError) as of_fit:
            fitted(load_patch(path), coat)
        for caught in (of_score, of_fit):
            one, two = str(caught.value).splitlines()
            assert one.endswith(":6: no zone 'chesst' on this garment; did you mean 'chest'?")
            assert two.endswith(":13: no zone 'cufff' on this garment; did you mean 'cuff'?")
        assert main(["fit", str(path), "long-coat"]) == 2


class TestNotes:
    def test_what_a_designer_should_know_is_said(self, tmp_path, capsys):
        fabric = {"chest": "electrochromic", "hem": "screen"}
        worn(tmp_path, {"chest": (), "hem": (), "collar": ()}, bare={"collar"}, fabric=fabric)
        patch = tmp_path / "patch.toml"
        patch.write_text(PATCH)
        assert main(["fit", str(patch), str(tmp_path / "own.toml")]) == 0
        page = capsys.readouterr().out
        assert "Test (made for denim-jacket) on Own\n" in page
        assert "no filament, seen only as a lamp of the room: collar\n" in page
        assert "screen: hem has no sketch to show" in page
        assert "takes no dye: collar (its cloth is plain)\n" in page
        assert "felt: nothing, no actuator is sewn in\n" in page
        assert "nobody lights: hem, collar\n" in page
        patch.write_text(
            PATCH.replace("collar.dye", "core.dye").replace("[[route]]", 'sketch = "loom"\n[[route]]', 1)
        )
        assert main(["fit", str(patch), str(tmp_path / "own.toml")]) == 0
        page = capsys.readouterr().out
        assert "slow cloth: electrochromic settles in 21 s: chest\n" in page
        assert "screen: hem takes the sketch's picture\n" in page

    def page(self, tmp_path, capsys, patch: str) -> list[str]:
        """The lines of a fit on a garment with two lra on the chest, a voice coil at the hem, a phone on the skirt."""
        worn(tmp_path, {"chest": (), "hem": (), "skirt": ()}, actuators=("chest", "chest"))
        own = tmp_path / "own.toml"
        for name, zone, kind in (("coil", "hem", "voice-coil"), ("mobile", "skirt", "phone")):
            own.write_text(
                own.read_text() + f'[[actuator]]\nname = "{name}"\nzone = "{zone}"\nkind = "{kind}"\n'
            )
        path = tmp_path / "patch.toml"
        path.write_text('title = "Test"\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n' + patch)
        assert main(["fit", str(path), str(own)]) == 0
        return capsys.readouterr().out.splitlines()

    def test_what_is_felt_where_is_said_of_what_is_played(self, tmp_path, capsys):
        chest = "felt: lra at 175 Hz, rhythm and strength only: chest (2)"
        hem = "felt: voice-coil from 50 to 500 Hz: hem"
        buzz = '[[route]]\nfrom = "bass"\nto = "{}.buzz"\n'

        def told(patch: str) -> list[str]:
            return [line for line in self.page(tmp_path, capsys, patch) if line.startswith("felt")]

        assert told("") == []
        assert told(buzz.format("chest")) == [chest]
        assert told(buzz.format("hem")) == [hem]
        assert told(buzz.format("chest") + '[[feel]]\nfrom = "bass"\nto = "hem"\n') == [chest, hem]

    def test_where_a_pitch_is_lost_is_said(self, tmp_path, capsys):
        def told(patch: str) -> list[str]:
            return [line for line in self.page(tmp_path, capsys, patch) if line.startswith("pitch")]

        line = '[[feel]]\nfrom = "bass"\nto = "{}"\n{}\n'
        assert told(line.format("skirt", "")) == [
            "pitch is lost at skirt (phone: on and off only): bass_skirt"
        ]
        assert told(line.format("chest", 'carrier = "sound"\npart = "hum"')) == [
            "pitch is lost at chest (lra: rhythm and strength only): bass_chest"
        ]
        for where, more in (
            ("hem", ""),
            ("*", ""),
            ("skirt", 'part = "click"'),
            ("chest", "carrier = 175"),
        ):
            assert told(line.format(where, more)) == [], (where, more)

    def test_many_lines_on_one_actuator_are_said(self, tmp_path, capsys):
        line = '[[feel]]\nname = "f{}"\nfrom = "bass"\nto = "{}"\n'

        def told(*places: str) -> list[str]:
            text = "".join(line.format(i, place) for i, place in enumerate(places))
            return [said for said in self.page(tmp_path, capsys, text) if "share" in said]

        assert told("hem", "hem", "chest") == []
        assert told("hem", "hem", "chest", "hem") == ["3 lines share coil: f0, f1, f3"]
        assert told("chest", "*", "chest") == ["3 lines share each of a0, a1: f0, f1, f2"]

    def test_programs_are_told_the_same(self, tmp_path, capsys):
        self.page(tmp_path, capsys, '[[feel]]\nname = "low"\nfrom = "bass"\nto = "skirt"\n')
        assert main(["fit", str(tmp_path / "patch.toml"), str(tmp_path / "own.toml"), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["felt"] == ["phone, on and off only: skirt"]
        assert said["pitch_lost"] == [{"lines": ["low"], "zones": ["skirt"], "kinds": ["phone"]}]
        assert said["shared"] == []
        assert said["rig_lanes"] == []
        assert said["voices"] == []

    def test_what_sounds_and_by_which_lane_is_said(self, tmp_path, capsys):
        assert main(["fit", "first-walk"]) == 0
        page = capsys.readouterr().out
        assert "sound set in motion by body: drones, bowed, struck, grains, coat\n" in page
        assert "sound needs the lane body: play walk, or add --rig contact" in page
        assert main(["fit", "answer"]) == 0
        page = capsys.readouterr().out
        assert "sound set in motion by room: drones\n" in page
        assert "sound set in motion by body: struck, bowed, grains\n" in page
        assert "sound needs" not in page
        assert main(["fit", "answer", "--json"]) == 0
        voices = json.loads(capsys.readouterr().out)["voices"]
        assert voices[1] == {"name": "struck", "play": "struck", "from": "body", "level": 0.6}


FEEL = '[[feel]]\nfrom = "bass"\nto = "waist"\n'
ROUTE = '[[route]]\nfrom = "{}"\nto = "{}"\n'


class TestRefused:
    """What `render` refuses: the fit says the same sentences."""

    @pytest.mark.parametrize(
        "wrong",
        [
            FEEL.replace("bass", "bas"),
            FEEL + 'pattern = "wav"\n',
            FEEL + FEEL.replace('from = "bass"', 'name = "bass_waist"\nfrom = "mid"'),
            FEEL.replace("waist", "waist.buzz"),
            FEEL
            + 'carrier = "pitch"\n'
            + FEEL.replace('"bass"', "{ band = [5000, 9000] }")
            + 'carrier = "sound"\n',
            FEEL + ROUTE.format("mid", "feel.x"),
            ROUTE.format("mid", "feel.bass_waist"),
            ROUTE.format("mid", "sketch.warmth"),
            ROUTE.format("basss", "chest.glow"),
            ROUTE.format("room.basss", "chest.glow") + ROUTE.format("body.pich", "chest.glow"),
            ROUTE.format("drape.swung", "chest.glow"),
            ROUTE.format("bass", "chest.pattern") + "out = [0, 15]\n",
            ROUTE.format("onset", "chest.glow") + 'mode = "follow"\n',
        ],
    )
    def test_what_a_show_would_not_begin_with(self, tmp_path, wrong, capsys):
        path = tmp_path / "patch.toml"
        path.write_text('title = "Test"\ngarment = "denim-jacket"\n' + wrong)
        show = load(path)
        lanes = {lane: (0,) for lane in ("room", "body")}
        with pytest.raises(PatchError) as of_show:
            build(show, lanes, 48_000, strict=True)
        with pytest.raises(PatchError) as of_fit:
            fitted(show.patch, show.garment, show.sketch_path)
        assert str(of_fit.value) == str(of_show.value)
        assert str(path) in str(of_fit.value)
        assert main(["fit", str(path)]) == 2
        assert str(of_show.value).splitlines()[0] in capsys.readouterr().err

    def test_a_lane_that_a_rig_may_bring_is_believed_and_said(self, tmp_path, capsys):
        path = tmp_path / "patch.toml"
        path.write_text(
            'title = "Test"\ngarment = "denim-jacket"\n'
            + ROUTE.format("left.bass", "chest.glow")
            + ROUTE.format("desk.fader", "chest.glow")
            + ROUTE.format("drape.swing", "chest.glow")
        )
        assert main(["fit", str(path)]) == 0
        assert "heard only with a rig (--rig) that brings it: left, desk\n" in capsys.readouterr().out


class TestCurrent:
    def test_full_white_is_added_up(self, tmp_path):
        """3 pixels of 3 x 12 + 0.8 mA each, 5 mA for the cell, 120 mA for the controller."""
        own = worn(tmp_path, {"band": ("core",)}, fabric={"band": "electrochromic"})
        fitting = fitted(read_patch(PATCH), own)
        assert [(wire.name, wire.pixels) for wire in fitting.wires] == [("front_band", 3)]
        assert fitting.wires[0].white_ma == pytest.approx(3 * 36.8)
        assert fitting.white_ma == pytest.approx(3 * 36.8 + fitting.dye_ma + 120)
        assert fitting.idle_ma == pytest.approx(
            3 * 0.8 + 120 + 5
        )  # the cell is never dimmed, so the dark has it too

    def test_the_jackets_strands(self):
        jacket = load_garment(gallery.find("garment", "denim-jacket"))
        fitting = fitted(load_patch(gallery.find("patch", "bass-denim")), jacket)
        for wire, strand in zip(fitting.wires, jacket.strands, strict=True):
            assert wire.name == strand.name
            assert wire.white_ma == pytest.approx(wire.pixels * (3 * strand.ma + strand.idle_ma))
        assert fitting.white_ma > jacket.battery.most_ma  # why there is a limit

    def test_a_battery_too_weak_for_darkness_is_refused_as_run_refuses_it(self, tmp_path, capsys):
        path = tmp_path / "weak.toml"
        text = gallery.find("garment", "denim-jacket").read_text()
        path.write_text(re.sub(r"(?m)^most_ma = \d+", "most_ma = 50", text))
        assert main(["fit", "bass-denim", str(path)]) == 2
        out, err = capsys.readouterr()
        assert "in the dark it draws" in out
        assert "battery.most_ma: 50 mA is less than the" in err
        with pytest.raises(PatchError) as caught:
            build(load("bass-denim", garment=path), {"room": (0,)}, 48_000, strict=False)
        assert err == f"wearsound: {caught.value}\n"
        dark = re.search(r"in the dark it draws ([\d,]+) mA", out)
        assert f"the {dark[1]} mA that" in err  # one figure

    @pytest.mark.parametrize("name", GARMENTS)
    def test_the_dark_is_the_guards_own_figure(self, name):
        garment = load_garment(gallery.find("garment", name))
        most = fitted(read_patch(PATCH), garment).idle_ma
        for battery, fits in ((most + 0.01, True), (most - 0.01, False)):
            own = replace(garment, battery=msgspec.structs.replace(garment.battery, most_ma=battery))
            assert (fitted(read_patch(PATCH), own).refused == "") is fits


class TestHostile:
    def test_a_patch_of_the_most_names_is_answered_soon(self, tmp_path):
        import time

        routes = "".join(
            f'[[route]]\nfrom = "bass"\nto = "{"a" * (i % 40 + 1)}{i}.glow"\n' for i in range(500)
        )
        path = tmp_path / "many.toml"
        path.write_text('title = "Many"\n' + routes)
        jacket = load_garment(gallery.find("garment", "denim-jacket"))
        before = time.thread_time()
        with pytest.raises(PatchError) as caught:
            fitted(load_patch(path), jacket)
        assert str(caught.value).count("\n") == 499
        assert time.thread_time() - before < 10

    def test_a_broken_garment_in_the_gallery_is_left_out(self, tmp_path, monkeypatch):
        files = gallery.files("garment")
        broken = tmp_path / "broken.toml"
        broken.write_text("title = [")
        monkeypatch.setattr(gallery, "files", lambda kind: {**files, "broken": broken})
        jacket = load_garment(files["denim-jacket"])
        assert found(Fit(jacket, "broken"), "lapel")[0] == "neighbour"
        assert Fit(jacket, "broken").place("chesst") is None


class TestPage:
    PAGE = (gallery.root() / "docs" / "garment.md").read_text(encoding="utf-8")

    def test_its_garment_loads_and_surprises_nobody(self, tmp_path):
        path = tmp_path / "tunic.toml"
        path.write_text(self.PAGE.split("```toml\n")[1].split("```")[0])
        tunic = load_garment(path)
        assert tunic.warnings == ()
        assert (len(tunic.strands), len(tunic.actuators), len(tunic.sensors)) == (1, 1, 1)
        assert all(row.place.zones for row in fitted(read_patch(PATCH), tunic).rows)

    def test_its_table_is_the_programs(self):
        table = self.PAGE.split("| word |")[1].split("## Layers")[0]
        rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
        said = {word.strip(" `"): near.strip() for word, near in rows}
        assert len(said) == len(NEIGHBOURS)
        for word, near in NEIGHBOURS.items():
            assert said[word] == ", ".join(near)

    def test_it_names_every_key(self):
        for _, struct in WORDS.owners.values():
            for key in struct.__struct_encode_fields__:
                assert re.search(rf"\b{key}\b", self.PAGE), key
