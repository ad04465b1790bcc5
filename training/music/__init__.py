"""Music for training: an endless variety of short pieces with exact truth, one for each seed."""

from .pieces import Piece, piece

__all__ = ["Piece", "piece"]
