"""参考: what the record says beyond the official items of the form, so that nothing signed goes unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from biotrace.model.certificate import Certificate, Form, Medium
from biotrace.model.labels import label
from biotrace.model.quantity import plain
from biotrace.model.text import Text

from .content import SENTENCE_SAYS, Entry, area_text, origin_text, permit_lines, place_lines
from .page import PageData

Lines = tuple[str, ...]


def reference_entries(certificate: Certificate, page: PageData) -> tuple[Entry, ...]:
    """The entries under 参考, in a fixed order; only what the record states and the form does not show."""
    found = [Entry(name, lines(certificate, page)) for name, lines in _ALWAYS.items()]
    if certificate.form is not Form.F1_PRIVATE:
        found += [Entry(name, lines(certificate, page)) for name, lines in _ITEMS_OF_THE_FELLING_FORM.items()]
    return tuple(entry for entry in found if entry.paragraphs)


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


def _forest_office(certificate: Certificate, _: PageData) -> Lines:
    return (certificate.forest_office,) if certificate.forest_office else ()


def _country(certificate: Certificate, _: PageData) -> Lines:
    return (certificate.country,) if certificate.country else ()


def _seller(certificate: Certificate, page: PageData) -> Lines:
    return (page.seller.name,) if certificate.seller != certificate.issuer else ()


def _medium(certificate: Certificate, _: PageData) -> Lines:
    return () if certificate.medium is Medium.FORM else (label(certificate.medium).ja,)


def _statements(certificate: Certificate, _: PageData) -> Lines:
    return tuple(label(s).ja for s in certificate.statements if s not in SENTENCE_SAYS)


def _origins(certificate: Certificate, _: PageData) -> Lines:
    return (origin_text(certificate),) if certificate.origins else ()


def _permit(certificate: Certificate, page: PageData) -> Lines:
    return permit_lines(certificate.permit, page) if certificate.permit else ()


def _places(certificate: Certificate, _: PageData) -> Lines:
    return place_lines(certificate.locations) if certificate.locations else ()


def _area(certificate: Certificate, _: PageData) -> Lines:
    return () if certificate.area is None else (area_text(certificate.area),)


_ALWAYS: Mapping[Text, Callable[[Certificate, PageData], Lines]] = {
    Text("品目", "goods"): _goods,
    Text("加工・流通の別", "process"): _process,
    Text("含水率", "moisture"): _moisture,
    Text("車両番号", "vehicle"): _vehicle,
    Text("出荷場所", "ship-from site"): _from_site,
    Text("納入場所", "delivery site"): _to_site,
    Text("原料の証明書", "drawn sources"): _draws,
    Text("伐採期間", "felling period"): _felled,
    Text("森林管理署等", "forest office"): _forest_office,
    Text("産出国", "country"): _country,
    Text("販売元", "seller"): _seller,
    Text("証明書の媒体", "medium"): _medium,
    Text("その他の証明事項", "other statements"): _statements,
}

_ITEMS_OF_THE_FELLING_FORM: Mapping[Text, Callable[[Certificate, PageData], Lines]] = {
    Text("由来", "origin"): _origins,
    Text("伐採許可（届出）等", "permit data"): _permit,
    Text("物件（森林）所在地", "felling places"): _places,
    Text("伐採面積", "felled area"): _area,
}
