"""A track of our own to demonstrate and to test with: `compose(seed)`, `DemoSource(seed)`."""

from wearsound.sources.composer.cache import compose
from wearsound.sources.composer.source import DemoSource
from wearsound.sources.composer.track import Track, compose_fresh
from wearsound.sources.composer.truth import Truth

__all__ = ["DemoSource", "Track", "Truth", "compose", "compose_fresh"]
