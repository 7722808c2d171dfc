"""Invented people. Their CPR numbers have day + 60, a form never given to anybody as an ordinary number."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

WOMEN = (
    "Olena",
    "Iryna",
    "Nadiia",
    "Oksana",
    "Tetiana",
    "Svitlana",
    "Halyna",
    "Kateryna",
    "Viktoriia",
    "Anastasiia",
    "Larysa",
    "Yuliia",
    "Mariia",
    "Liudmyla",
)
MEN = ("Andrii", "Dmytro", "Mykola", "Serhii", "Yurii", "Oleksandr", "Vitalii", "Ihor", "Bohdan", "Roman")
GIRLS = ("Daryna", "Sofiia", "Polina", "Zlata", "Yeva", "Milana", "Solomiia")
BOYS = ("Artem", "Maksym", "Danylo", "Nazar", "Tymofii", "Matvii", "Ostap")
SURNAMES = (
    "Kovalenko",
    "Shevchenko",
    "Bondarenko",
    "Melnyk",
    "Tkachenko",
    "Kravchenko",
    "Polishchuk",
    "Hrytsenko",
    "Savchenko",
    "Rudenko",
    "Marchenko",
    "Lysenko",
    "Moroz",
    "Oliinyk",
    "Petrenko",
    "Klymenko",
    "Panchenko",
    "Vasylenko",
    "Zinchenko",
    "Didenko",
    "Yurchenko",
    "Nazarenko",
    "Fedorenko",
    "Levchenko",
)
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Invented:
    """One made-up member of a family."""

    given_names: str
    surname: str
    role: str
    sex: str
    birth_date: date

    def fields(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}


def born(rng: Random, today: date, youngest: float, oldest: float) -> date:
    """A birth date of somebody of that age in years, never 1 January."""
    day = today - timedelta(days=int(rng.uniform(youngest, oldest) * YEAR))
    return day + timedelta(days=1) if (day.month, day.day) == (1, 1) else day


def a_name(rng: Random, names: tuple[str, ...], people: list[Invented]) -> str:
    """One that nobody in the family has yet, so that lines about them can be told apart."""
    return rng.choice([name for name in names if name not in {person.given_names for person in people}])


def a_household(rng: Random, surname: str, today: date) -> list[Invented]:
    """A mother with children, a couple, grandparents or somebody alone, in the shares seen in 2022."""
    woman = Invented(rng.choice(WOMEN), surname, "main", "f", born(rng, today, 24, 46))
    people = [woman]
    if rng.random() < 0.35:
        people.append(Invented(rng.choice(MEN), surname, "spouse", "m", born(rng, today, 26, 52)))
    for _child in range(rng.choice((0, 1, 1, 2, 2, 3))):
        girl = rng.random() < 0.5
        name = a_name(rng, GIRLS if girl else BOYS, people)
        people.append(Invented(name, surname, "child", "f" if girl else "m", born(rng, today, 0.8, 17)))
    if rng.random() < 0.25:
        name = a_name(rng, WOMEN, people)
        people.append(Invented(name, rng.choice(SURNAMES), "grandparent", "f", born(rng, today, 58, 74)))
    return people


def safe_cpr(rng: Random, person: Invented) -> str:
    """A replacement number: the day of birth + 60, the century by the seventh digit, the sex by the last."""
    seventh = rng.choice("0123") if person.birth_date.year < 2000 else "4"
    last = rng.choice("13579" if person.sex == "m" else "02468")
    return f"{person.birth_date.day + 60:02d}{person.birth_date:%m%y}{seventh}{rng.randrange(100):02d}{last}"
