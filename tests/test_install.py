"""Gallery files are found from a clone, a wheel, and a wheel built from the sdist, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOOK = """
import json, wearsound
from wearsound import gallery
print(json.dumps({
    "from": wearsound.__file__,
    "root": str(gallery.root()),
    "names": {kind: sorted(gallery.files(kind)) for kind in gallery.KINDS},
    "text": gallery.find("patch", "bass-denim").read_text(encoding="utf-8"),
}))
"""


def look(folder: Path, path: Path = ROOT / "src") -> dict[str, object]:
    """What a program in `folder` finds; this clone's own by its path, as an editable install has it.

    Whatever else is installed where the tests run (another clone, a wheel) comes after it.
    """
    import json

    env = {**os.environ, "PYTHONPATH": str(path)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=folder, env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir"]
    subprocess.run([*build, str(out / "wheel"), "--wheel", str(ROOT)], check=True, capture_output=True)
    # With neither flag, the wheel is built from the sdist.
    subprocess.run([*build, str(out / "sdist"), str(ROOT)], check=True, capture_output=True)
    unpacked = {}
    for kind in ("wheel", "sdist"):
        (wheel,) = (out / kind).glob("*.whl")
        unpacked[kind] = out / f"{kind}-installed"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked[kind])
    return unpacked


def test_an_edit_in_the_clone_shows(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert found["from"] == str(ROOT / "src" / "wearsound" / "__init__.py")
    assert found["root"] == str(ROOT)
    assert found["text"] == (ROOT / "patches" / "bass-denim.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_an_installed_package_carries_the_whole_gallery(
    wheels: dict[str, Path], kind: str, tmp_path: Path
) -> None:
    found = look(tmp_path, wheels[kind])
    assert str(found["from"]).startswith(str(wheels[kind]))
    assert str(found["root"]).startswith(str(wheels[kind]))
    assert found["names"] == look(tmp_path)["names"]
    assert found["text"] == look(tmp_path)["text"]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_an_installed_package_carries_its_fonts_networks_and_licence(
    wheels: dict[str, Path], kind: str
) -> None:
    names = {path.name for path in wheels[kind].rglob("*")}
    assert {"LICENSE", "B612-Regular.otf", "OFL.txt", "py.typed", "strokes.npz", "beats.npz"} <= names
