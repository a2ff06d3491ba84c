"""The policy folder as bytes: which files belong to it, and the one hash that names this version of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

SUFFIXES = (".yaml", ".yml")


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Name (`playbooks/praise.yaml`) and path of every policy file, sorted; hidden ones do not count."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.suffix in SUFFIXES and not any(part.startswith(".") for part in name.split("/")):
            yield name, file


def last_touched(folder: Path) -> float:
    """When a policy file was last written, added or taken away, in seconds since 1970; 0 where nothing is."""
    latest = 0.0
    for path in {
        folder,
        *(file for _, file in files_of(folder)),
        *(file.parent for _, file in files_of(folder)),
    }:
        with suppress(OSError):  # taken away this moment
            latest = max(latest, path.stat().st_mtime)
    return latest


def hash_of(files: Mapping[str, bytes]) -> str:
    """The SHA-256, in hexadecimal, over the sorted names and bytes of all policy files."""
    digest = hashlib.sha256()
    for name, body in sorted(files.items()):
        digest.update(f"{len(name.encode())} {name} {len(body)} ".encode())
        digest.update(body)
    return digest.hexdigest()


def fingerprint(folder: Path) -> str | None:
    """The hash that the folder's policy would have; None where the folder or a file cannot be read."""
    try:
        files = {name: file.read_bytes() for name, file in files_of(folder)}
    except OSError:
        return None
    return hash_of(files) if files else None
