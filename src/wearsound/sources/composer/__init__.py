"""A track and a walk of our own, to demonstrate and to test with."""

from wearsound.sources.composer.cache import compose
from wearsound.sources.composer.source import DemoSource, WalkSource
from wearsound.sources.composer.track import Track, compose_fresh
from wearsound.sources.composer.truth import Truth
from wearsound.sources.composer.walk import Walk, compose_walk

__all__ = ["DemoSource", "Track", "Truth", "Walk", "WalkSource", "compose", "compose_fresh", "compose_walk"]
