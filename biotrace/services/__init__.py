"""Use cases. The only place that joins model, chain, verify, store and documents."""
