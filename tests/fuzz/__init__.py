"""Seeded strangers: files and datagrams that are wrong in ways that are known, read under guard.

`cases` says what a case is, `written` writes TOML and knows the line of every key, `keys` what each key takes (by hand,
from the documentation: not from the parsers), `mutations` and `harsh` break files, the kinds know valid ones and how
they are read, `guard` listens to what Python is asked to do meanwhile, `tally` judges.
"""
