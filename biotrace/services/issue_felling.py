"""Issuing certificates with which wood enters the chain: 別記1 例1 and 例2, 1-1 and 1-2, with the papers behind them.

What they say comes from options, or from a casebook that holds the one certificate and its documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from biotrace.documents.casebook import read_casebook
from biotrace.documents.workbook.columns import Values
from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate
from biotrace.model.document import Document
from biotrace.model.party import Party
from biotrace.model.text import Text, same

from .casebook_files import attach
from .files import read_file, write_new
from .find import choose_party
from .issue import Draft, Issued, hand_over, late_note
from .issue_desk import Desk, judge, open_desk
from .issue_refusals import Refused
from .numbers import next_number
from .papers_cited import Papers, papers
from .request import CANDIDATE, check_terms, number_in_force, numbers_of
from .scans import read_scans
from .settings import western_dates
from .stored_files import Copies, keeping
from .workbook_document import document_of, effective
from .workbook_ledger import Known
from .workbook_received import certificate_from
from .workbook_values import PRINTED
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Felling:
    """What is to be certified: ``certificate`` with ids of its own ``documents``, which may be new ones.

    Its ``seller`` and ``buyer`` are what was typed of their names; an empty seller is the workspace's own party.
    ``named``: documents of the ledger. ``scans``: files to hold with the first document, or else with the certificate.
    """

    certificate: Certificate
    documents: tuple[Document, ...] = ()
    named: tuple[str, ...] = ()
    scans: tuple[Path, ...] = ()
    price: int | None = None


def felling_of_values(values: Values, named: Sequence[str], scans: Sequence[Path], price: int | None) -> Felling:
    """From values by the identifiers of the columns of the sheet 入荷, ``buyer`` among them."""
    documents = []
    if "document_kind" in values:
        whole = effective(values)
        number = values.get("document_number") or values.get("permit_number") or values["date"]
        documents.append(document_of(whole, f"{whole['document_kind']}/{number}"))
    certificate = certificate_from({**values, "seller": ""}, CANDIDATE, "", tuple(d.id for d in documents))
    return Felling(certificate, tuple(documents), tuple(named), tuple(scans), price)


def felling_of_file(path: Path, scans: Sequence[Path], copies: Copies) -> Felling:
    """From a casebook with one certificate of the felling stage, or on 1-2, and the documents that it cites.

    Parties in it are known to the ledger; nothing is changed of them. Raises UsageError for another casebook, and as
    ``read_casebook`` and ``attach`` do.
    """
    book = attach(read_casebook(read_file(path), path.name), path, copies)
    if len(book.certificates) != 1 or not book.certificates[0].form.is_source:
        raise UsageError(
            same(f"{path}: ")
            + Text(
                f"伐採段階か別記1-2 の証明書がちょうど1件要ります（{len(book.certificates)} 件あります）",
                f"it has to hold just one certificate on form 1 or 1-2 (there are {len(book.certificates)})",
            ),
            Text(
                "biotrace issue --template FILE でひな形を作れます",
                "biotrace issue --template FILE writes one to fill in",
            ),
            code="not-one",
        )
    certificate = book.certificates[0]
    cited = tuple(d for d in book.documents if d.id in certificate.documents)
    return Felling(replace(certificate, id=CANDIDATE), cited, (), tuple(scans))


def issue_felling(
    workspace: Workspace,
    asked: Felling | Path,
    out: Path | None = None,
    *,
    scans: Sequence[Path] = (),
    rehearse: bool = False,
    western: bool | None = None,
) -> Issued | Refused:
    """Make, judge, sign and log a certificate with its new documents, and write its PDF, all or nothing.

    ``asked``: a casebook's path, or what options say. The others as for ``biotrace.services.issue.issue``. Raises
    UsageError for what no certificate can say.
    """
    in_west = western_dates(workspace.folder, western)
    desk = open_desk(workspace, out)
    if isinstance(desk, Refused):
        return desk
    with keeping(workspace) as copies:
        felling = felling_of_file(asked, scans, copies) if isinstance(asked, Path) else asked
        found = papers(Known(desk.reading, workspace.party), felling.named, felling.documents)
        certificate, buyer = _completed(felling, found, desk)
        contents = read_scans(felling.scans)
        if rehearse:
            copies.drop(())
        refused = judge(desk, certificate, found.new)
        if refused is not None:
            copies.drop(())
            return refused
        result = Issued(certificate, buyer, (), late_note(certificate, desk.today))
        if rehearse:
            return result
        return hand_over(desk, _draft(felling, certificate, found, contents), result, out, in_west)


def _completed(felling: Felling, found: Papers, desk: Desk) -> tuple[Certificate, Party]:
    """The certificate by ids, with what is left open: seller, number, accreditation number, and the form's sentence."""
    said, parties = felling.certificate, desk.case.parties
    seller = choose_party(parties.values(), said.seller) if said.seller else desk.seller
    buyer = choose_party(parties.values(), _buyer(said))
    issuer = None if said.issuer_party is None else choose_party(parties.values(), said.issuer_party).id
    if (issuer or seller.id) != desk.seller.id:
        raise UsageError(
            Text(f"発行者が自社（{desk.seller.name}）ではありません", f"its issuer is not {desk.seller.name}"),
            Text(
                "他社の証明書は biotrace receive か sign で転記してください",
                "transcribe others' certificates with biotrace receive or sign",
            ),
        )
    known = desk.case.by_id.values()
    check_terms(seller, buyer.id, said.date, said.number, desk.today, known)
    number = said.number or next_number(said.date, numbers_of(seller.id, known))
    renamed: Mapping[str, str] = found.renamed
    return replace(
        said,
        seller=seller.id,
        buyer=buyer.id,
        issuer_party=issuer,
        number=number,
        accreditation_number=said.accreditation_number or number_in_force(desk.seller, said.date),
        statements=said.statements or PRINTED[said.form],
        documents=tuple(dict.fromkeys((*found.cited, *(renamed.get(d, d) for d in said.documents)))),
    ), buyer


def _buyer(certificate: Certificate) -> str:
    if certificate.buyer is None:
        raise UsageError(
            Text("販売先がありません", "it names no buyer"), Text("--to で指定してください", "name the buyer with --to")
        )
    return certificate.buyer


def _draft(felling: Felling, certificate: Certificate, found: Papers, contents: Sequence[bytes]) -> Draft:
    first = found.new[0].id if found.new else CANDIDATE
    return Draft(certificate, found.new, {first: contents}, felling.price)


def write_felling_template(path: Path, own: Party, buyer: Party | None) -> None:
    """A casebook to be filled in. Raises UsageError where something of that name stands already."""
    to = buyer or Party("buyer", "販売先の名称", ())
    write_new(path, _TEMPLATE.format(own=own.id, own_name=own.name, to=to.id, to_name=to.name).encode("utf-8"))


_TEMPLATE = """\
# 伐採段階の証明書（別記1 例1・例2、1-1、1-2）を発行するための記入用ファイル
# 書き終えたら: biotrace issue --file このファイル --dry-run （試す）、よければ --dry-run を外す
# A certificate of the felling stage, to be filled in: then biotrace issue --file THIS --dry-run
biotrace: casebook/1
parties:            # 台帳にある当事者。id は biotrace party list で / as in the ledger
  - {{id: "{own}", name: "{own_name}", roles: [producer]}}
  - {{id: "{to}", name: "{to_name}", roles: [processor]}}
documents:          # 根拠書類。台帳に同じ書類があれば、それを引く / the papers behind it
  - id: doc-1
    kind: felling_notice            # 伐採届。ほかに management_plan, protection_permit, national_contract …
    number: "26-14"
    filed: 2014-04-25               # 届出日
    accepted: 2014-05-08            # 受理・適合通知・許可・契約の日
    issuer: 〇〇市長
    locations: [{{prefecture: 長野県, municipality: 〇〇市, oaza: 大字甲, aza: 字乙, parcels: ["236-2", "237-1"]}}]
    felling:
      {{method: thinning, rate: 0.30, area_ha: 23.6110, volume_m3: 2575, species: [スギ],
        from: 2014-05-27, until: 2015-03-31}}
    # files: [scan.pdf]             # このファイルと同じフォルダーにあるスキャン
certificates:
  - id: c-1
    form: 1-private                 # 1-private 例1, 1-national 例2, 1-1, 1-2
    class: thinned                  # thinned か general
    date: 2014-06-27
    seller: "{own}"
    buyer: "{to}"
    # number: "26-001"              # 省くと前の番号の次 / left out: the next one
    quantity: {{value: 100, unit: m3}}
    origin: [thinning]              # 間伐材。ほかに management_plan, protection_forest, final_felling …
    permit: {{date: 2014-05-08, issuer: 〇〇市長, number: "26-14"}}
    locations: [{{prefecture: 長野県, municipality: 〇〇市, oaza: 大字甲, aza: 字乙, parcels: ["236-2", "237-1"]}}]
    area_ha: 23.6110
    species: [スギ]
    felled: {{from: 2014-05-27, until: 2014-06-20}}
    documents: [doc-1]
"""
