"""Reports from the ledger on paper, in workbooks and as data: what a report is, and how it is written."""
