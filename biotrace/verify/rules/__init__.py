"""The catalogue: every rule in one tuple, one small file per rule.

Codes are stable: they stand in reports, tests and other people's scripts. A retired code is listed and never reused.
"""

from __future__ import annotations

from ..rule import Rule
from .a201_no_accreditation_number import RULE as A201
from .a202_number_not_the_issuers import RULE as A202
from .a203_accreditation_not_in_force import RULE as A203
from .a204_body_not_trusted import RULE as A204
from .a205_own_code_not_audited import RULE as A205
from .d901_cannot_be_produced import RULE as D901
from .g701_classes_mixed import RULE as G701
from .g704_waste_drawn_in import RULE as G704
from .h301_no_felling_certificate import RULE as H301
from .h302_no_supporting_document import RULE as H302
from .h303_document_cannot_support import RULE as H303
from .h304_final_felling_as_thinned import RULE as H304
from .h305_thinning_rate_too_high import RULE as H305
from .h309_no_forest_office_contract import RULE as H309
from .h310_imported_as_thinned import RULE as H310
from .h311_document_not_in_force import RULE as H311
from .h312_felled_outside_period import RULE as H312
from .h314_certified_beyond_document import RULE as H314
from .h316_missing_entry import RULE as H316
from .l401_no_felling_place import RULE as L401
from .l402_place_stops_at_municipality import RULE as L402
from .l403_notations_not_linked import RULE as L403
from .l404_places_differ import RULE as L404
from .l405_places_partly_outside import RULE as L405
from .l406_matched_by_concordance import RULE as L406
from .p501_no_processing_certificate import RULE as P501
from .p502_seller_was_not_recipient import RULE as P502
from .p503_dated_before_its_source import RULE as P503
from .p504_higher_than_declared_input import RULE as P504
from .p505_residues_as_thinned import RULE as P505
from .p507_no_segregation_statement import RULE as P507
from .p508_draws_on_withdrawn import RULE as P508
from .p509_other_plant import RULE as P509
from .p510_its_own_source import RULE as P510
from .p511_withdrawn_later import RULE as P511
from .p512_residues_without_log_statement import RULE as P512
from .pending import PENDING
from .q601_drawn_beyond_quantity import RULE as Q601
from .q602_more_out_than_in import RULE as Q602
from .s107_logged_late_or_dated_ahead import RULE as S107
from .s108_not_signed_by_issuer import RULE as S108

RULES: tuple[Rule, ...] = (
    S107,
    S108,
    A201,
    A202,
    A203,
    A204,
    A205,
    H301,
    H302,
    H303,
    H304,
    H305,
    H309,
    H310,
    H311,
    H312,
    H314,
    H316,
    L401,
    L402,
    L403,
    L404,
    L405,
    L406,
    P501,
    P502,
    P503,
    P504,
    P505,
    P507,
    P508,
    P509,
    P510,
    P511,
    P512,
    Q601,
    Q602,
    G701,
    G704,
    D901,
    *PENDING,
)

INTEGRITY_CODES = ("S101", "S102", "S103", "S104", "S106")
"""Judged where records are read from their bytes, not here. A casebook has none: "not applicable: unsigned"."""

NOT_RUN = (
    *("S105", "A206", "A207", "H306", "H313", "H315", "H317", "H318", "H319", "H320", "P506"),
    *("Q603", "Q604", "Q605", "Q606", "Q607", "G703", "W805", "D902", "D903", "D904"),
    *("F951", "F952", "F953", "F954", "F955"),
)
"""Codes of the catalogue that this version never runs: log proofs, plausibility, whole sites and plants."""
