"""Proving a show: goldens kept beside the art, and what became of them."""
