"""The program as a person meets it: every verb, every exit code, one clear sentence for every fault."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, write_song

LAYERS = {"features.npz", "light.npz", "osc.jsonl", "report.json", "show.toml", "sound.wav", "vibration.wav"}
LAYERS |= {"report.html"}
FILM = {"video.mp4", "poster.png", "thumbs", "frames.txt"}
SMALL = ("--size", "320x180", "--fps", "10")


def sentence(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one thing it said on stderr; the exit code is right and nothing is a traceback."""
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done.stderr.strip()


def facts(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "report.json").read_text(encoding="utf-8"))["facts"]
    return found


SONGS = {
    "stereo 44.1 kHz MP3": ("song.mp3", 44_100, 2, {}),
    "stereo 48 kHz 24-bit WAV": ("song.wav", 48_000, 2, {"subtype": "PCM_24"}),
    "mono 8 kHz OGG": ("song.ogg", 8_000, 1, {}),
}


@pytest.mark.parametrize("song", SONGS)
def test_render_leaves_every_layer_of_any_recording(song: str, wearsound: Run, tmp_path: Path) -> None:
    name, rate, channels, how = SONGS[song]
    write_song(tmp_path / name, rate, channels, **how)
    done = wearsound("render", "bass-denim", name, "--to", "out", *SMALL)
    assert sentence(done, 0) == ""
    assert {path.name for path in (tmp_path / "out").iterdir()} == LAYERS | FILM
    with np.load(tmp_path / "out" / "features.npz") as features:
        assert 2.9 < features["time"][-1] < 3.2
        assert features["room.bass"].max() > 0.2
    with np.load(tmp_path / "out" / "light.npz") as light:
        assert light["chest"].max() > 30


def test_two_renders_in_fresh_processes_are_equal_and_check_says_so(program: Run, tmp_path: Path) -> None:
    write_song(tmp_path / "song.wav", 44_100, 2)
    shutil.copy(Path(__file__).parent.parent / "patches" / "bass-denim.toml", tmp_path / "mine.toml")
    for folder, seed in (("a", "1"), ("b", "999")):
        done = program(
            "render",
            "mine.toml",
            "song.wav",
            "--to",
            folder,
            *SMALL,
            "--seconds",
            "1",
            env={"PYTHONHASHSEED": seed},
        )
        assert sentence(done, 0) == ""
    assert facts(tmp_path / "a") == facts(tmp_path / "b")
    assert program("check", "a").returncode == 0
    patch = tmp_path / "mine.toml"
    text = patch.read_text(encoding="utf-8")
    assert "seed = 7" in text.replace("seed    = 7", "seed = 7")
    at = text.index("release = 0.")
    patch.write_text(
        text[: at + 12] + ("9" if text[at + 12] != "9" else "8") + text[at + 13 :], encoding="utf-8"
    )
    done = program("check", "a")
    assert done.returncode == 1
    assert "has changed" in done.stdout
    assert "light differs" in done.stdout


def test_a_render_is_replaced_and_a_folder_of_somebody_is_not(wearsound: Run, tmp_path: Path) -> None:
    words = ("render", "bass-denim", "test:kick=120", "--seconds", "1", "--no-video", "--to", "out")
    assert wearsound(*words).returncode == 0
    assert wearsound(*words).returncode == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "novel.txt").write_text("once", encoding="utf-8")
    said = sentence(wearsound(*words[:-1], "mine"), 1)
    assert "mine" in said
    assert (tmp_path / "mine" / "novel.txt").read_text(encoding="utf-8") == "once"
    assert not list(tmp_path.glob("*.part"))


def make_missing(path: Path) -> None: ...


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_text(path: Path) -> None:
    path.write_text("this is a shopping list\n" * 20, encoding="utf-8")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_headless(path: Path) -> None:
    write_song(path.with_name("whole.wav"), 48_000, 2, 1.0)
    path.write_bytes(path.with_name("whole.wav").read_bytes()[:30])


@pytest.mark.parametrize("make", [make_missing, make_empty, make_text, make_folder, make_headless])
def test_a_bad_recording_is_one_sentence(
    make: Callable[[Path], None], wearsound: Run, tmp_path: Path
) -> None:
    make(tmp_path / "song.wav")
    said = sentence(wearsound("render", "bass-denim", "song.wav", "--to", "out"), 2)
    assert said.count("\n") == 0
    assert "song.wav" in said
    assert not list(tmp_path.glob("out*"))


def test_a_patch_typo_names_line_and_nearest(wearsound: Run, tmp_path: Path) -> None:
    (tmp_path / "typo.toml").write_text(
        'title = "x"\n\n[[route]]\nfrom = "bas"\nto = "chest.glow"\n', encoding="utf-8"
    )
    said = sentence(wearsound("render", "typo.toml", "test:kick=120", "--to", "out"), 2)
    assert "typo.toml:4" in said
    assert "did you mean 'bass'?" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("render", "bass-denm", "test:kick=120", "--to", "out"), 2, "did you mean 'bass-denim'?"),
        (("render", "bass-denim", "test:kik=120", "--to", "out"), 2, "kick"),
        (("render", "bass-denim", "test:kick=120", "--to", "out", "--garment", "denim"), 2, "denim-jacket"),
        (("render", "gone.toml", "test:kick=120", "--to", "out"), 2, "gone.toml"),
        (("render", "bass-denim", "test:kick=120", "--to", "out", "--size", "12x12"), 2, "12x12"),
        (("render", "bass-denim", "test:kick=120", "--to", "out", "--fsp", "30"), 2, "--fps"),
        (("rendr",), 2, "did you mean render?"),
        (("check", "nothing"), 3, "nothing"),
        (("analyze", "gone.wav"), 2, "gone.wav"),
        (("analyze", "test:sine=440", "--lane", "bodi", "--seconds", "1"), 2, "room"),
        (("new", "patch", "../evil"), 1, "evil"),
        (("trust", "gone.py"), 2, "gone.py"),
        (("doctor", "--input", "test:sine=440", "--seconds", "0"), 2, "seconds above 0"),
        (("doctor", "--input", "test:sine=440", "--seconds", "nan"), 2, "seconds above 0"),
        (("analyze", "test:kick=120", "--plot", "f.jpg"), 2, "f.jpg"),
        (("analyze", "test:kick=120", "--to", "f.txt"), 2, ".npz or .csv"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_slip_is_answered(
    words: tuple[str, ...], code: int, part: str, wearsound: Run, tmp_path: Path
) -> None:
    assert part in sentence(wearsound(*words), code)
    assert not list(tmp_path.iterdir())


BAD_SKETCHES = {
    "syntax": ("class Bad(Sketch)\n    pass\n", "bad.py:1"),
    "raises at once": ("from wearsound import Sketch\n1 / 0\n", "bad.py:2"),
    "no sketch": ("x = 1\n", "Sketch"),
    "raises in draw": (
        "from wearsound import Sketch\n\nclass Bad(Sketch):\n"
        "    def draw(self, c, f):\n        c.circle(undefined, 1, 2)\n",
        "bad.py:5",
    ),
}


@pytest.mark.parametrize("name", BAD_SKETCHES)
def test_a_bad_sketch_is_one_sentence(name: str, wearsound: Run, tmp_path: Path) -> None:
    text, part = BAD_SKETCHES[name]
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    done = wearsound(
        "render", "bass-denim", "test:kick=120", "--sketch", "bad.py", "--seconds", "1", "--to", "out"
    )
    said = sentence(done, 2)
    assert part in said
    assert not list(tmp_path.glob("out*"))


EVIL = "from pathlib import Path\nPath('ran').touch()\nfrom wearsound import Sketch\n"


def test_nothing_of_a_hostile_folder_runs(program: Run, tmp_path: Path) -> None:
    """A patch beside a same-named sketch, and libraries' names all around."""
    for name in ("stitch", "pygame", "numpy", "evil"):
        (tmp_path / f"{name}.py").write_text(EVIL, encoding="utf-8")
    patch = 'title = "x"\nsketch = "{}"\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n'
    (tmp_path / "stitch.toml").write_text(patch.format("stitch"), encoding="utf-8")
    words = ("--seconds", "1", *SMALL, "--to", "out")
    installed = str(Path(sys.executable).with_name("wearsound"))
    done = subprocess.run(
        [installed, "render", "stitch.toml", "test:kick=120", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
    (tmp_path / "evil.toml").write_text(patch.format("evil"), encoding="utf-8")
    assert "trust" in sentence(
        program("render", "evil.toml", "test:kick=120", *words, env={"PYTHONSAFEPATH": "1"}), 2
    )
    (tmp_path / "path.toml").write_text(patch.format("./evil.py"), encoding="utf-8")
    sentence(program("render", "path.toml", "test:kick=120", *words, env={"PYTHONSAFEPATH": "1"}), 2)
    assert not (tmp_path / "ran").exists()


def test_pythons_own_helpers_import_nothing_from_the_folder_either(tmp_path: Path) -> None:
    """Shared memory starts a tracker process, which would take its modules from the current folder."""
    for name in ("multiprocessing", "signal", "socket", "threading", "pickle"):
        (tmp_path / f"{name}.py").write_text(
            "from pathlib import Path\nPath('ran').touch()\n", encoding="utf-8"
        )
    code = (
        "from wearsound.cli import main\nmain(['list', 'patches'])\n"
        "from wearsound.outputs.slot import Slot\nSlot(1, 1, 1, 1).close()\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_strangers_show_sends_nothing_to_where_the_stranger_says(tmp_path: Path) -> None:
    from wearsound import load, render

    (tmp_path / "rig.toml").write_text(
        '[[osc]]\nname = "me"\nhost = "192.0.2.1"\nport = 9\n', encoding="utf-8"
    )
    rig = tmp_path / "rig.toml"
    render(load("bass-denim", rig=rig), "test:kick=120", to=tmp_path / "out", seconds=1, video=False)
    assert load(tmp_path / "out" / "show.toml").rig is None
    assert load(tmp_path / "out" / "show.toml", rig=rig).rig is not None


def test_a_strangers_render_is_not_checked_with_its_own_program(wearsound: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from wearsound import Sketch\n\n"
        "class Mine(Sketch):\n    def draw(self, c, f):\n        c.background('indigo')\n",
        encoding="utf-8",
    )
    words = (
        "render",
        "bass-denim",
        "test:kick=120",
        "--sketch",
        "mine.py",
        "--seconds",
        "1",
        *SMALL,
        "--to",
        "out",
    )
    assert sentence(wearsound(*words), 0) == ""
    assert "trust" in sentence(wearsound("check", "out"), 2)
    assert wearsound("check", "out", "--sketch", "mine.py").returncode == 0


def test_a_trusted_sketch_that_changes_is_a_stranger_again(wearsound: Run, tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    sketch = tmp_path / "glow.py"
    sketch.write_text(
        "from wearsound import Sketch\n\n"
        "class Glow(Sketch):\n    def draw(self, c, f):\n        c.background('indigo')\n",
        encoding="utf-8",
    )
    (tmp_path / "p.toml").write_text(
        'title = "x"\nsketch = "glow"\n[[route]]\nfrom = "bass"\nto = "chest.glow"\n', encoding="utf-8"
    )
    words = ("render", "p.toml", "test:kick=120", "--seconds", "1", *SMALL, "--to", "out")
    assert "trust" in sentence(wearsound(*words, env=env), 2)
    assert wearsound("trust", "glow.py", env=env).returncode == 0
    assert sentence(wearsound(*words, env=env), 0) == ""
    sketch.write_text(sketch.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert "changed since you trusted it" in sentence(wearsound(*words, env=env), 2)


BLOCKED = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            {how}
sys.meta_path.insert(0, Missing())
from wearsound.cli import main
sys.exit(main({words!r}))
"""


def without(
    blocked: set[str], words: list[str], cwd: Path, how: str = "raise ModuleNotFoundError(name, name=name)"
):
    code = BLOCKED.format(blocked=blocked, words=words, how=how)
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, timeout=120)


def test_render_needs_neither_portaudio_nor_pygame(tmp_path: Path) -> None:
    words = ["render", "bass-denim", "test:kick=120", "--seconds", "1", "--no-video", "--to", "out"]
    done = without({"sounddevice", "pygame", "av"}, words, tmp_path)
    assert sentence(done, 0) == ""


def test_no_portaudio_is_three_words_and_a_remedy(tmp_path: Path) -> None:
    how = "raise OSError('PortAudio library not found')"
    for words in (
        ["devices"],
        ["run", "bass-denim", "--no-window"],
        ["run", "--input", "zoom", "--no-window"],
    ):
        said = sentence(without({"sounddevice"}, words, tmp_path, how), 3)
        assert "libportaudio2" in said or sys.platform != "linux"


def test_no_pygame_and_no_av_name_their_remedy(tmp_path: Path) -> None:
    words = ["render", "bass-denim", "test:kick=120", "--seconds", "1", "--to", "out"]
    assert "pygame-ce" in sentence(without({"pygame"}, words, tmp_path), 3)
    assert "wearsound[video]" in sentence(without({"av"}, words, tmp_path), 3)
    assert not list(tmp_path.glob("out*"))


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "from wearsound.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    words = ["render", "bass-denim", "test:kick=120", "--seconds", "8", "--no-video", "--to", "out"]
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True)
    assert "nothing was kept" in sentence(done, 1)
    assert not list(tmp_path.iterdir())


def test_listings_have_name_and_about(wearsound: Run) -> None:
    for kind in ("patches", "sketches", "garments", "rigs", "features", "voices", "scales", "outputs"):
        rows = json.loads(wearsound("list", kind, "--json").stdout)
        assert rows
        assert all(row["name"] and row["about"] for row in rows), kind


def test_analyze_prints_what_the_design_says(wearsound: Run, tmp_path: Path) -> None:
    done = wearsound(
        "analyze", "test:clicks=120", "--seconds", "10", "--json", "--to", "f.csv", "--plot", "f.png"
    )
    found = json.loads(done.stdout)
    assert set(found) == {
        "duration", "sample_rate", "tempo", "beats", "beats_decided", "onsets", "onsets_decided", "features",
    }  # fmt: skip
    assert found["duration"] == 10.0
    assert len(found["onsets"]) == 20
    assert (tmp_path / "f.png").stat().st_size > 10_000
    rows = (tmp_path / "f.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("time,room.level")
    assert len(rows) == 1 + 1875


def test_new_makes_files_that_work(wearsound: Run, tmp_path: Path) -> None:
    for kind in ("patch", "garment", "rig", "sketch"):
        assert wearsound("new", kind, f"my-{kind}").returncode == 0
        assert wearsound("new", kind, f"my-{kind}").returncode == 1
    words = (
        "render",
        "my-patch.toml",
        "test:kick=120",
        "--garment",
        "my-garment.toml",
        "--rig",
        "my-rig.toml",
    )
    done = wearsound(*words, "--sketch", "my-sketch.py", "--seconds", "1", *SMALL, "--to", "out")
    assert sentence(done, 0) == ""


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("patch", "--from", "first-walk"), "run mine.toml --input walk"),
        (("patch", "--from", "answer"), "run mine.toml --input demo"),
        (("patch", "--from", "bass-denim"), "run mine.toml --input test:kick=120"),
        (("rig", "--from", "contact"), "run first-walk --rig mine.toml"),
        (("rig", "--from", "laptop"), "run --rig mine.toml --input test:kick=120"),
        (("garment",), "run --garment mine.toml --input test:kick=120"),
    ],
)
def test_new_advises_what_the_file_can_hear(wearsound: Run, words: tuple[str, ...], advice: str) -> None:
    assert f"try `wearsound {advice}`\n" in wearsound("new", words[0], "mine", *words[1:]).stdout


def test_doctor_has_a_word_for_each_trouble(wearsound: Run, tmp_path: Path) -> None:
    import soundfile

    n = 48_000 * 3
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(n) / 48_000)
    files = {
        "silent": np.zeros((n, 2)),
        "quiet": np.stack([tone, tone], 1) * 0.003,
        "clipped": np.clip(np.stack([tone, tone], 1) * 9, -1, 1),
        "wrong channel": np.stack([tone * 0, tone], 1),
        "good": np.stack([tone, tone], 1),
    }
    for word, samples in files.items():
        soundfile.write(tmp_path / "in.wav", samples, 48_000)
        done = wearsound("doctor", "--input", "in.wav")
        assert f"sound: {word}: " in done.stdout
        assert done.returncode == (0 if word == "good" else 1)


def test_doctor_judges_a_body_by_its_gestures(wearsound: Run, tmp_path: Path) -> None:
    """A body is quiet between steps: its level says nothing, what it does says all."""
    import soundfile

    moves = wearsound("doctor", "--input", "walk")
    assert re.search(r"sound: good: body of walk moves: \d+ steps", moves.stdout)
    assert moves.returncode == 0
    still = wearsound("doctor", "--input", "walk", "--seconds", "2")
    assert "sound: still: body of walk is there" in still.stdout
    assert still.returncode == 1
    both = wearsound("doctor", "--input", "demo")
    assert "sound: good: demo is heard well" in both.stdout
    assert "sound: good: body of demo moves" in both.stdout
    n = 48_000 * 2
    clipped = np.sign(np.sin(2 * np.pi * 220 * np.arange(n) / 48_000))
    for word, samples in {"silent": np.zeros(n), "clipped": clipped}.items():
        soundfile.write(tmp_path / "in.wav", samples, 48_000)
        done = wearsound("doctor", "--input", "in.wav", "--rig", "contact")
        assert f"sound: {word}: body of in.wav" in done.stdout
        assert done.returncode == 1


def test_every_way_out_of_a_show_is_quiet(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.bind(("127.0.0.1", 0))
            wire.settimeout(30)
            rig = f'[[osc]]\nname = "here"\nport = {wire.getsockname()[1]}\n'
            (tmp_path / "rig.toml").write_text(rig, encoding="utf-8")
            show = subprocess.Popen(
                [sys.executable, "-m", "wearsound", "run", "--input", "test:kick=120", "--mute", "--no-window",
                 "--rig", "rig.toml", "--port", "0"],
                cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                env={**os.environ, "PYTHONUNBUFFERED": ""},
            )  # fmt: skip
            assert show.stdout is not None
            wire.recv(65_535)  # it plays
            if not select.select([show.stdout], [], [], 5)[0]:
                show.kill()
                pytest.fail("what it said first waits in a buffer")
            assert "Bass denim" in show.stdout.readline()
        show.send_signal(number)
        out, err = show.communicate(timeout=10)
        assert "Traceback" not in err
        assert show.returncode == 0, err
        assert "played" in out


def test_a_render_that_is_told_to_stop_leaves_nothing(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        render = subprocess.Popen(
            [sys.executable, "-m", "wearsound", "render", "bass-denim", "test:kick=120", "--seconds", "900",
             "--no-video", "--to", "out"],
            cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while not (tmp_path / "out.part" / "features.npz").exists() and not list(tmp_path.glob("out.part/*")):
            time.sleep(0.05)
        render.send_signal(number)
        assert render.communicate(timeout=20)[1].strip() == "wearsound: stopped"
        assert render.returncode == 130
        assert not list(tmp_path.iterdir())


ON_A_MICROPHONE = """
import sys
from test_sources import Live
import wearsound.sources.microphone as microphone
from wearsound.cli import main
microphone.Microphone = Live
sys.exit(main(["run", "bass-denim", "--input", "zoom", "--no-window", "--seconds", "0.5"]))
"""


def test_a_show_on_a_microphone_ends_after_its_seconds() -> None:
    # `main` in another test's process leaves PYTHONSAFEPATH behind, with which `test_sources` here is not found.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, "-c", ON_A_MICROPHONE],
        cwd=Path(__file__).parent, env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert sentence(done, 0) == ""
    assert "Bass denim: a zoom." in done.stdout
    assert "played 0.3 s, 40 hops lost" in done.stdout


AND_THE_DRIVER = """
import os, sys
from wearsound.cli import main
main(sys.argv[1:])
print("driver", os.environ.get("SDL_VIDEODRIVER"))
"""

BY_HAND = """
import os
from wearsound import analyze, load, render
from wearsound.show.plot import plot
render(load("bass-denim"), "test:kick=120", to="lib", size=(160, 90), fps=10, seconds=0.5)
plot(analyze("test:kick=120", seconds=0.5), "f.png")
print("driver", os.environ.get("SDL_VIDEODRIVER"))
"""


def test_only_the_program_chooses_where_sdl_draws_never_the_library(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SDL_", "DISPLAY"))}
    words = ("render", "bass-denim", "test:kick=120", "--to", "out", "--size", "160x90", "--seconds", "0.5")
    listening = ("analyze", "test:kick=120", "--seconds", "0.5")
    for code, more, driver in (
        (BY_HAND, (), "None"),
        (AND_THE_DRIVER, words, "dummy"),
        (AND_THE_DRIVER, ("check", "out"), "dummy"),
        (AND_THE_DRIVER, (*listening, "--plot", "g.png"), "dummy"),
        (AND_THE_DRIVER, listening, "None"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *more], cwd=tmp_path, env=env, capture_output=True, text=True
        )
        assert sentence(done, 0) == ""
        assert done.stdout.splitlines()[-1] == f"driver {driver}", more


@pytest.mark.parametrize("verb", ["render", "analyze"])
def test_help_says_that_a_test_signal_ends(verb: str, wearsound: Run) -> None:
    assert "ends after 20 s" in " ".join(wearsound(verb, "--help").stdout.split())


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("size = [320, 180]", "size = [-3, 7]"),
        ("size = [320, 180]", "size = [160, 91]"),
        ("fps = 10", "fps = 0"),
        ("seed = 7", "seed = 7\ndeep = " + "[" * 5000),
    ],
    ids=["size", "odd", "fps", "deep"],
)
def test_a_strangers_show_that_cannot_be_is_one_sentence(
    line: str, bad: str, wearsound: Run, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.json").write_text('{"facts": {}, "measured": {}}', encoding="utf-8")
    text = (
        'wearsound = "0"\nseed = 7\nfps = 10\nsize = [320, 180]\nseconds = 1.0\n'
        'patch = { file = "bass-denim" }\ngarment = { file = "denim-jacket" }\ninput = { file = "demo" }\n'
    )
    assert text.count(line) == 1
    (tmp_path / "out" / "show.toml").write_text(text.replace(line, bad), encoding="utf-8")
    again = ("render", "out/show.toml", "test:kick=120", "--to", "again", "--no-video")
    for words in (("check", "out"), again):
        assert "show.toml:" in sentence(wearsound(*words), 2)
    assert not list(tmp_path.glob("again*"))


def test_a_recording_cut_short_is_said_and_still_heard(wearsound: Run, tmp_path: Path) -> None:
    whole = write_song(tmp_path / "whole.flac", 48_000, 2)
    (tmp_path / "cut.flac").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    for words in (("analyze", "cut.flac"), ("render", "bass-denim", "cut.flac", "--to", "out", "--no-video")):
        done = wearsound(*words)
        assert done.returncode == 0
        assert "cut short" in done.stderr
    whole = write_song(tmp_path / "whole.wav", 48_000, 2)
    (tmp_path / "cut.wav").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "sound: cut short" in wearsound("doctor", "--input", "cut.wav").stdout


def test_what_is_no_file_is_called_what_it_is(wearsound: Run, tmp_path: Path) -> None:
    (tmp_path / "dir.toml").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "-mine.toml").write_text("")
    assert "'dir.toml' is a folder, not a file" in sentence(wearsound("fit", "dir.toml"), 2)
    assert "'pipe.toml' is a device or a pipe, not a file" in sentence(wearsound("fit", "pipe.toml"), 2)
    assert "a file of that name is ./-mine.toml" in sentence(wearsound("fit", "-mine.toml"), 2)


def test_analyze_tells_how_a_mono_file_is_heard_as_a_body(wearsound: Run, tmp_path: Path) -> None:
    write_song(tmp_path / "mono.flac", 48_000, 1)
    write_song(tmp_path / "pair.flac", 48_000, 2)
    words = ("analyze", "--seconds", "0.5")
    said = wearsound(*words, "mono.flac").stdout.splitlines()[-1]
    assert "--rig contact" in said
    assert any(
        line.startswith("  body.tap")
        for line in wearsound(*words, "mono.flac", "--rig", "contact").stdout.splitlines()
    )
    for others in (
        ("mono.flac", "--rig", "contact"),
        ("pair.flac",),
        ("test:kick=120",),
        ("mono.flac", "--json"),
    ):
        assert "--rig contact" not in wearsound(*words, *others).stdout
