"""One protection as the text that makes it, the text without it, and the tests that must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """old stands exactly once in the file. tests: what pytest is given."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def applied_to(self, text: str) -> str:
        assert text.count(self.old) == 1, f"{self.name}: the text stands {text.count(self.old)} times in {self.file}"
        return text.replace(self.old, self.new)


def off(name: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    return Mutant(name, file, old, new, tests)
