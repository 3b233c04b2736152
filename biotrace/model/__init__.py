"""Values of the field, as people write them: frozen, without IO, standard library only.

Quantities are integers in base units: grams, cm³, square metres, and 1/10,000 for moisture, rates and shares.
"""
