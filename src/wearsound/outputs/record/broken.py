"""What reading a file of ours may throw where it is torn, or a stranger's: more than a reader would think of."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from typing import Final

KINDS: Final = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError)
"""Of tables and numbers that are of other kinds than ours, or larger."""
BROKEN: Final = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error),
    *KINDS,
    *(RuntimeError, MemoryError),  # encrypted, packed as nobody packs, nested too deep, too long
    *(SyntaxError, tokenize.TokenError),  # the header of a column is none
)
"""Of JSON, npz and WAV; soundfile's own are RuntimeErrors. None of it is a WearsoundError."""
