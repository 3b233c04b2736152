"""``biotrace report dispute`` and ``verify-dispute``: disputed lots in a sealed report that verifies itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click

from biotrace.model.text import Text
from biotrace.services.dispute import DisputeOrder, MadeDispute, make_dispute
from biotrace.services.dispute_data import yen_provable
from biotrace.services.dispute_verify import VerifiedDispute, verify_dispute
from biotrace.services.trace_start import called
from biotrace.verify.prices import Approval
from biotrace.verify.verdict_json import verdict_data

from .console import FINDINGS, FINE, Console, answers, clock
from .dispute_view import how_it_differs, show_yen, told_data
from .opening import opened
from .params import FILE, LINE, workspace_option
from .password import password_option
from .suggestions import CERTIFICATES
from .verdict_view import class_name, outcome_word, show_verdict
from .yen_params import APPROVED, KW, KWH_PER_T, Stated, terms_asked

_MOST = 20
"""Lines of one list on the screen; JSON has all."""
_NOT_BORNE_OUT = Text(
    "注意: 添えた受け渡しファイルだけでは台帳のとおりの判定が出ず、受け取った人が確かめられないロット"
    "（住所などの非公開項目がなければ決まらないものなど）:",
    "mind: lots of which the enclosed bundle does not bear out what the ledger tells, so that no receiver can verify it"
    " (such as those that hang on private fields, which it does not show):",
)
_TO_OTHERS = Text(
    "この判定は、認定や事業者についてのこのログの記録によります。団体自身の署名と信頼リストだけによる判定は違います",
    "these verdicts rest on what this log says of parties and accreditations; by what bodies signed themselves, and a"
    " trust list, they are others",
)


@click.command()
@click.argument("lots", nargs=-1, required=True, metavar="LOT...", shell_complete=CERTIFICATES)
@click.option("--out", type=FILE, required=True, help="作るフォルダー / the folder to make")
@click.option("--about", type=LINE, default=None, help="件名 / what it is about")
@click.option("--approved", type=APPROVED, default=None, help="設備認定の年度か日付 / fiscal year or day of approval")
@click.option("--kw", type=KW, default=None, help="発電設備の出力、kW / the plant's output in kW")
@click.option("--kwh-per-t", "stated", type=KWH_PER_T, multiple=True, help="申告された全乾1トン当たりkWh / kWh per t")
@click.option("--no-documents", is_flag=True, help="書類のファイルを入れない / without the files that records name")
@workspace_option
@password_option
@answers()
def dispute(
    console: Console,
    lots: tuple[str, ...],
    out: Path,
    about: str | None,
    approved: Approval | None,
    kw: Decimal | None,
    stated: tuple[Stated, ...],
    no_documents: bool,
    folder: Path,
) -> int:
    """係争ロットの報告: 経路・指摘・金額・書類に署名し、それだけで確かめられる一式にする / report on disputed lots.

    フォルダーに report.pdf、report.json、evidence.bundle、経路の図、署名 report.note。ほかの取引先の記録も入る。

    A sealed folder that anybody can verify by itself. It shows records of other customers too.
    """
    order = DisputeOrder(lots, terms_asked(approved, kw, stated), about or "", not no_documents)
    with opened(folder) as workspace:
        made = make_dispute(workspace, order, out, console.lang)
    if console.json:
        found = {"not_borne_out": list(made.not_borne_out), "differs_to_others": list(made.otherwise)}
        by_index = None if made.by_index is None else made.by_index.get(console.lang)
        console.data({"folder": str(out), "files": dict(made.files), **found, "by_index": by_index, **made.data})
    else:
        _made(console, made)
    sound = all(one.back.lot.clean for one in made.found) and not (made.not_borne_out or made.otherwise)
    return FINE if sound else FINDINGS


@click.command("verify-dispute")
@click.argument("folder", type=FILE)
@click.option("--vkey", type=FILE, multiple=True, help="信じるログの鍵のファイル（複数可） / key of a log to believe")
@click.option("--trust", type=FILE, default=None, help="信頼リスト / trust list")
@answers()
def verify(console: Console, folder: Path, vkey: tuple[Path, ...], trust: Path | None) -> int:
    """受け取った係争報告を、そのフォルダーだけで確かめる / verify a report on a dispute by its folder alone.

    署名・ファイル・判定・もとの重さ・金額を確かめ直す。1バイトでも変わっていれば受け付けない（終了コード2）。

    Seal, files, verdicts, origins and yen anew. One byte changed: refused, exit code 2.
    """
    found = verify_dispute(folder, vkey, trust, clock())
    if console.json:
        console.data(
            {
                "report": str(folder),
                "by": found.sealed.party,
                "as_of": found.sealed.as_of.isoformat(),
                "log": {"origin": found.sealed.origin, "size": found.sealed.size, "root": found.sealed.root.hex()},
                "files": sorted(found.sealed.files),
                "agrees": found.agrees,
                "differs": list(found.differs),
                "to_others": [told_data(other.lot) for _, other in found.to_others],
                "only_shown": list(found.only_shown),
                "not_sealed": list(found.not_sealed),
                "yen_checked": found.agrees and found.overpaid is not None,
                "yen": None if found.overpaid is None else yen_provable(found.overpaid)["today"],
                "trust_list": None if found.age is None else found.age.outcome.value,
                **verdict_data(found.verdict, None, console.lang),
            }
        )
    else:
        _verified(console, found, folder)
    return FINE if found.agrees and not found.not_sealed else FINDINGS


def _made(c: Console, made: MadeDispute) -> None:
    c.say(c.t(f"{made.folder} を作りました", f"made: {made.folder}"))
    for name, size in sorted(made.files.items()):
        c.say(f"  {name}  {size:,} " + c.t("バイト", "bytes"))
    for one in made.found:
        lot = one.back.lot
        name = called(one.back.hands[-1].entry.value, one.seen.subjects)
        worth = f"{class_name(lot.declared, c.lang)} → {class_name(lot.confirmed, c.lang)}"
        c.say(f"[{outcome_word(lot, c)}] {name}  {worth}")
    _paths(c, _lots_of(made), _NOT_BORNE_OUT)
    if made.otherwise:
        c.say(c.t("注意: ", "mind: ") + _TO_OTHERS.get(c.lang))
    if made.by_index is not None:
        c.say(c.t("注意: ", "mind: ") + made.by_index.get(c.lang))
    c.say(
        c.t(
            "受け取った人は: biotrace report verify-dispute フォルダー --vkey ログの鍵（または --trust 信頼リスト）",
            "its receiver runs: biotrace report verify-dispute FOLDER --vkey LOG-KEY (or --trust LIST)",
        )
    )


def _lots_of(made: MadeDispute) -> list[str]:
    """The names of the lots that the bundle does not bear out; a path in the data begins with their place."""
    named = {one.back.lot.id: called(one.back.hands[-1].entry.value, one.seen.subjects) for one in made.found}
    places = sorted({int(path.split("/")[1]) for path in made.not_borne_out})
    return [named[made.data["lots_provable"][place]["id"]] for place in places]


def _verified(c: Console, found: VerifiedDispute, folder: Path) -> None:
    s = found.sealed
    c.say(
        c.t(
            f"署名: {s.party}（基準日 {s.as_of}、ログ {s.origin} の {s.size:,} 件）",
            f"sealed by {s.party}, as of {s.as_of}, log {s.origin} of {s.size:,}",
        )
    )
    c.say(c.t(f"ファイル {len(s.files)} 件は署名の時のままです", f"its {len(s.files)} files are as they were sealed"))
    if found.not_sealed:
        names = ", ".join(found.not_sealed[:_MOST])
        c.say(
            c.t(f"署名されていないもの（報告の一部ではない）: {names}", f"not sealed, no part of the report: {names}")
        )
    if found.age is not None:
        c.say(found.age.message)
    c.say()
    show_verdict(c, found.verdict, folder.name, found.subjects)
    c.say()
    _paths(
        c,
        found.differs,
        Text("報告と、添えた記録からの判定が違います:", "the report says otherwise than its own records:"),
    )
    if found.agrees:
        c.say(c.t("判定・もとの重さは報告のとおりです", "verdicts and origins are as the report says"))
        if found.overpaid is not None:
            show_yen(c, found.overpaid)
    if found.only_shown:
        names = ", ".join(found.subjects.get(lot, lot) for lot in found.only_shown[:_MOST])
        c.say(
            c.t(
                f"作成者の台帳では完全、添えた記録からは「提示分」（ほかの記録がないとは言えない）: {names}",
                f"complete by its maker's ledger, as shown by what is enclosed (more may have been left out): {names}",
            )
        )
    if found.to_others:
        c.say(_TO_OTHERS)
    for own, other in found.to_others[:_MOST]:
        name = found.subjects.get(own.lot.id, own.lot.id)
        c.say(f"  {name}  " + c.t("、", "; ").join(how_it_differs(c, own, other)))
    c.say(
        c.t(
            "記録とは突き合わせていないもの（署名の時のままではあります）: report.pdf の文面、図、書類と置場の一覧",
            "not compared with the records, though as it was sealed: what report.pdf says, pictures, lists of documents"
            " and yards",
        )
    )


def _paths(c: Console, found: Sequence[str], title: Text) -> None:
    if not found:
        return
    c.say(title)
    for where in found[:_MOST]:
        c.say(f"  {where}")
    if len(found) > _MOST:
        c.say(c.t(f"  ほか {len(found) - _MOST} か所", f"  and {len(found) - _MOST} more"))
