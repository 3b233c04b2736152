"""``biotrace receive``: what arrived, from its QR code, bundle, record or paper, judged and taken in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from biotrace.chain.bundle import MAGIC
from biotrace.documents.workbook.columns import Values
from biotrace.errors import UsageError
from biotrace.model.certificate import Form
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import PARTS, Quantity
from biotrace.model.text import Text
from biotrace.services.arrival import Arrival
from biotrace.services.bundle_take import take_bundle
from biotrace.services.files import read_file
from biotrace.services.receive import Receipt
from biotrace.services.receive import receive as take_in
from biotrace.services.receive_source import Coded, OnPaper, Recorded, Source
from biotrace.services.record_data import body_data
from biotrace.services.times import day_of
from biotrace.services.workspace import Workspace
from biotrace.verify.verdict_json import finding_data, kilograms

from .cell_options import DOCUMENT, WOOD, cell_options, said
from .console import FINDINGS, FINE, Console, answers, clock
from .opening import opened
from .params import AMOUNT, DAY, DRAW_ON, FILE, LINE, PART, workspace_option
from .password import password_option
from .suggestions import CERTIFICATES, YARDS
from .verdict_view import class_name, outcome_word, show_findings, show_unchecked

_PAPER = (
    *("form", "class", "date", "seller", "issuer", "buyer", "number", "accreditation_number", "species", "goods"),
    *("quantity", "moisture", "vehicle", "process", "statements", "medium", "from_site", "to_site"),
)
"""What a certificate on paper says, beside where the wood grew."""
_GENERAL = (Form.F1_1, Form.F1_2, Form.F2_3, Form.F2_4)


@click.command()
@click.argument("what", metavar="[FILE|-|ID]...", nargs=-1, shell_complete=CERTIFICATES)
@click.option("--paper", is_flag=True, help="紙の証明書を下の項目で転記する / transcribe a paper")
@cell_options(*_PAPER, *WOOD, *DOCUMENT)
@click.option(
    "--document",
    "documents",
    type=LINE,
    multiple=True,
    help="台帳にある根拠書類（複数可） / document of the ledger",
)
@click.option(
    "--drawn-from",
    "draws",
    type=DRAW_ON,
    multiple=True,
    help="紙の証明書が引き当てた証明書と量。複数可 / certificate that it draws on, with the quantity",
)
@click.option("--scan", "scans", type=FILE, multiple=True, help="紙のスキャン。複数可 / scan of the papers, repeatable")
@click.option("--received", "day", type=DAY, default=None, help="入荷日（既定: 今日） / arrived on (default: today)")
@click.option("--time", type=LINE, default=None, help="到着時刻 08:40 / time of arrival")
@click.option("--measured", type=AMOUNT, default=None, help="計量した数量（既定: 証明の数量） / weight")
@click.option("--measured-moisture", type=PART, default=None, help="測った水分 / moisture measured")
@click.option("--arrived-on", type=LINE, default=None, help="着いた車（既定: 証明書の車番） / the vehicle that arrived")
@click.option("--yard", type=LINE, default=None, shell_complete=YARDS, help="置場（既定: その区分の置場） / yard")
@click.option("--anyway", is_flag=True, help="指摘があっても受け入れる / take it in in spite of findings")
@click.option("--pin", is_flag=True, help="bundle の初めて見るログの鍵を信じる / believe the key of a bundle's new log")
@click.option("--dry-run", is_flag=True, help="判定だけして、何も書かない / only judge: write nothing")
@workspace_option
@password_option
@answers()
def receive(console: Console, /, what: tuple[str, ...], folder: Path, **options: Any) -> int:
    """着いた証明書と荷を確かめて受け入れる / judge what arrived, and take it in.

    QRコードから: biotrace receive photo.jpg --measured 6.52t（PDF・写真・文字のファイル。- ならバーコードリーダー）

    台帳や受け渡しファイルの証明書: biotrace receive 2-1/26-001、biotrace receive lot.bundle

    紙から: biotrace receive --paper --form 例1 --from 甲成林産 --number 第26-017号 --quantity 100m3 …

    規則に照らして判定し、指摘があれば受け入れない（--anyway なら、指摘のまま受け入れる）。

    証明書と入荷は一度に台帳に入る。紙の項目は Excel のシート「入荷」の列と同じで、同じ言葉で書ける。

    What arrived is judged by the rules. What they speak against is not taken in, unless --anyway; it then stays as they
    find it. Certificate and delivery enter the ledger together.
    """
    arrival = Arrival(
        day=options["day"] or day_of(clock()),
        measured=options["measured"],
        moisture=options["measured_moisture"],
        time=options["time"],
        vehicle=options["arrived_on"],
        yard=options["yard"],
    )
    with opened(folder) as workspace:
        source = _source(console, workspace, what, options)
        done = take_in(
            workspace,
            source,
            arrival,
            scans=options["scans"],
            anyway=options["anyway"],
            rehearse=options["dry_run"],
        )
    if console.json:
        console.data(_data(console, done))
    else:
        _text(console, done, tried=options["dry_run"])
    return FINE if done.clean else FINDINGS


def _source(c: Console, workspace: Workspace, what: tuple[str, ...], options: dict[str, Any]) -> Source:
    """What was handed over, as the words on the command line say."""
    of_paper = said(options, _PAPER)
    of_document = said(options, (*WOOD, *DOCUMENT))
    documents, draws = options["documents"], options["draws"]
    if options["paper"]:
        if what:
            raise UsageError(Text("--paper にはファイルもIDも要りません", "--paper takes no file and no id"))
        return OnPaper(_on_paper(of_paper | of_document), documents, draws)
    if of_paper or draws:
        stray = next(iter(of_paper), "drawn-from")
        raise UsageError(
            Text(f"{stray} などは紙の証明書の項目です", f"{stray} and the like are of a certificate on paper"),
            Text("--paper を付けるか、省いてください", "give --paper, or leave them out"),
        )
    if not what:
        raise UsageError(
            Text("何を受け入れるか指定してください", "say what arrived"),
            Text(
                "QRコードのファイル、- 、証明書の番号、または --paper",
                "a file with its QR code, -, a number, or --paper",
            ),
        )
    files = [_content(word) for word in what if _is_file(word)]
    if not files and len(what) == 1 and not Path(what[0]).suffix:
        return Recorded(what[0])
    if len(files) < len(what):
        missing = next(word for word in what if not _is_file(word))
        raise UsageError(
            Text(f"{missing}: ファイルがありません", f"{missing}: no such file"),
            Text("名前と場所を確かめてください", "look at its name and place"),
            code="no-file",
        )
    if len(files) == 1 and files[0][0].startswith(MAGIC):
        return _of_bundle(c, workspace, Path(what[0]), options["pin"])
    return Coded(files, of_document, documents)


def _is_file(word: str) -> bool:
    return word == "-" or Path(word).is_file()


def _content(word: str) -> tuple[bytes, str]:
    """A file's bytes and name. From a hand scanner, which types like a keyboard, one line is enough."""
    if word != "-":
        return read_file(Path(word)), Path(word).name
    return (sys.stdin.buffer.readline() if sys.stdin.isatty() else sys.stdin.buffer.read()), "stdin"


def _of_bundle(c: Console, workspace: Workspace, path: Path, pin: bool) -> Source:
    """Hold the bundle's records; what arrived is the one certificate that it is about."""
    taken = take_bundle(workspace, path, pin)
    if not c.json:
        new = sum(part.new for part in taken.parts)
        c.say(c.t(f"受け渡しファイルの記録 {new} 件を取り込みました", f"{new} records of the bundle taken in"))
    if len(taken.about) != 1:
        names = " ".join(record.hex()[:12] for record in taken.about)
        raise UsageError(
            Text(f"証明書が {len(taken.about)} 件入っています: {names}", f"it is about {len(taken.about)}: {names}"),
            Text("biotrace receive 記録ID で一つずつ受け入れてください", "take them in one by one, by record id"),
            code="not-one",
        )
    return Recorded(taken.about[0].hex())


def _on_paper(values: Values) -> Values:
    """With the class and the day that go without saying. Raises UsageError for what is missing."""
    needed = {"form": "--form", "seller": "--from", "quantity": "--quantity"}
    missing = [option for key, option in needed.items() if key not in values]
    if missing:
        raise UsageError(
            Text(f"{'、'.join(missing)} を指定してください", f"missing: {', '.join(missing)}"),
            Text("紙の証明書のとおりに書いてください", "as on the paper"),
        )
    values.setdefault("date", day_of(clock()))
    values.setdefault("class", FuelClass.GENERAL if values["form"] in _GENERAL else FuelClass.THINNED)
    return values


def _text(c: Console, done: Receipt, *, tried: bool) -> None:
    certificate, lot = done.certificate, done.verdict
    mark = c.t("○ ", "o ") if done.clean else c.t("× ", "x ")
    confirmed = class_name(lot.confirmed, c.lang)
    c.say(f"{mark}{done.subject}  {confirmed}  [{outcome_word(lot, c)}]  {_evidence(c, done)}")
    seller = done.names.get(certificate.seller, certificate.seller)
    c.say(f"  {seller}  {certificate.date}  {_amount(c, certificate.quantity)}  {'、'.join(certificate.species)}")
    arrived = done.delivery
    moment = f"{arrived.date} {arrived.time}" if arrived.time else f"{arrived.date}"
    dry = kilograms(lot.dry_grams)
    weight = "" if dry is None else c.t(f"（全乾 {dry:,} kg）", f" ({dry:,} kg bone-dry)")
    vehicle = "" if arrived.vehicle is None else c.t(f"  車番 {arrived.vehicle}", f"  vehicle {arrived.vehicle}")
    where = "" if certificate.to_site is None else c.t(f"  置場 {certificate.to_site}", f"  yard {certificate.to_site}")
    c.say(c.t("  入荷 ", "  arrived ") + f"{moment}  {_amount(c, arrived.quantity)}{weight}{vehicle}{where}")
    for note in done.notes:
        c.say(c.t("  注意: ", "  note: ") + note.get(c.lang))
    for reason in done.reasons:
        c.say("  × " + reason.get(c.lang))
    show_findings(c, [f for f in done.against if not f.is_notice], {f.record: done.subject for f in done.against})
    show_findings(c, [f for f in lot.findings if not f.is_notice], done.subjects)
    show_unchecked(c, [u for u in lot.not_checked if u.decisive], done.subjects)
    _outcome(c, done, tried)


def _outcome(c: Console, done: Receipt, tried: bool) -> None:
    if done.signed is not None:
        place = done.signed.first if done.signed.added == 1 else f"{done.signed.first}–{done.signed.last}"
        c.say(c.t(f"受け入れました（台帳の {place} 番）", f"taken in (entries {place})"))
    elif tried:
        c.say(c.t("試行なので、何も書いていません", "only tried: nothing was written"))
    else:
        c.say(
            c.t(
                "受け入れていません。何も書いていません（--anyway で、指摘のまま受け入れられます）",
                "not taken in; nothing was written (--anyway takes it in with what speaks against it)",
            )
        )


def _evidence(c: Console, done: Receipt) -> str:
    """On whose word it rests."""
    if not done.transcribed:
        return c.t("発行者の署名あり", "signed by its issuer")
    if done.scanned is not None and done.scanned.signer is not None:
        return c.t(f"転記（{done.scanned.signer} の署名を確認）", f"transcribed (signature of {done.scanned.signer})")
    return c.t("転記（紙のとおりと自社が言うだけ）", "transcribed, on our own word")


def _amount(c: Console, quantity: Quantity) -> str:
    if quantity.moisture is None:
        return str(quantity)
    return f"{quantity}" + c.t(" 水分 ", " moisture ") + f"{quantity.moisture * 100 / PARTS:g}%"


def _data(c: Console, done: Receipt) -> dict[str, Any]:
    lot, signed = done.verdict, done.signed
    return {
        "taken": done.taken,
        "clean": done.clean,
        "entries": None if signed is None else {"first": signed.first, "last": signed.last},
        "subject": done.subject,
        "certificate": body_data(done.certificate),
        "delivery": body_data(done.delivery),
        "transcribed": done.transcribed,
        "new_certificate": done.new,
        "new_documents": done.documents,
        "signed_by": done.scanned.signer if done.scanned is not None else None,
        "confirmed": lot.confirmed.value,
        "status": lot.status.value,
        "bone_dry_grams": lot.dry_grams,
        "reasons": [reason.get(c.lang) for reason in done.reasons],
        "notes": [note.get(c.lang) for note in done.notes],
        "findings": [finding_data(f, c.lang) for f in (*done.against, *lot.findings)],
        "not_checked": [{"code": u.code, "record": u.record, "reason": u.reason.get(c.lang)} for u in lot.not_checked],
    }
