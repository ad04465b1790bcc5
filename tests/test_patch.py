"""A patch file: what it may say, where it is wrong, and that it never does anything."""

from __future__ import annotations

import random
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from wearsound.errors import PatchError
from wearsound.gallery import files
from wearsound.garment.palette import load_palette
from wearsound.mapping.document import Band, load_patch, read_patch, schema
from wearsound.toml_file.lines import TooDeepError, key_lines

GALLERY = ["bass-denim", "kiln", "rain-room", "salt"]

GOOD = """\
title = "Bloom"
lane = "body"
palette = ["#112233", "#AABBCC"]

[[route]]
from = "bass"
to = "chest.glow"
in = [0.1, 0.9]
out = [1, 0]
curve = 1.5
attack = 0.008
release = 0.26
mode = "follow"

[[route]]
from = { band = [40, 110.5], lane = "room" }
to = "/synth/cutoff"

[[scene]]
name = "rest"
fade = 2
quantise = "bar"
[[scene.route]]
from = "room.presence"
to = "*.hue"
"""


def said(text: str) -> str:
    with pytest.raises(PatchError) as caught:
        read_patch(text, "bloom.toml")
    return str(caught.value)


def with_route(line: str) -> str:
    return f'title = "x"\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n{line}\n'


def test_a_good_patch_says_what_was_written() -> None:
    patch = read_patch(GOOD, "bloom.toml")
    assert patch.title == "Bloom"
    assert (patch.seed, patch.sketch, patch.garment, patch.about) == (0, None, None, "")
    first, second = patch.routes
    assert (first.source, first.to, first.span, first.reach) == ("bass", "chest.glow", (0.1, 0.9), (1.0, 0.0))
    assert (first.curve, first.attack, first.release, first.mode) == (1.5, 0.008, 0.26, "follow")
    assert second.source == Band(band=(40.0, 110.5), lane="room")
    assert (second.attack, second.release, second.mode, second.span) == (0.01, 0.25, None, None)
    assert (patch.scenes[0].name, patch.scenes[0].fade, patch.scenes[0].quantise) == ("rest", 2.0, "bar")
    assert patch.bands() == {"room.band_40_110p5": (40.0, 110.5)}
    assert patch.lanes() == ("body", "room")
    assert patch.where("route", 0, "attack") == "bloom.toml:11"
    assert patch.where("scene", 0, "route", 0, "to") == "bloom.toml:25"
    assert patch.where("scene", 0, "route", 0, "curve") == "bloom.toml:23"


TYPOS = [
    ("realease = 1", "5: no key 'realease' in a route; did you mean 'release'?"),
    ("gian = 1", "5: no key 'gian' in a route; did you mean 'in'?"),
    (
        "zzzz = 1",
        "5: no key 'zzzz' in a route; there is attack, curve, from, in, map, mode, out, release, to",
    ),
    ("attack = -1", "5: attack is -1; it takes seconds from 0 to 3600"),
    ('release = "slow"', "5: release is 'slow'; it takes seconds from 0 to 3600"),
    ("release = nan", "5: release is nan; it takes seconds from 0 to 3600"),
    ("attack = true", "5: attack is true; it takes seconds from 0 to 3600"),
    ("curve = 0", "5: curve is 0; it takes a number above 0, at most 16"),
    ("curve = -inf", "5: curve is -inf; it takes a number above 0, at most 16"),
    ("in = [0.5, 0.5]", "5: in is [0.5, 0.5]; it takes two different numbers"),
    ("in = 0.5", "5: in is 0.5; it takes two different numbers"),
    ("in = [0, 0.5, 1]", "5: in is [0, 0.5, 1]; it takes two different numbers"),
    ("in = [\n  0,\n  nan ]", "5: in is [0, nan]; it takes two different numbers"),
    ("out = [0, inf]", "5: out is [0, inf]; it takes two different numbers"),
    ("out = [2, 2.0]", "5: out is [2, 2]; it takes two different numbers"),
    ('mode = "folow"', "5: no mode 'folow'; did you mean 'follow'?"),
    ("mode = 1", "5: no mode 1; there is follow, hold, toggle, trigger"),
    ('mode = "x"', "5: no mode 'x'; there is follow, hold, toggle, trigger"),
    ('[[scene]]\nname = "rest"\nfade = -2', "7: fade is -2; it takes seconds from 0 to 3600"),
    ('[[scene]]\nname = "rest"\nquantise = "bars"', "7: no quantise 'bars'; did you mean 'bar'?"),
    ("[[scene]]\nfade = 1", "5: a scene needs name: a name: letters, digits, - and _"),
    ('[[scene]]\nname = "a/b"', "6: name is 'a/b'; it takes a name: letters, digits, - and _"),
    ('[[scene]]\nname = "a"\n[[scene]]\nname = "a"', "8: a second scene called 'a'; give it another name"),
    ("[[scnee]]", "5: no key 'scnee' in a patch; did you mean 'scene'?"),
    ('[[scene]]\nname="a"\n[[scene.rout]]\nto="b"', "7: no key 'rout' in a scene; did you mean 'route'?"),
    (
        '[[route]]\nto = "chest.glow"',
        '5: a route needs from: a feature such as "bass", or { band = [40, 110] }',
    ),
    (
        '[soundscape]\n[[voice]]\nname = "x"',
        "6: a voice needs play: one of drones, bowed, struck, grains, coat",
    ),
    (
        '[[route]]\nfrom = "bass"',
        '5: a route needs to: "zone.medium", "*.medium" or an OSC address such as "/synth/cutoff"',
    ),
]


@pytest.mark.parametrize(("line", "expected"), TYPOS)
def test_a_typo_is_answered_by_line_and_nearest_name(line: str, expected: str) -> None:
    assert said(with_route(line)) == f"bloom.toml:{expected}"


TARGETS = [
    ('"chest.glo"', "no medium 'glo'; did you mean 'glow'?"),
    (
        '"chest.zzzz"',
        "no medium 'zzzz'; there is buzz, buzz_hz, chroma, dye, glow, hue, pattern",
    ),
    (
        '"chest"',
        """to is 'chest'; it takes "zone.medium", "*.medium" or an OSC address such as "/synth/cutoff\"""",
    ),
    ("3", 'to is 3; it takes "zone.medium", "*.medium" or an OSC address such as "/synth/cutoff"'),
    (
        '"/a b"',
        "to is '/a b'; an OSC address is plain letters after / and has none of # * , ? [ ] { }",
    ),
    (
        '"/a/*"',
        "to is '/a/*'; an OSC address is plain letters after / and has none of # * , ? [ ] { }",
    ),
]


@pytest.mark.parametrize(("to", "expected"), TARGETS)
def test_a_target_that_cannot_be_is_said(to: str, expected: str) -> None:
    assert said(f'title = "x"\n[[route]]\nfrom = "bass"\nto = {to}\n') == f"bloom.toml:4: {expected}"


@pytest.mark.parametrize("edges", ["[10, 110]", "[40, 20001]", "[110, 40]", "[40, 40]", "[40, nan]"])
def test_a_band_lies_where_people_hear(edges: str) -> None:
    text = f'title = "x"\n[[route]]\nto = "a.glow"\nfrom = {{ band = {edges} }}\n'
    assert said(text) == (
        f"bloom.toml:4: band is {edges}; it takes two frequencies in Hz from 20 to 20000, the lower first"
    )


HEADS = [
    ("", "1: a patch needs title: one line of text, at most 200 characters"),
    ("title = 3", "1: title is 3; it takes one line of text, at most 200 characters"),
    ('title = "x"\nseed = -1', "2: seed is -1; it takes a whole number from 0"),
    ('title = "x"\nseed = 1.5', "2: seed is 1.5; it takes a whole number from 0"),
    (
        'title = "x"\nsketch = "../bloom.py"',
        "2: sketch is '../bloom.py'; it takes a bare name, no path: letters, digits, - and _",
    ),
    ('title = "x"\nlane = "a.b"', "2: lane is 'a.b'; it takes the name of an input, such as \"room\""),
    (
        'title = "x"\npalette = ["#112233",\n"#12345"]',
        "2: palette is '#12345'; it takes up to 8 colours such as \"#354869\", or the bare name of a palette",
    ),
    (
        'title = "x"\n[route]\nfrom = "bass"',
        "2: route is a table; it takes tables that begin with [[route]], two brackets, at most 500",
    ),
    (
        'title = "x"\ntitle = "y"',
        "2: is not TOML: cannot overwrite a value; this key is there twice: write it once",
    ),
    ('title = "x', "1: is not TOML: illegal character '\\n'; a \" is missing at its end"),
    (
        'title = "x"\n[[route]\n',
        "2: is not TOML: expected ']]' at the end of an array declaration; a heading ends in ] as it begins in [",
    ),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_the_head_of_a_patch_is_checked(head: str, expected: str) -> None:
    assert said(head + "\n") == f"bloom.toml:{expected}"


def test_everything_wrong_is_said_at_once_and_in_order() -> None:
    text = with_route('atack = 1\nmode = "x"') + '[[route]]\nfrom = "mid"\nto = "chest.glo"\nin = [1, 1]\n'
    assert said(text).splitlines() == [
        "bloom.toml:5: no key 'atack' in a route; did you mean 'attack'?",
        "bloom.toml:6: no mode 'x'; there is follow, hold, toggle, trigger",
        "bloom.toml:9: no medium 'glo'; did you mean 'glow'?",
        "bloom.toml:10: in is [1, 1]; it takes two different numbers",
    ]


def test_files_that_are_no_patches_are_refused_in_one_sentence(tmp_path: Path) -> None:
    cases = {
        "big.toml": (b"#" * (1 << 20) + b"\n", "is larger than 1 MiB, which no patch is"),
        "latin.toml": (b'title = "x"\nabout = "caf\xe9"\n', None),
    }
    for name, (content, end) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PatchError) as caught:
            load_patch(tmp_path / name)
        assert str(caught.value) == (
            f"{tmp_path / name}: {end}"
            if end
            else f"{tmp_path / name}:2: is not UTF-8 text; save it as UTF-8"
        )
    with pytest.raises(PatchError, match="is not a file"):
        load_patch(tmp_path)
    with pytest.raises(PatchError, match="there is no such patch file"):
        load_patch(tmp_path / "none.toml")
    with pytest.raises(PatchError):
        load_patch("nul\0.toml")


def test_a_notepad_file_is_a_patch_too(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_patch(path).where("route", 0, "attack") == f"{path}:11"


@pytest.mark.parametrize(
    "deep",
    [
        "a = " + "[" * 100_000,
        "a" + ".a" * 100_000 + " = 1",
        "[" + "a." * 50_000 + "a]",
        "a = " + "{a = " * 9999,
    ],
)
def test_depth_is_bounded_before_it_costs(deep: str) -> None:
    assert said('title = "x"\n' + deep) == "bloom.toml:2: nested deeper than any patch needs"
    with pytest.raises(TooDeepError):
        key_lines(deep)


def test_many_routes_are_refused() -> None:
    many = "\n".join(
        f'[[scene]]\nname = "s{k}"' + '\n[[scene.route]]\nfrom="a"\nto="*.glow"' * 60 for k in range(9)
    )
    assert "540 routes; a patch has at most 500" in said('title = "x"\n' + many)


def every_path(data: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {path} if path else set()
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found |= every_path(value, (*path, key))
    return found


TRICKY = r"""
a = "no # comment [[b]]" # = x
"quo\u0074ed.key" . 'lit.eral' = 'it""" + r"""'
[t] # head
long = '''
[[t.fake]]
x = 1'''
basic = \"\"\"
a "quote" \\"\"\" ]] still
[t.fake]
\"\"\"
array = [ # one
  1, 'two', [3, 4], # [5]
  { a.b = 1, c = "}" },
]
quotes = [ QQQaQQQQQ, QQQQbQQQ, TTT'cTTTT, 1 ]
when = 1979-05-27 07:32:00
[[t.list]]
x = 1
[[t.list]]
x.y = 2
[t.list.sub]
deep = true
[[t.list.many]]
[[t.list.many]]
z = -inf
""".replace('\\"\\"\\"', '"""').replace('\\\\"""', '\\"""')


def test_every_key_of_a_tricky_text_has_its_line() -> None:
    text = TRICKY.replace("'''it'''", "''").replace("Q", '"').replace("T", "'")
    data = tomllib.loads(text)
    lines = key_lines(text)
    assert set(lines) == every_path(data)
    rows = text.split("\n")
    assert rows[lines["t", "list", 1, "x", "y"] - 1] == "x.y = 2"
    assert rows[lines["t", "list", 1, "many", 1, "z"] - 1] == "z = -inf"
    assert rows[lines["t", "array", 3, "c"] - 1].strip() == '{ a.b = 1, c = "}" },'
    assert rows[lines["t", "array", 2, 1] - 1].strip().startswith("1, 'two'")


@pytest.mark.parametrize("name", GALLERY)
def test_every_key_of_the_gallery_has_its_line(name: str) -> None:
    text = files("patch")[name].read_text(encoding="utf-8")
    assert set(key_lines(text)) == every_path(tomllib.loads(text))


@pytest.mark.parametrize("name", GALLERY)
def test_the_gallery_loads(name: str) -> None:
    patch = load_patch(files("patch")[name])
    assert patch.about
    assert isinstance(patch.palette, str)
    assert len(load_palette(files("palette")[patch.palette]).swatches) == 5
    assert len(patch.scenes) >= 2
    assert "rest" in [scene.name for scene in patch.scenes]


def mutations(count: int) -> list[str]:
    texts = [GOOD, *(files("patch")[name].read_text(encoding="utf-8") for name in GALLERY)]
    dice = random.Random(7)
    noise = [
        '"',
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        "\n",
        "#",
        "nan",
        "\\",
        "[[",
        "1e999",
        "é",
        "\0",
        "'''",
        '"""',
        ",",
    ]
    made = []
    for i in range(count):
        text = texts[i % len(texts)]
        for _ in range(dice.randint(1, 4)):
            at, size = dice.randrange(len(text)), dice.randint(0, 12)
            if dice.random() < 0.5:
                other = dice.randrange(len(text))
                text = text[:at] + text[other : other + size] + text[at + dice.randint(0, size) :]
            else:
                text = text[:at] + dice.choice(noise) + text[at + dice.randint(0, 3) :]
        made.append(text)
    return made


def test_mutated_patches_raise_nothing_but_patch_errors_and_every_key_is_found() -> None:
    broken = 0
    for text in mutations(400):
        try:
            data = tomllib.loads(text.replace("\r\n", "\n"))
        except (ValueError, RecursionError):
            data = None
        if data is not None:
            assert set(key_lines(text)) == every_path(data)
        try:
            read_patch(text, "bloom.toml")
        except PatchError as error:
            broken += 1
            for line in str(error).splitlines():
                assert line.startswith("bloom.toml:"), line
    assert 100 < broken < 400


def test_the_schema_is_complete_described_and_says_what_the_reader_says() -> None:
    made = schema()
    definitions = made["$defs"]
    assert set(definitions) == {"Band", "Cue", "Document", "Feel", "Route", "Scene", "Soundscape", "Voice"}
    for name, definition in definitions.items():
        assert definition["additionalProperties"] is False, name
        assert definition["description"]
        for key, value in definition["properties"].items():
            assert value["description"], (name, key)
    route = definitions["Route"]
    assert list(route["properties"]) == [
        "from",
        "to",
        "in",
        "out",
        "map",
        "curve",
        "attack",
        "release",
        "mode",
    ]
    assert route["required"] == ["from", "to"]
    assert set(definitions["Scene"]["properties"]) == {"name", "fade", "quantise", "route"}
    assert set(definitions["Cue"]["properties"]) == {"name", "scene", "fade", "quantise", "after", "note"}
    assert definitions["Cue"]["required"] == ["name", "scene"]
    feel = {"from", "to", "name", "part", "carrier", "pattern", "over", "strength"}
    assert set(definitions["Feel"]["properties"]) == feel
    assert definitions["Feel"]["required"] == ["from", "to"]
    keys = {
        "title",
        "about",
        "seed",
        "garment",
        "sketch",
        "lane",
        "palette",
        "route",
        "feel",
        "scene",
        "cue",
        "go_guard",
        "soundscape",
        "voice",
    }
    assert set(definitions["Document"]["properties"]) == keys


def test_reading_and_the_schema_load_no_numpy() -> None:
    import subprocess

    code = (
        "import sys; from wearsound.mapping.document import schema; schema(); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


HOSTILE = [
    "title = \"__import__('os').system('touch /tmp/owned')\"\nsketch = \"os\"\n",
    'title = "{0.__class__}"\nabout = "%s%n${HOME}"\n',
    'title = "x"\nsketch = "/etc/passwd"\n',
    'title = "x"\ngarment = "../../etc/passwd"\n',
    'title = "x"\ngarment = "file:///etc/passwd"\ninclude = "/etc/passwd"\n',
    'title = "x"\n[[route]]\nfrom = "__import__(\'socket\')"\nto = "/dev/tcp/127.0.0.1/80"\n',
    'title = "x"\n[[route]]\nfrom = "bass"\nto = "chest.__class__"\ncurve = "exec(1)"\n',
    'title = "x"\n[__class__]\n__init__ = 1\n',
    'title = "!!python/object/apply:os.system [id]"\n',
]
watching: list[str] | None = None


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if watching is None:
        return
    if event in ("exec", "compile", "import") or event.startswith(
        ("socket.", "subprocess.", "os.system", "os.exec")
    ):
        watching.append(event)
    elif event == "open":
        watching.append(str(arguments[0]))


def test_a_hostile_patch_opens_imports_runs_and_connects_nothing(tmp_path: Path) -> None:
    global watching
    paths = []
    for i, text in enumerate([*HOSTILE, *mutations(100), GOOD]):
        path = tmp_path / f"{i}.toml"
        path.write_text(text, encoding="utf-8", newline="")
        paths.append(path)
        (tmp_path / "os.py").write_text("raise SystemExit('ran')")
    sys.addaudithook(watch)
    for path in paths:
        watching = []
        try:
            load_patch(path)
        except PatchError:
            pass
        finally:
            seen, watching = watching, None
        assert seen == [str(path)]


@pytest.mark.parametrize("to", ["/wear/zone/chest/rgb", "/wear/haptic/chest", "/wear"])
def test_a_patch_cannot_speak_in_wearsounds_own_name(to: str) -> None:
    """Zone colours go out after the flash guard; a route to their address would go round it."""
    with pytest.raises(PatchError, match=r"own, after safety"):
        read_patch(f'title = "x"\n[[route]]\nfrom = "bass"\nto = "{to}"\n')
