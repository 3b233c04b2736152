"""The 98 delivery routes of the 2017 government audit, turned into papers. Run by tools/make_soumu2017.py.

What the routes are:
    situations          which papers each route has, with the reason that the auditors were told
    printed_examples    figures of real papers that the audit printed
    names               invented municipalities, businesses and place names
    routes              the rows of data/soumu2017/*.csv, joined with the above

What is made of them:
    dates_and_amounts   days, areas, volumes and truck loads
    places              the felling place in the many notations of real papers
    parties             businesses, offices and their accreditations
    papers              documents, certificates and deliveries of one route
    check_facts         do the papers say what the audit's row says?
    casebook            all of it in one book
    write               the book as YAML text
"""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]
"""One entry of the casebook: field name → value, in the order of writing."""
