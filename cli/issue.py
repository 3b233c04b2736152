"""``biotrace issue``: make a certificate that draws on what was received."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from biotrace.errors import UsageError
from biotrace.model.certificate import Form, Goods, Medium, Process
from biotrace.model.fuel_class import FuelClass
from biotrace.model.quantity import Quantity
from biotrace.model.text import Text
from biotrace.services.find import choose_party
from biotrace.services.issue import Issued
from biotrace.services.issue import issue as issue_certificate
from biotrace.services.issue_felling import Felling, felling_of_values, issue_felling, write_felling_template
from biotrace.services.party import party_named
from biotrace.services.request import Request
from biotrace.services.times import day_of

from .cell_options import DOCUMENT, WOOD, cell_options, said
from .console import FINDINGS, FINE, Console, answers, clock
from .issue_view import issued_data, refused_data, show_issued, show_refused
from .opening import opened
from .params import AMOUNT, DAY, DRAW_ON, FILE, LINE, PART, western_option, workspace_option
from .password import password_option
from .suggestions import PARTIES, YARDS

_FELLING = ("1-private", "1-national", "1-1", "1-2")


@click.command()
@click.option(
    "--to",
    "buyer",
    type=LINE,
    default=None,
    shell_complete=PARTIES,
    help="販売先。IDか名前の一部 / buyer, by id or part of a name",
)
@click.option("--quantity", type=AMOUNT, default=None, help="数量 / quantity, such as 6.58t")
@click.option("--moisture", type=PART, default=None, help="水分（湿量基準） / moisture, wet basis, such as 0.42")
@click.option(
    "--class",
    "fuel_class",
    type=click.Choice(["thinned", "general"]),
    default=None,
    help="区分（既定: 様式の区分、なければ thinned） / class (default: the form's, else thinned)",
)
@click.option(
    "--form",
    type=click.Choice([f.value for f in Form]),
    default=None,
    help="様式（既定: 区分により 2-1 か 2-4）。2-2 納品書、2-3 製材等残材、1-… は伐採段階 / form (default: 2-1 or 2-4)",
)
@click.option("--number", type=LINE, default=None, help="証明書番号（既定: 前の番号の次） / number (default: next)")
@click.option("--date", "day", type=DAY, default=None, help="証明日（既定: 今日） / day of issue (default: today)")
@click.option(
    "--species", type=LINE, multiple=True, help="樹種（既定: 引き当て元のもの） / species (default: as drawn on)"
)
@click.option(
    "--goods",
    type=click.Choice([g.value for g in Goods]),
    default=None,
    help="品目（既定: 前回と同じ、なければ切削チップ） / goods (default: as last time, else cutting_chips)",
)
@click.option(
    "--process",
    type=click.Choice([p.value for p in Process]),
    default=None,
    help="加工（既定: 前回と同じ、なければ品目による） / what was done (default: as last time, or by the goods)",
)
@click.option("--vehicle", type=LINE, default=None, help="車番（既定: 前回と同じ） / vehicle (default: as last time)")
@click.option(
    "--to-site",
    type=LINE,
    default=None,
    help="納入場所（既定: 前回と同じ） / delivered to (default: as last time)",
)
@click.option("--no-defaults", is_flag=True, help="前回の値を使わない / take nothing from the last one")
@click.option(
    "--yard",
    "from_site",
    type=LINE,
    default=None,
    shell_complete=YARDS,
    help="どの置場から出すか / the yard that it leaves",
)
@click.option(
    "--medium",
    type=click.Choice([m.value for m in Medium]),
    default=None,
    help="何に書くか。delivery_note は納品書 / on what it is written; delivery_note: a delivery note",
)
@click.option(
    "--from",
    "draws",
    type=DRAW_ON,
    multiple=True,
    help="引き当てる証明書と量、c-1=10.8m3 など。複数可（既定: 先入先出） / draw (default: first in, first out)",
)
@click.option("--out", "-o", type=FILE, default=None, help="PDFの名前 / name of the PDF")
@click.option("--dry-run", is_flag=True, help="試すだけで、何も書かない / only try: write nothing")
@click.option(
    "--price",
    type=click.IntRange(0, 10**12),
    default=None,
    help="ロットの価格（円、税抜き）。記録には封じた値だけが入る / price of the lot in yen, sealed in the record",
)
@click.option(
    "--scan",
    "scans",
    type=FILE,
    multiple=True,
    help="根拠書類などのスキャン。複数可 / scan to be held with it, such as of the permit; may be repeated",
)
@click.option(
    "--file",
    "file",
    type=FILE,
    default=None,
    help="伐採段階の証明書を書いたファイル / file with a felling certificate",
)
@click.option(
    "--template", type=FILE, default=None, help="その記入用ファイルを作る / write such a file, to be filled in"
)
@click.option(
    "--document",
    "documents",
    type=LINE,
    multiple=True,
    help="台帳にある根拠書類（複数可） / document of the ledger",
)
@cell_options("statements", *WOOD, *DOCUMENT)
@western_option
@workspace_option
@password_option
@answers()
def issue(
    console: Console,
    /,
    folder: Path,
    buyer: str | None,
    out: Path | None,
    dry_run: bool,
    file: Path | None,
    template: Path | None,
    western: bool | None,
    scans: tuple[Path, ...],
    **options: Any,
) -> int:
    """証明書を発行する / issue a certificate.

    ふだんは: biotrace issue --to 販売先 --quantity 6.58t --moisture 0.42

    2-1〜2-4 は、受け取った木材から先入先出で引き当てる。伐採段階（1-private 例1、1-national 例2、1-1）と 1-2 は、
    --origin、--place、--permit-number、--document-kind などで書くか、--template で作ったファイルを --file で渡す。
    規則が認めないものは発行せず、足りないものを示す。発行した証明書は署名して台帳に入れ、PDFにする。

    Usually --to, --quantity and --moisture are enough. Forms 2-1 to 2-4 draw on what was received; forms 1 and 1-2 say
    where the wood grew, by options or in a file (--template, --file). What the rules would not confirm is refused, with
    what is missing; what is issued is signed, logged, and written as PDF.
    """
    if template is not None:
        return _template(console, folder, template, buyer)
    if file is not None or options["form"] in _FELLING:
        _require(file is None or buyer is None, _FILE_SAYS)
        asked = file if file is not None else _felling(buyer, scans, options)
        with opened(folder) as workspace:
            result = issue_felling(workspace, asked, out, scans=scans, rehearse=dry_run, western=western)
    else:
        request = _request(buyer, scans, options)
        with opened(folder) as workspace:
            result = issue_certificate(workspace, request, out, rehearse=dry_run, western=western)
    if console.json:
        console.data(issued_data(result) if isinstance(result, Issued) else refused_data(result, console))
    elif isinstance(result, Issued):
        show_issued(console, result)
    else:
        show_refused(console, result)
    return FINE if isinstance(result, Issued) else FINDINGS


_FILE_SAYS = (Text("--file があるときは --to を省いてください", "leave --to out: the file names the buyer"), None)


def _require(holds: bool, otherwise: tuple[Text, Text | None]) -> None:
    if not holds:
        raise UsageError(*otherwise)


def _template(c: Console, folder: Path, path: Path, buyer: str | None) -> int:
    with opened(folder) as workspace:
        own, known = party_named(workspace, "")
        to = choose_party(known.parties, buyer) if buyer is not None else None
    write_felling_template(path, own, to)
    if c.json:
        c.data({"file": str(path)})
    else:
        c.say(c.t(f"記入用のファイルを書きました: {path}", f"template written: {path}"))
        c.say(c.t(f"書き終えたら: biotrace issue --file {path}", f"when it is filled in: biotrace issue --file {path}"))
    return FINE


def _felling(buyer: str | None, scans: tuple[Path, ...], options: dict[str, Any]) -> Felling:
    """What the options say of a certificate of the felling stage."""
    given = said(options, ("statements", *WOOD, *DOCUMENT))
    form = Form(options["form"])
    _refuse_others(form, options)
    general = form in (Form.F1_1, Form.F1_2)
    values = given | {
        "form": form,
        "class": FuelClass(options["fuel_class"] or ("general" if general else "thinned")),
        "date": options["day"] or day_of(clock()),
        "quantity": _quantity(options),
        "buyer": _named(buyer),
        "species": options["species"],
    }
    values |= {k: options[k] for k in ("number", "vehicle", "to_site", "from_site") if options[k] is not None}
    values |= {"goods": Goods(options["goods"])} if options["goods"] else {}
    values |= {"medium": Medium(options["medium"])} if options["medium"] else {}
    return felling_of_values(values, options["documents"], scans, options["price"])


def _refuse_others(form: Form, options: dict[str, Any]) -> None:
    _require(
        not options["draws"] and options["process"] is None,
        (
            Text(f"別記{form} は何も引き当てません", f"form {form} draws on nothing"),
            Text("--from と --process を省いてください", "leave --from and --process out"),
        ),
    )


def _request(buyer: str | None, scans: tuple[Path, ...], options: dict[str, Any]) -> Request:
    """What the options say of a certificate that draws on others."""
    given = said(options, ("statements", *WOOD, *DOCUMENT))
    origins = given.pop("origins", ())
    stray = [*given, *(["document"] if options["documents"] else [])]
    _require(
        not stray,
        (
            Text(
                f"伐採箇所や根拠書類の項目（{'、'.join(stray)}）は伐採段階の様式に書きます",
                f"places and documents ({', '.join(stray)}) stand on forms of the felling stage",
            ),
            Text(
                "--form 1-private などを付けるか、省いてください",
                "give --form 1-private or the like, or leave them out",
            ),
        ),
    )
    form = Form(options["form"]) if options["form"] else None
    general = form in (Form.F2_3, Form.F2_4)
    return Request(
        buyer=_named(buyer),
        quantity=_quantity(options),
        fuel_class=FuelClass(options["fuel_class"] or ("general" if general else "thinned")),
        day=options["day"] or day_of(clock()),
        number=options["number"],
        species=options["species"],
        goods=Goods(options["goods"]) if options["goods"] else None,
        process=Process(options["process"]) if options["process"] else None,
        vehicle=options["vehicle"],
        to_site=options["to_site"],
        draws=options["draws"],
        price=options["price"],
        form=form,
        medium=Medium(options["medium"]) if options["medium"] else None,
        from_site=options["from_site"],
        origins=tuple(origins),
        remember=not options["no_defaults"],
        scans=scans,
    )


def _named(buyer: str | None) -> str:
    if buyer is None:
        raise click.MissingParameter(ctx=click.get_current_context(), param=_param("buyer"))
    return buyer


def _quantity(options: dict[str, Any]) -> Quantity:
    quantity: Quantity | None = options["quantity"]
    if quantity is None:
        raise click.MissingParameter(ctx=click.get_current_context(), param=_param("quantity"))
    if options["moisture"] is not None and not quantity.unit.is_mass:
        raise UsageError(
            Text("水分は t・kg の数量にだけ書けます", "a moisture goes with a quantity in t or kg only"),
            Text("--moisture を省いてください", "leave --moisture out"),
        )
    return replace(quantity, moisture=options["moisture"])


def _param(name: str) -> click.Parameter:
    return next(p for p in click.get_current_context().command.params if p.name == name)
