"""Pictures of where wood came from and went: what a graph is, how it is laid out, and its formats."""
