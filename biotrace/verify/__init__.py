"""Judgement: rules, the fold that runs them in log order, and verdicts. Pure: no files, no clock, no database."""
