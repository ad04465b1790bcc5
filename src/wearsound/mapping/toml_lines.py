"""Moved to wearsound.toml_file.lines."""

from wearsound.toml_file.lines import KeyPath, TooDeepError, key_lines, line_at

__all__ = ["KeyPath", "TooDeepError", "key_lines", "line_at"]
