"""video.mp4: H.264 with the sound the audience heard, encoded on the second core beside the drawing."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wearsound.core import U8
from wearsound.errors import DeviceError

PRESET = "veryfast"
"""A tenth of a core at 720p30 more than superfast, and a third of its bytes (docs/render.md)."""

QUALITY = "20"
AUDIO_BITS = 192_000
WAITING = 8
"""Pictures that may wait for the encoder: more would only cost memory."""

_BT709 = 1
_LIMITED = 1


class Film:
    """An mp4 that takes pictures and sound in order. `open` raises a DeviceError without PyAV."""

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        self._path = path
        self._size = size
        self._fps = fps
        self._jobs: queue.Queue[U8 | NDArray[np.int32] | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._trouble: Exception | None = None
        self._told = False

    def open(self, sample_rate: int) -> None:
        """Start the encoder, a sentence with a remedy if it is not installed."""
        try:
            import av
        except ImportError as error:
            raise DeviceError(
                "making a film needs PyAV: pip install 'wearsound[video]', "
                "or add --no-video to leave the picture out"
            ) from error
        container = av.open(str(self._path), "w", format="mp4", options={"movflags": "+faststart"})
        video: Any = container.add_stream("libx264", rate=self._fps)
        video.width, video.height = self._size
        video.pix_fmt = "yuv420p"
        video.options = {"preset": PRESET, "crf": QUALITY}
        # Said, since players otherwise guess the matrix from the size; and the bytes depend on the threads.
        context = video.codec_context
        context.thread_count = 2
        context.gop_size = 2 * self._fps
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED
        audio: Any = container.add_stream("aac", rate=sample_rate, layout="stereo")
        audio.bit_rate = AUDIO_BITS
        self._thread = threading.Thread(
            target=self._work, args=(container, video, audio, sample_rate), name="film", daemon=True
        )
        self._thread.start()

    def picture(self, rgb: U8) -> None:
        """Add the next picture, uint8 (height, width, 3); it must not change afterwards."""
        self._put(rgb)

    def sound(self, pcm: NDArray[np.int32]) -> None:
        """Add the next sound, 24-bit int32 (n, 2)."""
        self._put(pcm)

    def close(self) -> None:
        """Finish the file and raise what went wrong and was not yet raised; twice is fine."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._jobs.put(None)
        thread.join()
        self._raise()

    def _put(self, job: U8 | NDArray[np.int32]) -> None:
        self._raise()
        self._jobs.put(job)

    def _raise(self) -> None:
        if self._trouble is not None and not self._told:
            self._told = True
            raise self._trouble

    def _work(self, container: Any, video: Any, audio: Any, sample_rate: int) -> None:
        """[encoder thread] After trouble it only empties the queue, so that nobody waits on it."""
        import av

        pictures = samples = 0
        try:
            while (job := self._jobs.get()) is not None:
                if job.dtype == np.uint8:
                    image = av.VideoFrame.from_ndarray(job, format="rgb24")
                    image = image.reformat(
                        format="yuv420p", src_colorspace="default", dst_colorspace="itu709"
                    )
                    image.pts = pictures
                    pictures += 1
                    container.mux(video.encode(image))
                else:
                    planes = np.ascontiguousarray((job / float(1 << 23)).astype(np.float32).T)
                    tone = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
                    tone.sample_rate = sample_rate
                    tone.pts = samples
                    samples += len(job)
                    container.mux(audio.encode(tone))
            container.mux(video.encode(None))
            container.mux(audio.encode(None))
            container.close()
        except Exception as error:
            self._trouble = error
            if job is not None:
                while self._jobs.get() is not None:
                    pass
