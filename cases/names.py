"""Names across alphabets: a key that is the same for Київ, Kyiv and Kiev, and a test of likeness. Pure.

Danish keyboards, Ukrainian passports and Russian spellings give one name many forms. The key is for
searching and comparing, never for showing. It errs on the side of finding too much.
"""

import re
import unicodedata

# Ukrainian and Russian letters to the Latin sounds that the rules below bring together.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "ё": "e", "ъ": "", "ы": "i", "э": "e",
}  # fmt: skip
_LETTERS = str.maketrans({**_CYRILLIC, "æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ß": "ss", "ł": "l"})
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʹ\"")
_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b[ijy]e", "e"),  # Yevhen, Ievgen, Evgeny
        (r"[jy]", "i"),  # Yuliia, Julia
        (r"x", "ks"),  # Maxim, Maksym
        (r"kh|h", "g"),  # Mykhailo, Mikhail; Halyna, Galina
        (r"ck|c(?!g)|q", "k"),  # Viktor, Victor
        (r"w", "v"),
        (r"tz", "ts"),
        (r"(?:ie|ei)", "i"),  # Kiev, Kyiv; Andrei, Andrii
        (r"(.)\1+", r"\1"),
        (r"\b[ea]le", "ole"),  # Olena, Elena, Alena; Oleksandr, Aleksandr
    )
)

# First names whose Ukrainian, Russian and western forms are too far apart for the rules; keys are folded.
_SAME = {
    "ana": "gana",
    "dmitri": "dmitro",
    "ekaterina": "katerina",
    "katarina": "katerina",
    "liudmila": "ludmila",
    "nikolai": "mikola",
    "pavel": "pavlo",
    "petr": "petro",
    "piotr": "petro",
    "svetlana": "svitlana",
    "tatiana": "tetiana",
    "vera": "vira",
    "vladimir": "volodimir",
    "nadezgda": "nadia",
}
_SHORTEST_FOR_SLIP = 5


def fold(name: str) -> str:
    """The key of a name: lower-case ASCII words, alike for the spellings of the three alphabets."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES).translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def similar(a: str, b: str) -> bool:
    """Whether the names may be one person's: every word of the shorter one has its like in the longer.

    Order, patronymics, case endings of surnames (-skyi, -ska; -ov, -ova) and one slip of the pen don't count.
    """
    one, other = sorted(([_stem(word) for word in fold(name).split()] for name in (a, b)), key=len)
    if not one:
        return False
    left = list(other)
    for word in one:
        like = next((candidate for candidate in left if _alike(word, candidate)), None)
        if like is None:
            return False
        left.remove(like)
    return True


def _stem(word: str) -> str:
    word = _SAME.get(word, word)
    word = re.sub(r"sk(?:aia|ia|a|ii)$", "ski", word)
    return re.sub(r"(?<=.{2})([oe]v)a$", r"\1", word)


def _alike(a: str, b: str) -> bool:
    if a == b:
        return True
    return min(len(a), len(b)) >= _SHORTEST_FOR_SLIP and _one_slip(a, b)


def _one_slip(a: str, b: str) -> bool:
    """One letter more, less or other, or two neighbours changed about."""
    if abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    start = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    swapped = short[start + 1 : start + 2] + short[start : start + 1]
    return short[start + 2 :] == long[start + 2 :] and swapped == long[start : start + 2]
