"""``biotrace rules``: what each code means, with an example, and the thresholds of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.text import Text
from biotrace.services.check import profile_named
from biotrace.services.rules import BAD, GOOD, Example, entry_named, example_of
from biotrace.verify.catalogue import (
    CATALOGUE,
    EFFECT_WORDS,
    EFFECTS,
    FAMILIES,
    NEVER_RUN,
    RETIRED,
    SCOPES,
    SOURCES,
    Entry,
    kind_of,
)
from biotrace.verify.thresholds import Threshold, thresholds
from biotrace.verify.verdict_json import finding_data

from .console import FINE, Console, answers


@click.command()
@click.argument("code", required=False)
@click.option("--profile", default=None, help="この版のしきい値の一覧 / the thresholds of this set of rules")
@answers()
def rules(console: Console, code: str | None, profile: str | None) -> int:
    """規則の一覧。CODE（H304 など）を付けると、その意味・直し方・例 / all rules; with a CODE, that one explained."""
    if code is not None and profile is not None:
        raise UsageError(Text("CODE と --profile は一緒に指定できません", "give either a CODE or --profile, not both"))
    if profile is not None:
        _thresholds(console, profile)
    elif code is not None:
        _one(console, entry_named(code))
    elif console.json:
        entries = [_entry_data(entry, console) for entry in CATALOGUE.values()]
        console.data({"rules": entries, "never_run": _told(NEVER_RUN, console), "retired": _told(RETIRED, console)})
    else:
        _all(console)
    return FINE


def _all(c: Console) -> None:
    for letter, family in FAMILIES.items():
        c.say(f"{letter} {family.get(c.lang)}")
        for entry in CATALOGUE.values():
            if entry.code[0] == letter:
                c.say(f"  {entry.code} {entry.name.get(c.lang)}  [{_properties(entry, c)}]{_unless_run(entry, c)}")
        c.say()
    if RETIRED:
        c.say(c.t("使わなくなった規則:", "retired:"))
        for code, said in _told(RETIRED, c).items():
            c.say(f"  {code} {said}")
    else:
        c.say(c.t("使わなくなった規則: なし", "retired: none"))
    c.say(c.t("一つずつの説明: biotrace rules H304", "one of them explained: biotrace rules H304"))


def _properties(entry: Entry, c: Console) -> str:
    """Proof or plausibility, how far it looks, and what it does, in a word each."""
    kind = c.t("証明", "proof") if entry.proof else c.t("妥当性", "plausibility")
    return c.t("・", ", ").join((kind, SCOPES[entry.scope].get(c.lang), EFFECT_WORDS[entry.effect].get(c.lang)))


def _unless_run(entry: Entry, c: Console) -> str:
    """That this version never runs it, and why."""
    why = NEVER_RUN.get(entry.code)
    if why is None:
        return ""
    return c.t(f"  この版では検査しない: {why.ja}", f"  not run by this version: {why.en}")


def _one(c: Console, entry: Entry) -> None:
    examples = {kind: example_of(entry.code, kind) for kind in (BAD, GOOD)}
    if c.json:
        shown = {kind: None if e is None else _example_data(e, c) for kind, e in examples.items()}
        c.data({**_entry_data(entry, c), "casebooks": shown})
        return
    c.say(f"{entry.code} {entry.name.get(c.lang)}{_unless_run(entry, c)}")
    for title, text in (
        (c.t("条項", "clause"), f"{entry.clause} — {_source(entry, c)}"),
        (c.t("種類", "kind"), kind_of(entry).get(c.lang)),
        (c.t("範囲", "scope"), SCOPES[entry.scope].get(c.lang)),
        (c.t("効果", "effect"), EFFECTS[entry.effect].get(c.lang)),
        (c.t("意味", "meaning"), entry.explanation.get(c.lang)),
        (c.t("必要な内容", "expected"), entry.expected.get(c.lang)),
        (c.t("対処", "to mend it"), entry.remedy.get(c.lang)),
        (c.t("例", "example"), entry.example.get(c.lang)),
    ):
        c.say(f"  {title}: {text}")
    for kind, name in ((BAD, c.t("指摘される写し", "casebook that it finds")), (GOOD, c.t("適合する写し", "sound"))):
        example = examples[kind]
        if example is not None:
            c.say(f"  {name}: {example.title}")
            for finding in (f for f in example.findings if f.code == entry.code):
                c.say(f"      {finding.code} {finding.record}: {finding.found.get(c.lang)}")
            c.say(f"      biotrace check {example.place}")


def _source(entry: Entry, c: Console) -> str:
    """The texts that the rule's clauses are in."""
    clauses = entry.clause.split(", ")
    named = dict.fromkeys(text.get(c.lang) for clause in clauses for k, text in SOURCES.items() if clause.startswith(k))
    return c.t("、", ", ").join(named)


def _thresholds(c: Console, profile: str) -> None:
    """Each figure that the rules go by, with its range where it has one, and whose it is."""
    rows = thresholds(profile_named(profile))
    if c.json:
        told = [_threshold_data(row, c) for row in rows]
        c.data({"profile": profile, "thresholds": told})
        return
    for row in rows:
        best = c.t(f"、Q602 は {row.best}", f"; Q602 goes by {row.best}")
        span = f" ({row.low}–{row.high}{best})" if row.low else ""
        c.say(f"{row.name.get(c.lang)}: {row.value.get(c.lang)}{span}")
        c.say(f"    {row.key}  {c.t('出所', 'source')}: {row.source.get(c.lang)}")


def _threshold_data(row: Threshold, c: Console) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name.get(c.lang),
        "value": row.value.get(c.lang),
        "low": row.low or None,
        "high": row.high or None,
        "best": row.best or None,
        "source": row.source.get(c.lang),
    }


def _told(codes: Mapping[str, Text], c: Console) -> dict[str, str]:
    return {code: said.get(c.lang) for code, said in codes.items()}


def _entry_data(entry: Entry, c: Console) -> dict[str, Any]:
    texts = {key: getattr(entry, key).get(c.lang) for key in ("name", "explanation", "expected", "remedy", "example")}
    return {
        "code": entry.code,
        "clause": entry.clause,
        "proof": entry.proof,
        "scope": entry.scope.value,
        "effect": entry.effect.value,
        **texts,
    }


def _example_data(example: Example, c: Console) -> dict[str, Any]:
    return {
        "file": str(example.place),
        "title": example.title,
        "findings": [finding_data(finding, c.lang) for finding in example.findings],
    }
