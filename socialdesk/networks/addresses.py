"""Networks room: which internet addresses belong to everybody, and which to somebody's own network."""

from __future__ import annotations

import ipaddress
from typing import Final

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that wrap one of IPv4 (RFC 6052)."""


def is_public(place: str) -> bool:
    """Whether an IP address belongs to the public internet, also where it wraps one that does not."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast
