"""Benchmarks: each compares with a bare limit measured in the same run, and prints ratios."""
