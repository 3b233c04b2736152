"""The papers of 別記3 filled in, with everything and with as little as is ever known, for golden files and tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from biotrace.documents.accreditation_papers import (
    accreditation_certificate,
    application,
    handling_report,
    policy,
    renewal_application,
    revocation_notice,
)
from biotrace.documents.accreditation_papers.accreditation_certificate import AccreditationCertificate
from biotrace.documents.accreditation_papers.application import Application
from biotrace.documents.accreditation_papers.enterprise import Enterprise, Goods
from biotrace.documents.accreditation_papers.handling_report import HandlingReport
from biotrace.documents.accreditation_papers.policy import Policy
from biotrace.documents.accreditation_papers.renewal_application import RenewalApplication, YearHandled
from biotrace.documents.accreditation_papers.revocation_notice import RevocationNotice
from biotrace.documents.accreditation_papers.values import CM3, Business, Handled, Signed

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def qr_text(characters: int, seed: int) -> str:
    """A text of a QR code as long as those of accreditations are, ending in a space as base45 may."""
    source = random.Random(seed)
    return "BT1:" + "".join(source.choice(BASE45) for _ in range(characters - 5)) + " "


BODY = "一般社団法人北信木材産業協会"
MILL = Business("株式会社髙﨑木材チップ", "長野県中野市大字𠮷田678番地9", "髙﨑 一郎", "北木-034")
NAME_ALONE = Business("株式会社髙﨑木材チップ", number="北木-034")
KNOWN = Enterprise(
    "昭和52年",
    "12名",
    (Goods("切削チップ", "12,000 t"), Goods("製材品（スギ、ヒノキ）", "3,400 ㎥"), Goods("樹皮")),
    "別添 配置図のとおり",
    "JAS認定工場（製材）",
)
YEARS = tuple(
    YearHandled(year, Handled(logs * CM3, logs * 900_000), Handled(120_500_000, 0))
    for year, logs in ((2022, 3_412), (2023, 3_873), (2024, 4_020))
)
GRANTED = Signed("ab12" * 16, qr_text(330, 2), date(2023, 3, 28))
REVOKED = Signed("fe98" * 16, qr_text(400, 5), date(2025, 12, 1))

VALUES: dict[str, Callable[[], bytes]] = {
    "1-application": lambda: application.render(Application(date(2022, 12, 5), BODY, MILL, KNOWN)),
    "1-application-open": lambda: application.render(Application(None, None, NAME_ALONE, Enterprise())),
    "1a-renewal": lambda: renewal_application.render(
        RenewalApplication(date(2026, 1, 15), BODY, MILL, KNOWN, YEARS, "cd34" * 16)
    ),
    "1a-renewal-open": lambda: renewal_application.render(
        RenewalApplication(None, None, NAME_ALONE, Enterprise(), (YearHandled(None),) * 3, western_dates=True)
    ),
    "policy": lambda: policy.render(Policy(MILL.name, date(2022, 12, 5), BODY, date(2012, 8, 1), "山田 太郎")),
    "policy-open": lambda: policy.render(Policy(None, None, None, None, None)),
    "2-certificate": lambda: accreditation_certificate.render(
        AccreditationCertificate(
            date(2023, 4, 1), date(2026, 3, 31), BODY, MILL, GRANTED, date(2022, 12, 5), "チップの製造・販売"
        )
    ),
    "2-certificate-copied": lambda: accreditation_certificate.render(
        AccreditationCertificate(
            date(2023, 4, 1),
            date(2026, 3, 31),
            BODY,
            NAME_ALONE,
            Signed("ab12" * 16, qr_text(330, 2), date(2025, 1, 7), "第八バイオマス発電所"),
        )
    ),
    "4-report": lambda: handling_report.render(
        HandlingReport(
            date(2025, 4, 21),
            BODY,
            MILL,
            date(2024, 4, 1),
            date(2025, 3, 31),
            Handled(4_820_500_000, 4_100_000_000),
            Handled(4_020_000_000, 3_618_000_000),
            Handled(120_500_000, 0),
        )
    ),
    "4-report-open": lambda: handling_report.render(
        HandlingReport(
            None, None, NAME_ALONE, date(2024, 4, 1), date(2025, 3, 31), Handled(), Handled(), Handled(), True
        )
    ),
    "5-revocation": lambda: revocation_notice.render(
        RevocationNotice(
            date(2023, 4, 1),
            date(2025, 12, 1),
            BODY,
            MILL,
            "証明書（2-1/2025-0012）の数量の記載に虚偽があったため（実施要領第十の1①）",
            REVOKED,
        )
    ),
    "5-revocation-open": lambda: revocation_notice.render(
        RevocationNotice(date(2023, 4, 1), date(2025, 12, 1), BODY, NAME_ALONE, None, REVOKED, western_dates=True)
    ),
}
"""By the name of the golden file."""
