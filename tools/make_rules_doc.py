"""Write docs/rules: a page for each code of the catalogue, with the casebooks that show it, and an index by family.

python tools/make_rules_doc.py            write them
python tools/make_rules_doc.py --check    exit 1 when a page differs from what would be written, or is left over
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

# Python searches a script's own folder, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from biotrace.model.text import Text
from biotrace.services.rules import BAD, GOOD, Example, example_of
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
from tools import generated

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "rules"
MARK = "<!-- written by tools/make_rules_doc.py from biotrace/verify/rules and data/rules -->"


def pages() -> dict[Path, str]:
    """Every page, by its file."""
    written = {FOLDER / f"{code}.md": "\n".join(page(entry)) + "\n" for code, entry in CATALOGUE.items()}
    return {FOLDER / "README.md": "\n".join(index()) + "\n", **written}


def index() -> Iterator[str]:
    """The index by family, line by line."""
    yield from (MARK, "", "# 規則 / Rules", "")
    yield from (
        "証明書と納入を判定する規則。端末では `biotrace rules`、`biotrace rules H304`、しきい値は"
        " `biotrace rules --profile rinya-2012`。",
        "",
        "What certificates and deliveries are judged by. At the terminal: `biotrace rules`, `biotrace rules H304`; the"
        " thresholds: `biotrace rules --profile rinya-2012`.",
        "",
        "**証明の規則**は、検査できなければ判定が「未完」になる。**妥当性の規則**は、検査できなくても判定を変えない。",
        "",
        "A **proof** rule that could not be run leaves the verdict incomplete; a **plausibility** rule that could not"
        " be run changes nothing.",
        "",
        "条項 / clauses: " + "; ".join(f"{k} = {both(text)}" for k, text in SOURCES.items()),
        "",
    )
    for letter, family in FAMILIES.items():
        entries = [entry for entry in CATALOGUE.values() if entry.code[0] == letter]
        yield from (f"## {letter} {both(family)}", "")
        yield "| | 規則 / rule | 種類 / kind | 範囲 / scope | 効果 / effect |"
        yield "| --- | --- | --- | --- | --- |"
        for entry in entries:
            kind = "証明 / proof" if entry.proof else "妥当性 / plausibility"
            scope, effect = both(SCOPES[entry.scope]), both(EFFECT_WORDS[entry.effect])
            if entry.code in NEVER_RUN:
                effect += "; この版では検査しない / not run by this version"
            yield f"| [{entry.code}]({entry.code}.md) | {both(entry.name)} | {kind} | {scope} | {effect} |"
        yield ""
    yield from ("## 使わなくなった規則 / Retired", "")
    if RETIRED:
        yield from (f"- {code}: {both(said)}" for code, said in RETIRED.items())
    else:
        yield "なし / none"


def page(entry: Entry) -> Iterator[str]:
    """One rule's page, line by line."""
    yield from (MARK, "", f"# {entry.code} {entry.name.ja}", "", f"*{entry.name.en}*", "")
    yield from (entry.explanation.ja, "", entry.explanation.en, "")
    yield from (
        "| | |",
        "| --- | --- |",
        f"| 条項 / clause | {entry.clause} |",
        f"| 種類 / kind | {both(kind_of(entry))} |",
        f"| 範囲 / scope | {both(SCOPES[entry.scope])} |",
        f"| 効果 / effect | {both(EFFECTS[entry.effect])} |",
        f"| 必要な内容 / expected | {both(entry.expected)} |",
        f"| 対処 / to mend it | {both(entry.remedy)} |",
        f"| 例 / example | {both(entry.example)} |",
        "",
    )
    bad, good = example_of(entry.code, BAD), example_of(entry.code, GOOD)
    if bad is not None:
        yield from ("## 指摘される例 / A casebook that it finds", "")
        yield from casebook(bad)
        yield from findings(bad)
    if good is not None:
        yield from ("## 適合する例 / A sound one", "")
        yield from casebook(good)
        if bad is not None:
            yield from ("違うところ / what differs:", "", "```diff", *difference(bad, good), "```", "")
    if entry.code in NEVER_RUN:
        yield from (f"この版では検査しない / not run by this version: {both(NEVER_RUN[entry.code])}", "")
    elif bad is None and good is None:
        yield from (
            "署名・ログ・保存したファイルによる規則なので、台帳の写し（casebook）では示せない。",
            "",
            "It goes by signatures, logs or stored files, so that no casebook can show it.",
            "",
        )
    yield "[規則の一覧 / all rules](README.md)"


def casebook(example: Example) -> Iterator[str]:
    """The casebook itself, and how to check it."""
    name = example.place.name
    yield from (f"{example.title}（[data/rules/{name}](../../data/rules/{name})）", "")
    yield from (
        "```yaml",
        example.text.rstrip("\n"),
        "```",
        "",
        "```sh",
        f"biotrace check data/rules/{name}",
        "```",
        "",
    )


def findings(example: Example) -> Iterator[str]:
    """What the check says of it."""
    yield from ("指摘 / findings:", "")
    for finding in example.findings:
        yield f"- {finding.code} `{finding.record}`: {both(finding.found)}"
    yield ""


def difference(bad: Example, good: Example) -> Iterator[str]:
    """The lines of the one and of the other."""
    lines = difflib.ndiff(bad.text.splitlines(), good.text.splitlines())
    yield from (line for line in lines if line[0] in "+-" and not line[2:].startswith("title:"))


def both(text: Text) -> str:
    """In both languages, for a cell of a table."""
    return text.ja if text.ja == text.en else f"{text.ja} / {text.en}"


if __name__ == "__main__":
    sys.exit(generated.run_all(FOLDER, pages, "tools/make_rules_doc.py", __doc__))
