"""Made-up regions: ledgers of any size that look like real ones, with as much wrong in them as is asked for.

    python -m bench.region --records 100000 --seed 1 --out DIR

Five years of forests, traders, sawmills, chip mills and power plants, signed by keys that are made of the seed. The
same settings give the same bytes. What is planted is listed, so that a check can be held to it.
"""
