"""Checking a casebook, without keys or ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.errors import UsageError
from biotrace.model.casebook import Casebook
from biotrace.model.text import Text, same
from biotrace.verify.case import case_of_casebook
from biotrace.verify.profile import PROFILES, RINYA_2012, Profile
from biotrace.verify.verdict import Verdict, judge

from .files import read_file
from .shipped import municipalities


@dataclass(frozen=True, slots=True)
class Checked:
    """A casebook with the verdict on it."""

    book: Casebook
    verdict: Verdict


def check_casebook(
    path: Path,
    *,
    profile: str = RINYA_2012.name,
    as_of: date | None = None,
    trusted_bodies: frozenset[str] | None = None,
) -> Checked:
    """The casebook in a file, judged. ``trusted_bodies`` take the place of those that the file names.

    Raises BiotraceError for a file that cannot be read, and UsageError where there is nothing to judge.
    """
    book = read_casebook(read_file(path), path.name)
    case = case_of_casebook(book, as_of, trusted_bodies, municipalities())
    if not case.entries and not case.bookings:
        raise UsageError(
            same(f"{path}: ") + Text("検査する証明書も納入もありません", "holds no certificate or delivery to check"),
            Text(
                "certificates か deliveries を書くか、--as-of の日付を確かめてください",
                "add certificates or deliveries, or look at the day given with --as-of",
            ),
            code="nothing-to-check",
        )
    return Checked(book, judge(case, profile_named(profile)))


def profile_named(name: str) -> Profile:
    """The set of rules of that name. Raises UsageError for an unknown one."""
    if name not in PROFILES:
        known = ", ".join(PROFILES)
        raise UsageError(
            Text(f"プロファイル「{name}」はありません（{known}）", f"there is no profile {name} (known: {known})")
        )
    return PROFILES[name]
