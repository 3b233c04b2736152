"""The catalogue: every rule in one tuple, one small file per rule.

Codes are stable: they stand in reports, tests and other people's scripts. A retired code is listed and never reused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from biotrace.model.text import Text

from ..rule import Rule, Scope
from .a201_no_accreditation_number import RULE as A201
from .a202_number_not_the_issuers import RULE as A202
from .a203_accreditation_not_in_force import RULE as A203
from .a204_body_not_trusted import RULE as A204
from .a205_own_code_not_audited import RULE as A205
from .a206_expires_soon import RULE as A206
from .a207_never_inspected import RULE as A207
from .d901_cannot_be_produced import RULE as D901
from .d902_copy_altered import RULE as D902
from .d903_deleted_too_early import RULE as D903
from .d904_not_produced_when_asked import RULE as D904
from .f951_burned_beyond_intake import RULE as F951
from .f952_no_biomass_ratio import RULE as F952
from .f954_off_the_plan import RULE as F954
from .f955_fuel_outside_plan import RULE as F955
from .g701_classes_mixed import RULE as G701
from .g702_mixture_not_exempt import RULE as G702
from .g703_yard_mixed import RULE as G703
from .g704_waste_drawn_in import RULE as G704
from .h301_no_felling_certificate import RULE as H301
from .h302_no_supporting_document import RULE as H302
from .h303_document_cannot_support import RULE as H303
from .h304_final_felling_as_thinned import RULE as H304
from .h305_thinning_rate_too_high import RULE as H305
from .h306_canopy_not_closing import RULE as H306
from .h307_weeding_without_certificate import RULE as H307
from .h308_land_does_not_stay_forest import RULE as H308
from .h309_no_forest_office_contract import RULE as H309
from .h310_imported_as_thinned import RULE as H310
from .h311_document_not_in_force import RULE as H311
from .h312_felled_outside_period import RULE as H312
from .h313_area_beyond_document import RULE as H313
from .h314_certified_beyond_document import RULE as H314
from .h315_species_not_on_document import RULE as H315
from .h316_missing_entry import RULE as H316
from .h317_filed_too_late_or_early import RULE as H317
from .h318_in_a_protection_forest import RULE as H318
from .h319_differs_from_document import RULE as H319
from .h320_number_or_species_missing import RULE as H320
from .h321_not_felled_yet import RULE as H321
from .h322_one_paper_as_two import RULE as H322
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
from .p506_wrong_form import RULE as P506
from .p507_no_segregation_statement import RULE as P507
from .p508_draws_on_withdrawn import RULE as P508
from .p509_other_plant import RULE as P509
from .p510_its_own_source import RULE as P510
from .p511_withdrawn_later import RULE as P511
from .p512_residues_without_log_statement import RULE as P512
from .p513_made_out_to_itself import RULE as P513
from .q601_drawn_beyond_quantity import RULE as Q601
from .q602_more_out_than_in import RULE as Q602
from .q603_unlikely_yield import RULE as Q603
from .q604_default_factor import RULE as Q604
from .q605_moisture_missing import RULE as Q605
from .q606_received_differs import RULE as Q606
from .q607_stock_below_zero import RULE as Q607
from .s107_logged_late_or_dated_ahead import RULE as S107
from .s108_not_signed_by_issuer import RULE as S108
from .t991_not_said_to_be_held import RULE as T991
from .t992_not_said_to_be_held_then import RULE as T992
from .w801_missing_entry import RULE as W801
from .w802_street_and_garden_prunings import RULE as W802
from .w803_driftwood import RULE as W803
from .w804_landscaping_prunings import RULE as W804
from .w805_statements_missing import RULE as W805

RULES: tuple[Rule, ...] = (
    S107,
    S108,
    A201,
    A202,
    A203,
    A204,
    A205,
    A206,
    A207,
    H301,
    H302,
    H303,
    H304,
    H305,
    H306,
    H307,
    H308,
    H309,
    H310,
    H311,
    H312,
    H313,
    H314,
    H315,
    H316,
    H317,
    H318,
    H319,
    H320,
    H321,
    H322,
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
    P506,
    P507,
    P508,
    P509,
    P510,
    P511,
    P512,
    P513,
    Q601,
    Q602,
    Q603,
    Q604,
    Q605,
    Q606,
    Q607,
    G701,
    G702,
    G703,
    G704,
    W801,
    W802,
    W803,
    W804,
    W805,
    D901,
    D902,
    D903,
    D904,
    F951,
    F952,
    F954,
    F955,
    T991,
    T992,
)

LOT_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.scope in (Scope.RECORD, Scope.LOT))
"""Those that a check of one lot runs. The others look at whole issuers, yards and plants: an audit runs them."""

INTEGRITY_CODES = ("S101", "S102", "S103", "S104", "S106")
"""Judged where records are read from their bytes, not here. A casebook has none: "not applicable: unsigned"."""

NOT_RUN = ("S105", "F953")
"""Codes of the catalogue that this version never runs."""

WHY_NOT_RUN: Mapping[str, Text] = {
    "F953": Text("記録に定期報告がない", "no yearly report in the records"),
}
"""Why not, where it is not just that nobody has written the rule yet."""


def not_run(rules: Sequence[Rule]) -> tuple[str, ...]:
    """All codes that a run with these rules does not answer."""
    run = {rule.code for rule in rules}
    return (*NOT_RUN, *(rule.code for rule in RULES if rule.code not in run))
