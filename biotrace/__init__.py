"""biotrace: signed, hash-linked certificates of origin for woody biomass in Japan.

The parts and who may import whom: ``model`` (values) <- ``chain`` (bytes and proofs) and ``verify``
(judgement) <- ``store`` and ``documents`` (database, paper) <- ``services`` (use cases) <- ``cli``.
"""

__version__ = "0.1.0"
