"""The picture of a render: drawn in lockstep, hashed frame by frame, filmed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import U8, Clock, Frame, Picture
from wearsound.outputs.record.film import Film
from wearsound.outputs.record.png import png
from wearsound.outputs.record.poster import Poster

THUMB = (160, 90)


class PictureTape:
    """An output at the film's rate: video.mp4, poster.png, thumbs/, frames.txt, with `frames` also frames/.

    While what is seen is frozen the last picture stands and nothing is drawn, as in the window; before any it is black.
    `picture` draws on a surface of `size`. Give `hear` the sound (`SoundTape(..., heard=tape.hear)`).
    """

    name = "picture"

    def __init__(
        self, folder: Path, picture: Picture, size: tuple[int, int], fps: int, frames: bool = False
    ) -> None:
        self.rate = fps
        self._folder = folder
        self._picture = picture
        self._size = size
        self._frames = frames
        self._film = Film(folder / "video.mp4", size, fps)
        self._poster = Poster(fps)
        self._content = hashlib.sha256()
        self._count = 0
        self._chosen = -1
        self._surface: Any = None
        self._list: IO[bytes] | None = None

    def open(self, clock: Clock) -> None:
        """Take surface, folders and encoder; a DeviceError without PyAV, an OSError without room."""
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        self._film.open(clock.sample_rate)
        # 32 bits without alpha: what pygame blends onto quickest, and no display is asked for.
        self._surface = pygame.Surface(self._size, 0, 32)
        (self._folder / "thumbs").mkdir(exist_ok=True)
        if self._frames:
            (self._folder / "frames").mkdir(exist_ok=True)
        self._list = (self._folder / "frames.txt").open("wb")

    def hear(self, pcm: NDArray[np.int32]) -> None:
        """Take the next sound, 24-bit int32 (n, 2). [engine thread]"""
        self._film.sound(pcm)

    def send(self, frame: Frame) -> None:
        """Draw, hash and film one frame. [engine thread]"""
        first = self._count == 0
        if first:
            self._draw(frame)
        # While hops were lost no frame fell due: the picture stood still, so that film and sound stay together.
        while self._count < frame.number:
            self._keep()
        if not first:
            self._draw(frame)
        self._keep()

    def _draw(self, frame: Frame) -> None:
        if not frame.frozen:
            self._picture.draw(self._surface, frame)

    def _keep(self) -> None:
        """Hash and film what is on the surface, once."""
        import pygame

        assert self._list is not None
        raw = pygame.image.tobytes(self._surface, "RGB")
        line = hashlib.sha256(raw).hexdigest().encode() + b"\n"
        self._list.write(line)
        self._content.update(line)
        width, height = self._size
        rgb: U8 = np.frombuffer(raw, np.uint8).reshape(height, width, 3)
        self._film.picture(rgb)
        self._poster.offer(self._count, rgb)
        if self._count % self.rate == 0:
            second = self._count // self.rate
            (self._folder / "thumbs" / f"{second:04}.png").write_bytes(png(thumb(self._surface)))
        if self._frames:
            (self._folder / "frames" / f"{self._count:06}.png").write_bytes(png(rgb, level=1))
        self._count += 1

    def close(self) -> None:
        """Finish film and poster, always; twice is fine."""
        taken, self._list = self._list, None
        try:
            if taken is not None:
                taken.close()
                chosen = self._poster.choose()
                if chosen is not None:
                    self._chosen, rgb = chosen
                    (self._folder / "poster.png").write_bytes(png(rgb))
        finally:
            self._film.close()

    @property
    def digest(self) -> str:
        """Content hash of frames.txt, which is a hash of the raw RGB of every frame."""
        return self._content.hexdigest()

    def facts(self) -> dict[str, Any]:
        """Frames, their size and rate, and which one is the poster."""
        return {
            "counts": {"frames": self._count},
            "picture": {"size": list(self._size), "fps": self.rate, "poster": self._chosen},
        }


def thumb(surface: Any) -> U8:
    """A surface fitted into 160x90 on black, uint8 (90, 160, 3)."""
    import pygame

    width, height = surface.get_size()
    scale = min(THUMB[0] / width, THUMB[1] / height)
    fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = pygame.transform.smoothscale(surface, fitted)
    canvas = pygame.Surface(THUMB, 0, 32)
    canvas.blit(small, ((THUMB[0] - fitted[0]) // 2, (THUMB[1] - fitted[1]) // 2))
    raw = pygame.image.tobytes(canvas, "RGB")
    return np.frombuffer(raw, np.uint8).reshape(THUMB[1], THUMB[0], 3)
