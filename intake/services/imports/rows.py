"""One row of cells as the data of one person, with what is wrong in the row itself. Pure.

Residence is never guessed. An arrival is not always an arrival: see `stay_dates`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cases.choices import FamilyRole, Sex
from cases.cpr import Cpr, CprError, parse_cpr
from cases.dates import DateError, parse_date
from cases.formats import age_on, doc_date
from cases.phones import PhoneError, parse_phone
from intake.services.imports.headings import FIELDS
from intake.services.imports.reasons import Reason, reason

ADULT_AGE = 18
# Longer before the visitation than this, an arrival is a slip of the pen (domain: the list of 2022).
LONGEST_BEFORE = timedelta(days=180)
LENGTHS = {
    "family_number": 40,
    "udl_nr": 20,
    "surname": 80,
    "given_names": 80,
    "cyrillic_name": 160,
    "citizenship": 60,
    "languages": 120,
}

ROLES = {
    FamilyRole.MAIN: "hp hovedperson hovedansøger ansøger",
    FamilyRole.SPOUSE: "æf ægtefælle samlever partner hustru mand kone",
    FamilyRole.CHILD: "barn børn b søn datter",
    FamilyRole.GRANDPARENT: "bedsteforælder bedstemor bedstefar mormor farmor morfar farfar",
    FamilyRole.OTHER: "anden an andenvoksen andenslægtning slægtning voksen søskende",
}
SEXES = {Sex.FEMALE: "k f kvinde female pige", Sex.MALE: "m mand male dreng"}
COUNTRIES = {
    "Ukraine": "ukr ua ukraine ukrainsk",
    "Rusland": "rus ru rusland russisk",
    "Belarus": "blr by belarus hviderusland",
    "Moldova": "mda md moldova",
    "Syrien": "syr sy syrien syrisk",
    "Afghanistan": "afg af afghanistan",
}


def _words(table: Mapping[str, str]) -> dict[str, str]:
    return {word: value for value, words in table.items() for word in words.split()}


ROLE_WORDS, SEX_WORDS, COUNTRY_WORDS = _words(ROLES), _words(SEXES), _words(COUNTRIES)
DATES = {
    "birth_date": "birth_date",
    "visitation_on": "visitation_date",
    "arrived_on": "arrival_date",
    "residence_from": "residence_date",
}


@dataclass(slots=True)
class Row:
    """arrived_on is the arrival as the list says it; `stay_dates` decides what it is for us."""

    number: int
    family_number: str = ""
    udl_nr: str = ""
    role: str = ""
    role_told: bool = False
    surname: str = ""
    given_names: str = ""
    cyrillic_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    citizenship: str = ""
    cpr: Cpr | None = None
    languages: str = ""
    phone: str = ""
    email: str = ""
    visitation_on: date | None = None
    arrived_on: date | None = None
    residence_from: date | None = None
    remark: str = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def errors(self) -> list[Reason]:
        return [found for found in self.reasons if found.is_error]

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.surname}".strip()

    @property
    def counted_on(self) -> date | None:
        """The day on which the row's age counts: arrival, else residence, else visitation."""
        return self.arrived_on or self.residence_from or self.visitation_on

    @property
    def is_adult(self) -> bool:
        """18 on that day; without a birth date, or a day, the role decides."""
        age = self.age
        return self.role != FamilyRole.CHILD if age is None else age >= ADULT_AGE

    @property
    def age(self) -> int | None:
        """Whole years on the day that counts; None while a date is missing or lies before the birth."""
        if self.birth_date is None or self.counted_on is None or self.counted_on < self.birth_date:
            return None
        return age_on(self.birth_date, self.counted_on)

    def note(self, code: str, **values) -> None:
        self.reasons.append(reason(code, **values))


def read_row(number: int, cells: Sequence[str], fields: Mapping[int, str], *, today: date) -> Row:
    """The row's own data and the reasons that need no other row and no database."""
    texts = {name: cells[index] for index, name in fields.items() if index < len(cells) and cells[index]}
    row = Row(number)
    _read_keys(row, texts)
    _read_names(row, texts)
    for name, code in DATES.items():
        setattr(row, name, _date(row, texts.get(name, ""), code, today=today, past=name == "birth_date"))
    _read_words(row, texts)
    _read_contact(row, texts, today=today)
    row.remark = texts.get("remark", "")
    for name, longest in LENGTHS.items():
        if len(getattr(row, name)) > longest:
            row.note("text_too_long", field=FIELDS[name])
            setattr(row, name, getattr(row, name)[:longest])  # the row is rejected; its texts still name the family
    _check_dates(row, today=today)
    _check_person(row)
    return row


def _read_keys(row: Row, texts: Mapping[str, str]) -> None:
    row.family_number = texts.get("family_number", "").upper()
    written = texts.get("udl_nr", "").upper()
    digits = re.sub(r"[.\s]", "", written)
    row.udl_nr = f"{digits[:2]}.{digits[2:5]}.{digits[5:]}" if re.fullmatch(r"[0-9]{8}", digits) else written
    if not row.family_number:
        row.note("family_number_missing")
    if not row.udl_nr:
        row.note("person_number_missing")


def _read_names(row: Row, texts: Mapping[str, str]) -> None:
    surname, given = texts.get("surname", ""), texts.get("given_names", "")
    if not (surname or given) and "full_name" in texts:
        surname, given = split_name(texts["full_name"])
    row.surname, row.given_names = as_name(surname), as_name(given)
    row.cyrillic_name = texts.get("cyrillic_name", "")
    if not row.full_name:
        row.note("name_missing")
    elif not row.given_names:
        row.note("given_name_missing")


def split_name(text: str) -> tuple[str, str]:
    """(surname, given names) of "Kovalenko, Olena" and of "Olena Petrivna Kovalenko"."""
    if "," in text:
        surname, _comma, given = text.partition(",")
        return surname.strip(), given.strip()
    given, _blank, surname = text.rpartition(" ")
    return (surname, given) if given else ("", surname)


def as_name(text: str) -> str:
    """A name in all capitals or all small letters gets capitals; any other spelling is the family's own."""
    if text.isupper() or text.islower():
        return re.sub(r"(?<![\w'’ʼ])\w", lambda first: first[0].upper(), text.lower())
    return text


def _date(row: Row, text: str, code: str, *, today: date, past: bool) -> date | None:
    if not text:
        return None
    # A number cell drops the leading zero of 05041988.
    digits = text.zfill(8) if re.fullmatch(r"[0-9]{7}", text) else text
    try:
        return parse_date(digits, today=today, past=past)
    except DateError as error:
        why = {"impossible": "impossible", "in_future": "ahead"}.get(error.code, "unreadable")
        row.note(f"{code}_{why}", text=text[:30])
        return None


def _read_words(row: Row, texts: Mapping[str, str]) -> None:
    row.role = _choice(row, texts.get("role", ""), ROLE_WORDS, "role_unknown")
    row.role_told = bool(row.role)
    row.sex = _choice(row, texts.get("sex", ""), SEX_WORDS, "sex_unknown")
    citizenship = texts.get("citizenship", "")
    row.citizenship = COUNTRY_WORDS.get(citizenship.casefold(), citizenship)
    spoken = re.split(r"\s*[,;/+&]\s*|\s+og\s+", texts.get("languages", "").lower())
    row.languages = ", ".join(dict.fromkeys(word for word in spoken if word))


def _choice(row: Row, text: str, words: Mapping[str, str], unknown: str) -> str:
    key = re.sub(r"[^\w]", "", text.casefold())
    if text and key not in words:
        row.note(unknown)
    return str(words.get(key, ""))


def _read_contact(row: Row, texts: Mapping[str, str], *, today: date) -> None:
    def attempt(name: str, parse: Callable[[str], object], empty):
        try:
            return parse(texts[name]) if name in texts else empty
        except (CprError, PhoneError, ValidationError):
            row.note(f"{name}_unreadable")
            return empty

    def cpr(text: str) -> Cpr:
        # A number cell drops the leading zero of a CPR number too.
        return parse_cpr(text.zfill(10) if re.fullmatch(r"[0-9]{9}", text) else text, today=today)

    def email(text: str) -> str:
        validate_email(text)
        return text

    row.cpr = attempt("cpr", cpr, None)
    row.phone = attempt("phone", parse_phone, "")
    row.email = attempt("email", email, "")


def _check_dates(row: Row, *, today: date) -> None:
    known = [day for day in (row.visitation_on, row.arrived_on, row.residence_from) if day]
    if row.birth_date and any(day < row.birth_date for day in known):
        row.note("dates_before_birth")
    if row.visitation_on and row.visitation_on > today:
        row.note("visitation_date_ahead", text=doc_date(row.visitation_on))
    if row.visitation_on and row.arrived_on and row.arrived_on < row.visitation_on:
        long_before = row.visitation_on - row.arrived_on > LONGEST_BEFORE
        code = "arrival_long_before_visitation" if long_before else "arrived_before_visitation"
        row.note(code, arrival=doc_date(row.arrived_on))
    if row.residence_from and row.arrived_on and row.residence_from < row.arrived_on:
        row.note("residence_before_arrival")


def _check_person(row: Row) -> None:
    """Without a role the age decides it. CPR numbers warn, they don't decide."""
    if not row.role:
        row.role = FamilyRole.CHILD if row.age is not None and row.age < ADULT_AGE else FamilyRole.OTHER
    elif row.age is not None:
        if row.role == FamilyRole.CHILD and row.is_adult:
            row.note("adult_on_arrival")
        elif row.role in (FamilyRole.OTHER, FamilyRole.SPOUSE, FamilyRole.GRANDPARENT) and not row.is_adult:
            row.note("child_on_arrival")
    if row.cpr and row.birth_date and row.cpr.birth_date != row.birth_date:
        row.note("cpr_date_differs")
    if row.cpr and row.sex and row.cpr.female != (row.sex == Sex.FEMALE):
        row.note("cpr_sex_differs")


def note_missing(row: Row, *, today: date) -> None:
    """What a new person lacks: it holds no row back, but the page says which clocks wait."""
    for name, code in (
        ("birth_date", "birth_date_missing"),
        ("visitation_on", "visitation_missing"),
        ("arrived_on", "arrival_missing"),
    ):
        if getattr(row, name) is None:
            row.note(code)
    if row.arrived_on and row.arrived_on > today:
        row.note("arrival_ahead", date=doc_date(row.arrived_on))
    if row.residence_from is None:
        row.note("residence_missing")
    elif row.residence_from > today and not (row.arrived_on and row.arrived_on > today):
        row.note("residence_ahead", date=doc_date(row.residence_from))


def stay_dates(row: Row, *, today: date) -> dict[str, date]:
    """The dates of the stay that the row tells, without empty ones.

    An arrival before the visitation is "staying since": the person lives here but was not sent here yet.
    An arrival after today is "expected"; a residence after today is not taken yet.
    """
    dates = {"visitation_on": row.visitation_on}
    if row.arrived_on:
        before = row.visitation_on is not None and row.arrived_on < row.visitation_on
        ahead = row.arrived_on > today
        dates["staying_since" if before else "expected_on" if ahead else "arrived_on"] = row.arrived_on
    if row.residence_from and row.residence_from <= today:
        dates["residence_from"] = row.residence_from
    return {name: day for name, day in dates.items() if day}
