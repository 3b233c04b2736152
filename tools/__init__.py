"""Generators of committed files, each with --check."""
