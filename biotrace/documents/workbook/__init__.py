"""Workbooks as people keep them (xlsx, csv): what each sheet's columns mean, reading them, writing them."""
