"""Keys made of the seed and a name, so that a region's bytes are the same every time. Never for real use."""

from __future__ import annotations

import hashlib

from biotrace.chain.keys import DeviceKey

ROOT, DEVICE, LOG = "root", "device", "log"
"""Keys of the operator, by the files that hold them in its workspace."""


def device_key(seed: int, name: str) -> DeviceKey:
    """The key of that name in the region of that seed."""
    return DeviceKey.generate(hashlib.sha256(f"biotrace bench region {seed} key {name}".encode()).digest())
