"""What ``biotrace retain challenge``, ``answer`` and ``verify`` say, in lines and as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from biotrace.services.retain_answer import Answered
from biotrace.services.retain_challenge import Asked
from biotrace.services.retain_verify import Looked, Point

from .console import Console
from .enclosures import file_data
from .retain_view import head, listed


def show_challenge(c: Console, asked: Asked, population: Path | None) -> None:
    """What was asked for, of whom, until when, and what comes next."""
    record = asked.logged.record
    c.say(
        c.t(
            f"{asked.challenge.to} に提示を求めました: {record.subject}  期限 {asked.challenge.due}",
            f"asked of {asked.challenge.to}: {record.subject}  due {asked.challenge.due}",
        )
    )
    c.say(f"  {c.t('記録ID', 'record id')}: {record.record_id.hex()}")
    listed(c, asked.about)
    if asked.population:
        c.say(
            c.t(
                f"  {len(asked.population):,} 件から無作為に {len(asked.about):,} 件（retain verify で再現できる）",
                f"  {len(asked.about):,} of {len(asked.population):,} by chance; retain verify makes the choice again",
            )
        )
    if population is not None:
        c.say(c.t(f"  母集団: {population}", f"  chosen from: {population}"))
    if not asked.counts:
        c.say(
            c.t(
                "  注意: 取引の相手・発電所・認定団体の求めではないので、回答がなくても D904 にはなりません",
                "  note: you are neither the other side, a plant nor a body: unanswered, it will not be D904",
            )
        )
    c.say(c.t("相手に渡す: ", "hand it on: ") + f"biotrace bundle make {record.subject} --out …")


def challenge_data(asked: Asked) -> dict[str, Any]:
    """The same as plain data."""
    return head(asked.logged) | {
        "to": asked.challenge.to,
        "due": asked.challenge.due.isoformat(),
        "reason": asked.challenge.reason,
        "records": [head(entry) for entry in asked.about],
        "population": [record_id.hex() for record_id in asked.population],
        "counts": asked.counts,
    }


def show_answer(c: Console, given: Answered) -> None:
    """What was answered, and what is wanting."""
    record = given.logged.record
    word = c.t("回答しました", "answered")
    if given.already:
        word = c.t("すでに回答しています。何も書いていません", "answered already; nothing was written")
    c.say(f"{word}: {record.subject}")
    c.say(f"  {c.t('記録ID', 'record id')}: {record.record_id.hex()}")
    for file in given.answer.files:
        c.say(f"  {file.sha256.hex()[:12]}…  {file.size:,} {c.t('バイト', 'bytes')}")
    for one in given.lacking:
        what = f"{one.record.record.subject} {one.file.sha256.hex()[:12]}…"
        c.say(c.t("  回答にない: ", "  not in it: ") + f"{what}  {one.copy.message.get(c.lang)}")
    c.say(
        c.t("書類とともに渡す: ", "hand it on with the files: ")
        + f"biotrace bundle make {record.subject} --with-documents --out …"
    )


def answer_data(given: Answered) -> dict[str, Any]:
    """The same as plain data."""
    return head(given.logged) | {
        "challenge": given.challenge.record.subject,
        "already": given.already,
        "files": [file_data(file) for file in given.answer.files],
        "remark": given.answer.remark,
        "lacking": [
            {"record": one.record.record.subject, "sha256": one.file.sha256.hex(), "copy": one.copy.value}
            for one in given.lacking
        ],
    }


def show_looked(c: Console, looked: Looked) -> None:
    """Each thing that was looked at."""
    entry = looked.answer or looked.challenge
    c.say(f"{entry.record.kind.label.get(c.lang)} {entry.record.subject}")
    for point in looked.points:
        c.say(f"  [{_mark(c, point)}] {point.what.get(c.lang)}: {point.said.get(c.lang)}")


def _mark(c: Console, point: Point) -> str:
    if point.fine is None:
        return c.t("未確認", "not checked")
    return c.t("適合", "ok") if point.fine else c.t("指摘", "finding")


def looked_data(looked: Looked, c: Console) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "challenge": head(looked.challenge),
        "answer": head(looked.answer) if looked.answer is not None else None,
        "fine": looked.fine,
        "points": [{"what": p.what.get(c.lang), "fine": p.fine, "said": p.said.get(c.lang)} for p in looked.points],
    }
