"""参考: what the record says beyond the official items of the form, so that nothing signed goes unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from biotrace.model.certificate import Certificate, Medium
from biotrace.model.labels import label
from biotrace.model.quantity import plain
from biotrace.model.text import Text

from .content import Entry, FormContent, area_text, origin_text, permit_lines, place_lines
from .page import PageData

Lines = tuple[str, ...]


def reference_entries(certificate: Certificate, content: FormContent, page: PageData) -> tuple[Entry, ...]:
    """The entries under 参考, in a fixed order; only what the record states and the form does not show."""
    found = [
        Entry(name, lines(certificate, page)) for field, (name, lines) in _FIELDS.items() if field not in content.shows
    ]
    said = Entry(Text("その他の証明事項", "other statements"), _statements(certificate, content))
    form = Entry(Text("証明書の様式", "the record's form"), _other_form(certificate, content))
    return tuple(entry for entry in (form, *found, said) if entry.paragraphs)


def _other_form(certificate: Certificate, content: FormContent) -> Lines:
    return () if certificate.form is content.form else (label(certificate.form).ja,)


def _statements(certificate: Certificate, content: FormContent) -> Lines:
    return tuple(label(s).ja for s in certificate.statements if s not in content.says)


def _goods(certificate: Certificate, _: PageData) -> Lines:
    return (label(certificate.goods).ja,) if certificate.goods else ()


def _process(certificate: Certificate, _: PageData) -> Lines:
    return (label(certificate.process).ja,) if certificate.process else ()


def _moisture(certificate: Certificate, _: PageData) -> Lines:
    parts = certificate.quantity.moisture
    return () if parts is None else (f"{plain(Decimal(parts) / 100)} %（湿量基準）",)


def _vehicle(certificate: Certificate, _: PageData) -> Lines:
    return (certificate.vehicle,) if certificate.vehicle else ()


def _from_site(certificate: Certificate, page: PageData) -> Lines:
    name = page.from_site or certificate.from_site
    return (name,) if name else ()


def _to_site(certificate: Certificate, page: PageData) -> Lines:
    name = page.to_site or certificate.to_site
    return (name,) if name else ()


def _draws(certificate: Certificate, _: PageData) -> Lines:
    return (f"{len(certificate.draws)}件（電子記録に引用）",) if certificate.draws else ()


def _felled(certificate: Certificate, page: PageData) -> Lines:
    return (page.period(certificate.felled),) if certificate.felled else ()


def _forest_office(certificate: Certificate, page: PageData) -> Lines:
    name = page.forest_office or certificate.forest_office
    return (name,) if name else ()


def _country(certificate: Certificate, _: PageData) -> Lines:
    return (certificate.country,) if certificate.country else ()


def _seller(certificate: Certificate, page: PageData) -> Lines:
    return (page.seller.name,) if certificate.seller != certificate.issuer else ()


def _medium(certificate: Certificate, _: PageData) -> Lines:
    return () if certificate.medium is Medium.FORM else (label(certificate.medium).ja,)


def _origins(certificate: Certificate, _: PageData) -> Lines:
    return (origin_text(certificate),) if certificate.origins or certificate.includes_weeding else ()


def _permit(certificate: Certificate, page: PageData) -> Lines:
    return permit_lines(certificate.permit, page) if certificate.permit else ()


def _places(certificate: Certificate, _: PageData) -> Lines:
    return place_lines(certificate.locations) if certificate.locations else ()


def _area(certificate: Certificate, _: PageData) -> Lines:
    return () if certificate.area is None else (area_text(certificate.area),)


def _sealed(certificate: Certificate, _: PageData) -> Lines:
    """Their names only: the record holds a salted hash of each."""
    named = "、".join(label(sealed.field).ja for sealed in certificate.sealed)
    return (f"{named}（記録にはハッシュ値だけが入る）",) if named else ()


def _files(certificate: Certificate, _: PageData) -> Lines:
    return (f"{len(certificate.files)}件（電子記録にSHA-256）",) if certificate.files else ()


_FIELDS: Mapping[str, tuple[Text, Callable[[Certificate, PageData], Lines]]] = {
    "goods": (Text("品目", "goods"), _goods),
    "process": (Text("加工・流通の別", "process"), _process),
    "moisture": (Text("含水率", "moisture"), _moisture),
    "vehicle": (Text("車両番号", "vehicle"), _vehicle),
    "from_site": (Text("出荷場所", "ship-from site"), _from_site),
    "to_site": (Text("納入場所", "delivery site"), _to_site),
    "draws": (Text("原料の証明書", "drawn sources"), _draws),
    "felled": (Text("伐採期間", "felling period"), _felled),
    "forest_office": (Text("森林管理署等", "forest office"), _forest_office),
    "country": (Text("産出国", "country"), _country),
    "seller": (Text("販売元", "seller"), _seller),
    "medium": (Text("証明書の媒体", "medium"), _medium),
    "origins": (Text("由来", "origin"), _origins),
    "permit": (Text("伐採許可（届出）等", "permit data"), _permit),
    "locations": (Text("物件（森林）所在地", "felling places"), _places),
    "area": (Text("伐採面積", "felled area"), _area),
    "sealed": (Text("非公開の項目", "private fields"), _sealed),
    "files": (Text("原本の写し", "scans of the paper"), _files),
}
"""By field of the certificate (or of its quantity): what 参考 calls it, and its lines; none where nothing is stated."""
