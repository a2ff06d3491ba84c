"""Print one of README.md's plain code blocks: `readme_block.py README.md 2` prints the second."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PLAIN_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A fence without a language: what is to be pasted into a shell as it stands."""


def plain_blocks(markdown: str) -> list[str]:
    """The contents of the plain code blocks, in order, without their last line break."""
    tagged = re.sub(r"^```[^\n`]+\n.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    return [block.rstrip("\n") for block in PLAIN_BLOCK.findall(tagged)]


if __name__ == "__main__":
    path, number = sys.argv[1:]
    print(plain_blocks(Path(path).read_text(encoding="utf-8"))[int(number) - 1])
