"""Placeholders in sentences: `{name}`. Pure functions."""

import re
from functools import cache

SLOT = re.compile(r"\{([^{}]*)\}")


def slots_of(text: str) -> frozenset[str]:
    """The names between braces; what is between braces and no name is one too, so that a check can refuse it."""
    return frozenset(SLOT.findall(text))


def stray_braces(text: str) -> bool:
    return bool(set(SLOT.sub("", text)) & set("{}"))


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled. A value is text, never a format: braces in it stand as they are."""
    return SLOT.sub(lambda found: str(values.get(found[1], found[0])), text)


def unfill(text: str, filled: str) -> dict[str, str] | None:
    """The values that make `filled` out of the text; None when no values do."""
    if "{" not in text:
        return {} if text == filled else None
    found = _pattern(text).fullmatch(filled)
    return found.groupdict() if found else None


@cache
def _pattern(text: str) -> re.Pattern:
    parts, at = [], 0
    for found in SLOT.finditer(text):
        parts += [re.escape(text[at : found.start()]), f"(?P<{found[1]}>.+?)"]
        at = found.end()
    return re.compile("".join([*parts, re.escape(text[at:])]), re.DOTALL)
