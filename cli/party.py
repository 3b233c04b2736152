"""``biotrace party``: the other businesses, and one's own yards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from biotrace.documents.workbook.sheet_parties import is_corporate_number
from biotrace.errors import UsageError
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.party import Accreditation, Party, Role
from biotrace.model.stock import Site
from biotrace.model.text import Text
from biotrace.services.party import (
    Copied,
    Known,
    PartySaid,
    PartyTerms,
    add_party,
    add_yard,
    change_party,
    known_parties,
    party_named,
)
from biotrace.services.record_data import body_data
from biotrace.services.times import day_of

from .console import FINE, Console, answers, clock
from .opening import opened
from .params import DAY, LINE, root_key_option, workspace_option
from .password import password_option
from .suggestions import PARTIES
from .usage import Unfit
from .verdict_view import class_name

F = TypeVar("F", bound=Callable[..., Any])

_WIDE = str.maketrans("０１２３４５６７８９－", "0123456789-")


class CorporateNumber(click.ParamType[str]):
    """法人番号: 13 digits, of which the first checks the others."""

    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The 13 digits. Raises Unfit where they do not check."""
        digits = str(value).translate(_WIDE).replace("-", "").replace(" ", "")
        if not is_corporate_number(digits):
            expected = Text(
                f"{value} は法人番号ではありません。検査数字の合う13桁を、国税庁の法人番号公表サイトで確かめてください",
                f"{value} is no corporate number: 13 digits with a right check digit, see the National Tax Agency",
            )
            raise Unfit(expected, param, ctx)
        return digits


def _terms(*, new: bool) -> Callable[[F], F]:
    """The options that ``add`` and ``change`` share."""

    def decorate(command: F) -> F:
        for option in (
            password_option,
            root_key_option,
            workspace_option,
            click.option(
                "--trusted", is_flag=True, help="この認定団体の認定を認める / trust this body's accreditations (A204)"
            ),
            click.option("--code-from", type=DAY, default=None, help="団体の行動規範の施行日 / a body's code began on"),
            click.option("--until", type=DAY, default=None, help="認定の期限（既定: 3年） / until (3 years)"),
            click.option("--from", "start", type=DAY, default=None, help="認定日 / accredited from"),
            click.option(
                "--body",
                type=LINE,
                default=None,
                shell_complete=PARTIES,
                help="認定団体（名前の一部） / its body, in part",
            ),
            click.option("--accreditation", "number", type=LINE, default=None, help="認定番号 / accreditation number"),
            click.option(
                "--business/--private",
                "as_business",
                default=True if new else None,
                help="事業者か、個人の所有者か。個人の住所は記録の中では封じられる"
                " / a business, or a private owner, whose address is sealed",
            ),
            click.option("--address", type=LINE, default=None, help="住所 / address"),
            click.option(
                "--role",
                "roles",
                type=click.Choice([r.value for r in Role]),
                multiple=True,
                required=new,
                help="役割（複数可） / role, may be given more than once",
            ),
        ):
            command = option(command)
        return command

    return decorate


@click.group()
def party() -> None:
    """取引先と自社の置場 / the other businesses, and one's own yards.

    仕入先・販売先・認定団体・所有者を台帳に登録する。管理鍵で署名するので、管理鍵を別に保管しているときは --root-key。

    Suppliers, buyers, bodies and owners, entered under the root key (--root-key, where that is kept elsewhere).
    """


@party.command()
@click.argument("name", type=LINE)
@click.option("--corporate-number", type=CorporateNumber(), default=None, help="法人番号。IDになる / becomes the id")
@click.option("--id", "party_id", type=LINE, default=None, help="ID（既定: 法人番号、認定番号、名称の順） / id")
@_terms(new=True)
@answers()
def add(
    console: Console, /, name: str, corporate_number: str | None, party_id: str | None, folder: Path, **options: Any
) -> int:
    """取引先を登録する / enter a party.

    biotrace party add 甲成林産有限会社 --role producer --accreditation 長木-012 --body 長野県木材 --from 2026-04-01

    認定団体を先に: biotrace party add 長野県木材協同組合連合会 --role body
    """
    root_key = options.pop("root_key")
    terms = _said(name, corporate_number or party_id, options)
    with opened(folder, root_key) as workspace:
        done = add_party(workspace, terms)
        known = known_parties(workspace)
    return _told(console, done, known, console.t("登録しました", "entered"))


@party.command()
@click.argument("who", metavar="PARTY", type=LINE, shell_complete=PARTIES)
@click.option("--name", type=LINE, default=None, help="新しい名称 / its new name")
@click.option("--revoked", type=DAY, default=None, help="認定が取り消された日 / its accreditation was revoked on")
@_terms(new=False)
@answers()
def change(console: Console, /, who: str, name: str | None, revoked: date | None, folder: Path, **options: Any) -> int:
    """取引先の登録を改める / say something else of a party.

    前の登録は消えず、新しい版が加わる。認定の更新は --accreditation・--body・--from で書き加える。

    Nothing is removed: a new version follows. A renewal is added with --accreditation, --body and --from.
    """
    root_key = options.pop("root_key")
    terms = _said(name, None, options, revoked)
    with opened(folder, root_key) as workspace:
        done = change_party(workspace, who, terms)
        known = known_parties(workspace)
    return _told(console, done, known, console.t("改めました", "changed"))


@party.command("list")
@click.option("--role", type=click.Choice([r.value for r in Role]), default=None, help="この役割だけ / only these")
@workspace_option
@answers()
def list_(console: Console, role: str | None, folder: Path) -> int:
    """登録されている取引先 / the parties that the ledger knows."""
    with opened(folder) as workspace:
        known = known_parties(workspace)
    chosen = [p for p in known.parties if role is None or Role(role) in p.roles]
    if console.json:
        console.data([body_data(p) for p in chosen])
        return FINE
    today = day_of(clock())
    for each in chosen:
        own = console.t("（自社）", " (ourselves)") if each.id == known.own else ""
        console.say(f"{each.name}{own}  {_roles(console, each)}  {each.id}")
        for held in each.accreditations[-1:]:
            console.say("    " + _accreditation(console, held, known, today))
    console.say(console.t(f"{len(chosen)} 者", f"{len(chosen)} parties"))
    return FINE


@party.command()
@click.argument("who", metavar="[PARTY]", type=LINE, default=None, required=False, shell_complete=PARTIES)
@workspace_option
@answers()
def show(console: Console, who: str | None, folder: Path) -> int:
    """取引先の登録内容。省くと自社 / what the ledger says of a party; without PARTY of ourselves."""
    with opened(folder) as workspace:
        found, known = party_named(workspace, who or "")
    if console.json:
        yards = [body_data(site) for site in known.yards] if found.id == known.own else []
        console.data(body_data(found) | {"yards": yards})
        return FINE
    _show(console, found, known)
    return FINE


@party.group()
def yard() -> None:
    """自社の置場（土場・貯木場・チップヤード） / one's own yards."""


@yard.command("add")
@click.argument("name", type=LINE)
@click.option(
    "--class",
    "fuel_class",
    type=click.Choice([c.value for c in FuelClass]),
    default=None,
    help="この区分だけを置く / for this class only",
)
@workspace_option
@password_option
@answers()
def add_(console: Console, name: str, fuel_class: str | None, folder: Path) -> int:
    """置場を登録する / enter a yard: biotrace party yard add 第一土場 --class thinned."""
    with opened(folder) as workspace:
        done = add_yard(workspace, name, FuelClass(fuel_class) if fuel_class else None)
        site = next(s for s in known_parties(workspace).yards if s.id == name)
    if console.json:
        console.data(body_data(site) | {"entry": done.first})
    else:
        console.say(console.t("置場を登録しました: ", "yard entered: ") + _yard(console, site))
    return FINE


@yard.command("list")
@workspace_option
@answers()
def list_yards(console: Console, folder: Path) -> int:
    """自社の置場の一覧 / one's own yards."""
    with opened(folder) as workspace:
        yards = known_parties(workspace).yards
    if console.json:
        console.data([body_data(site) for site in yards])
    else:
        for site in yards:
            console.say(_yard(console, site))
        if not yards:
            console.say(console.t("置場はありません（biotrace party yard add）", "none (biotrace party yard add)"))
    return FINE


def _said(name: str | None, party_id: str | None, options: dict[str, Any], revoked: date | None = None) -> PartyTerms:
    number, body, start, until = (options[key] for key in ("number", "body", "start", "until"))
    given = (number, body, start)
    if any(value is not None for value in (*given, until)) and any(value is None for value in given):
        raise UsageError(
            Text("認定には番号・団体・認定日の3つが要ります", "an accreditation needs its number, body and day"),
            Text("--accreditation、--body、--from を揃えて指定してください", "give --accreditation, --body and --from"),
        )
    return PartyTerms(
        name=name,
        id=party_id,
        roles=tuple(Role(r) for r in options["roles"]),
        address=options["address"],
        as_business=options["as_business"],
        code_from=options["code_from"],
        accreditation=None if number is None else Copied(number, body, start, until),
        revoked=revoked,
        trusted=options["trusted"],
    )


def _told(c: Console, done: PartySaid, known: Known, what: str) -> int:
    if c.json:
        signed = None if done.signed is None else {"first": done.signed.first, "last": done.signed.last}
        notes = [note.get(c.lang) for note in done.notes]
        c.data({"party": body_data(done.party), "signed": signed, "notes": notes})
        return FINE
    c.say((what if done.signed is not None else c.t("すでにそう登録されています", "said already")) + ":")
    _show(c, done.party, known)
    for note in done.notes:
        c.say(c.t("  注意: ", "  note: ") + note.get(c.lang))
    return FINE


def _show(c: Console, found: Party, known: Known) -> None:
    c.say(f"{found.name}  {_roles(c, found)}")
    c.say(f"  ID: {found.id}")
    if found.address is not None:
        c.say(c.t("  住所: ", "  address: ") + found.address)
    if found.code_from is not None:
        c.say(c.t(f"  行動規範: {found.code_from} から", f"  code of conduct from {found.code_from}"))
    today = day_of(clock())
    for held in found.accreditations:
        c.say("  " + _accreditation(c, held, known, today))
    if found.id == known.own:
        for site in known.yards:
            c.say(c.t("  置場: ", "  yard: ") + _yard(c, site))


def _roles(c: Console, found: Party) -> str:
    return c.t("・", ", ").join(label(role).get(c.lang) for role in found.roles)


def _yard(c: Console, site: Site) -> str:
    return site.id if site.fuel_class is None else f"{site.id}  {class_name(site.fuel_class, c.lang)}"


def _accreditation(c: Console, held: Accreditation, known: Known, today: date) -> str:
    """認定 長木-012  長野県木材協同組合連合会  2014-04-01 – 2017-03-31  期限切れ."""
    by = c.t("自社の行動規範", "own code") if held.self_declared else known.name(held.body)
    told = c.t("認定 ", "accreditation ") + f"{held.number or ''}  {by}  {held.start} – {held.until or ''}"
    if held.revoked is not None and held.revoked <= today:
        told += c.t(f"  {held.revoked} 取消し", f"  revoked {held.revoked}")
    elif held.until is not None and held.until < today:
        told += c.t("  期限切れ", "  run out")
    return told
