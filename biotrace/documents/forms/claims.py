"""What a form's certifying sentence claims: a certificate that claims less is not printed on it."""

from __future__ import annotations

from collections.abc import Collection

from biotrace.errors import UsageError
from biotrace.model.certificate import Certificate, Form, Statement
from biotrace.model.fuel_class import FuelClass
from biotrace.model.labels import label
from biotrace.model.text import Text, join

ALL = (Statement.ALL_OF_CLASS,)
"""例2, 1-1 and 1-2, whose sentences say nothing of segregation."""
ALL_AND_SEGREGATED = (Statement.ALL_OF_CLASS, Statement.SEGREGATED)
"""例1, 2-1, 2-2 and 2-4."""
LOGS_AND_SEGREGATED = (Statement.LOGS_ALL_THINNED_OR_GENERAL, Statement.SEGREGATED)
"""2-3, whose sentence speaks of the logs that the residues came from."""

_OTHER_FORM = Text(
    "証明書の内容に合う様式で発行し直してください", "issue it again on the form that fits what it certifies"
)
_APART = Text(
    "区分ごとに分けて証明するか、割合は納品書等に書き、署名付きの記録を biotrace bundle で渡してください",
    "certify each class apart; or write the shares on the delivery note and hand over the record with biotrace bundle",
)


def require_sentence(
    certificate: Certificate, form: Form, classes: Collection[FuelClass], says: tuple[Statement, ...]
) -> None:
    """Raise UsageError where the sentence of ``form`` would say what the certificate does not.

    ``classes``: those that the form certifies. ``says``: the statements that its sentence makes. A lot of several
    classes (G3(3)②) goes on no form: each of them says 全て, and none has a place for shares.
    """
    if certificate.mixed is not None:
        why = Text(
            "区分の混じったロット（一つの発電所に渡す混合の例外）を証明する公式の様式はありません。"
            "どの様式の証明文も「全て」一つの区分だと述べ、割合を書く欄がないためです",
            "no official form certifies a lot of several classes (the single-plant exemption): each says that all of "
            "it is of one class, and none has a place for shares",
        )
        raise refused(certificate, form, why, "form-mixed", _APART)
    if certificate.fuel_class not in classes:
        of_form = join([c.label for c in classes], "・", " or ")
        stated = certificate.fuel_class.label
        why = Text(
            f"この様式は「{of_form.ja}」の証明ですが、証明書の区分は「{stated.ja}」です",
            f"this form certifies {of_form.en}, the certificate says {stated.en}",
        )
        raise refused(certificate, form, why, "form-class")
    missing = [label(s) for s in says if s not in certificate.statements]
    if missing:
        named = join(missing)
        why = Text(
            f"証明文のうち次の記載がこの証明書にありません: {named.ja}",
            f"it does not state what the form's sentence says: {named.en}",
        )
        raise refused(certificate, form, why, "statement-missing")


def refused(certificate: Certificate, form: Form, why: Text, code: str, remedy: Text = _OTHER_FORM) -> UsageError:
    """The refusal to print a certificate as a form."""
    named = label(form)
    return UsageError(
        Text(
            f"証明書 {certificate.id}: {named.ja}に印刷できません。",
            f"certificate {certificate.id} cannot be printed as {named.en}: ",
        )
        + why,
        remedy,
        code=code,
    )
