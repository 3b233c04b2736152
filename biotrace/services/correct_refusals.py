"""What is said when a correction makes no sense, or is not this party's to make."""

from __future__ import annotations

from datetime import date

from biotrace.chain.admit import Held
from biotrace.errors import UsageError
from biotrace.model.correction import Action, Correction
from biotrace.model.text import Text

from .history import Standing, State
from .logged import Logged

_TO_DO = {
    Action.CANCEL: Text("取り消せません", "cannot be cancelled"),
    Action.REPLACE: Text("差し替えられません", "cannot be replaced"),
    Action.HOLD: Text("保留にできません", "cannot be put on hold"),
    Action.RELEASE: Text("保留を解けません", "has no hold to release"),
}


def not_own(certificate: Logged, held: Held, party: str) -> UsageError:
    """Another party issued it, and another copied it."""
    name = certificate.record.subject
    copied = held.transcribed and held.signer != held.author
    who = Text(
        f"発行した {held.author} か、写した {held.signer} だけ" if copied else f"発行した {held.author} だけ",
        f"{held.author}, who issued it, or {held.signer}, who copied it,"
        if copied
        else f"{held.author}, who issued it,",
    )
    return UsageError(
        Text(f"「{name}」を訂正できるのは、", f"{name} is corrected only by ")
        + who
        + Text(f"です（このワークスペースは {party}）", f" not by {party}, whose workspace this is"),
        Text(f"{held.author} に取消し・差替えを依頼してください", f"ask {held.author} to cancel or replace it"),
        code="not-own",
    )


def day(asked: date, first: date, today: date) -> UsageError:
    """Before the certificate's own date, or in the future."""
    return UsageError(
        Text(
            f"訂正の日付 {asked} は、証明書の日付から今日まで（{first} 〜 {today}）の日ではありません",
            f"the correction's date, {asked}, is not from the certificate's to today's ({first} to {today})",
        ),
        Text("--date を確かめてください", "look at --date"),
        code="correction-date",
    )


def ended(action: Action, certificate: Logged, standing: Standing, subjects: dict[str, str]) -> UsageError:
    """It was cancelled or replaced: nothing more can be said of it."""
    name, said = certificate.record.subject, _by(standing, subjects)
    what = _TO_DO[action]
    remedy = Text("新しい証明書を発行し直してください", "issue a new certificate")
    if standing.state is State.REPLACED:
        remedy = Text("差替え後の証明書のほうを訂正してください", "correct the one that replaced it")
    return UsageError(
        Text(f"「{name}」は{said.ja}ので、{what.ja}", f"{name} {what.en}: it {said.en}"),
        remedy,
        code=standing.state.value,
    )


def _by(standing: Standing, subjects: dict[str, str]) -> Text:
    entry = standing.by
    assert entry is not None
    body = entry.record.body
    assert isinstance(body, Correction)
    by = f"{subjects.get(body.by, '?')} ({body.by[:12]})" if body.by is not None else "—"
    where = Text(f"（台帳の {entry.position} 番）", f" (entry {entry.position})")
    if standing.state is State.REPLACED:
        return Text(f"{body.date} に {by} へ差し替えられている", f"was replaced by {by} on {body.date}") + where
    return Text(f"{body.date} に取り消されている", f"was cancelled on {body.date}") + where


def no_hold(certificate: Logged, standing: Standing) -> UsageError:
    """It is not on hold, or not by this party."""
    name = certificate.record.subject
    if standing.by is None:
        return UsageError(
            Text(f"「{name}」は保留中ではありません", f"{name} is not on hold"),
            Text("biotrace show で経過を確かめてください", "see its history with biotrace show"),
            code="not-on-hold",
        )
    holder = standing.by.record.issuer
    return UsageError(
        Text(
            f"「{name}」を保留にしたのは {holder} です。保留は、かけた者だけが解けます",
            f"{name} was put on hold by {holder}; only they can release it",
        ),
        Text(f"{holder} に解除を依頼してください", f"ask {holder} to release it"),
        code="not-own",
    )


def by_itself(certificate: Logged) -> UsageError:
    """The certificate and its replacement are one."""
    name = certificate.record.subject
    return UsageError(
        Text(f"「{name}」をそれ自身で差し替えることはできません", f"{name} cannot replace itself"),
        Text("--by に新しい証明書を指定してください", "name the new certificate with --by"),
        code="replaces-itself",
    )


def other_issuer(old: Logged, new: Logged) -> UsageError:
    """Nobody's certificate takes the place of another's."""
    one, other = Held.of(old.record).author, Held.of(new.record).author
    return UsageError(
        Text(
            f"「{new.record.subject}」の発行者は {other} で、「{old.record.subject}」の発行者 {one} と違います",
            f"{new.record.subject} was issued by {other}, {old.record.subject} by {one}",
        ),
        Text("同じ発行者の証明書を --by に指定してください", "name a certificate by the same issuer with --by"),
        code="other-issuer",
    )


def not_standing(new: Logged, standing: Standing) -> UsageError:
    """The replacement is itself withdrawn."""
    name, state = new.record.subject, standing.state.label
    return UsageError(
        Text(f"差替え先の「{name}」は有効ではありません（{state.ja}）", f"{name} does not stand itself: {state.en}"),
        Text("有効な証明書を --by に指定してください", "name a certificate that stands with --by"),
        code="not-standing",
    )


def rests_on_it(old: Logged, new: Logged) -> UsageError:
    """The replacement draws on what it is to replace, and would fall with it."""
    return UsageError(
        Text(
            f"「{new.record.subject}」は「{old.record.subject}」を引き当てているので、その差替え先にはなりません",
            f"{new.record.subject} draws on {old.record.subject}, so it cannot take its place",
        ),
        Text("引き当てのない、新しい証明書を --by に指定してください", "name a new certificate with --by"),
        code="rests-on-it",
    )
