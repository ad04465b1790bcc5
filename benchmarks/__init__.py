"""How fast, how late, how big: every budget beside its figure. Run `python -m benchmarks`."""
