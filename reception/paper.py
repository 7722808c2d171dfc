"""What Min plan says on paper, in Danish, Ukrainian and English. Pure words; the pages use gettext instead.

The Ukrainian is written for this product and waits for a translator's approval (ux §4.6). The reader is addressed
with Ви. Free text is printed as it was typed and marked as not translated.
"""

from dataclasses import dataclass
from typing import NamedTuple

from cases.formats import doc_date


class Words(NamedTuple):
    da: str
    uk: str
    en: str


LANGUAGES = ("da", "uk", "en", "da+uk", "da+en")
TITLE = Words("Min plan", "Мій план", "My plan")
LABELS = {
    "born": Words("Født", "Дата народження", "Date of birth"),
    "arrived": Words("Ankomst til kommunen", "Дата прибуття", "Arrival in the municipality"),
    "language": Words("Sprog", "Мова", "Language"),
    "caseworker": Words("Din sagsbehandler", "Ваш спеціаліст у муніципалітеті", "Your caseworker"),
    "phone": Words("Telefon", "Телефон", "Phone"),
    "goal": Words("Mit mål", "Моя мета", "My goal"),
    "what": Words("Det skal ske", "Що робимо", "What happens"),
    "area": Words("Område", "Напрям", "Area"),
    "activity": Words("Aktivitet", "Що робимо", "Activity"),
    "before": Words("Senest", "Не пізніше", "No later than"),
    "who": Words("Hvem gør det", "Хто це робить", "Who does it"),
    "not_translated": Words("Ikke oversat", "Не перекладено", "Not translated"),
    "case": Words("Sag", "Справа", "Case"),
    "version": Words("version", "версія", "version"),
    "draft": Words("Udkast", "Чернетка", "Draft"),
    "handed_over": Words("Gennemgået og udleveret", "Обговорено та видано", "Gone through and handed over"),
    "signature": Words("Dato og underskrift", "Дата і підпис", "Date and signature"),
    "nothing": Words(
        "Der er ikke skrevet noget endnu.", "Поки що нічого не записано.", "Nothing has been written yet."
    ),
    "change": Words(
        "Du kan altid bede om at få planen ændret. Vi bestiller tolk til samtaler om planen, hvis du har brug for det.",
        "Ви завжди можете попросити змінити план. За потреби ми замовимо перекладача на зустріч щодо плану.",
        "You can always ask us to change the plan. We book an interpreter for talks about the plan if you need one.",
    ),
}
AREAS = {
    "reception": Words("Modtagelse", "Перші кроки після прибуття", "First steps after arrival"),
    "housing": Words("Bolig", "Житло", "Housing"),
    "employment": Words("Selvforsørgelse", "Робота і самозабезпечення", "Work and self-support"),
    "schooling": Words("Leg og læring", "Гра і навчання", "Play and learning"),
    "health": Words("Sundhed og trivsel", "Здоров’я та благополуччя", "Health and well-being"),
    "volunteers": Words("Lokalsamfund", "Місцева громада", "Local community"),
}
RESPONSIBLE = {
    "Du": Words("Du", "Ви", "You"),
    "Jobberiet": Words("Jobberiet", "Jobberiet", "Jobberiet"),
    "Du og Jobberiet": Words("Du og Jobberiet", "Ви та Jobberiet", "You and Jobberiet"),
    "Borgerservice": Words("Borgerservice", "Borgerservice", "Citizen Service"),
    "Skolen": Words("Skolen", "Школа", "The school"),
    "Sprogskolen": Words("Sprogskolen", "Мовна школа", "The language school"),
    "Pladsanvisningen": Words("Pladsanvisningen", "Відділ дитячих садків", "The day-care office"),
    "Sundhedsplejersken": Words("Sundhedsplejersken", "Патронажна медсестра", "The health visitor"),
    "De frivillige": Words("De frivillige", "Волонтери", "The volunteers"),
}
SPOKEN = {
    "dansk": Words("Dansk", "данська", "Danish"),
    "ukrainsk": Words("Ukrainsk", "українська", "Ukrainian"),
    "russisk": Words("Russisk", "російська", "Russian"),
    "engelsk": Words("Engelsk", "англійська", "English"),
}


@dataclass(frozen=True, slots=True)
class Activity:
    """What an open deadline becomes in the citizen's plan. of_child: `{name}` is the child's."""

    area: str
    responsible: str
    da: str
    uk: str
    en: str
    of_child: bool = False


ACTIVITIES = {
    "reception.cpr": Activity(
        "reception", "Borgerservice", "Du får et CPR-nummer.", "Ви отримуєте номер CPR.", "You get a CPR number."
    ),
    "reception.population_register": Activity(
        "reception",
        "Borgerservice",
        "Du bliver tilmeldt folkeregistret.",
        "Вас реєструють у реєстрі населення.",
        "You are entered in the population register.",
    ),
    "reception.gp": Activity(
        "reception",
        "Borgerservice",
        "Du får en praktiserende læge.",
        "Вам надають сімейного лікаря.",
        "You get a family doctor.",
    ),
    "reception.tax_card": Activity(
        "reception", "Du", "Du får et skattekort.", "Ви отримуєте податкову картку.", "You get a tax card."
    ),
    "reception.bank_account": Activity(
        "reception",
        "Du",
        "Du opretter en bankkonto og vælger den som NemKonto.",
        "Ви відкриваєте банківський рахунок і робите його рахунком NemKonto.",
        "You open a bank account and choose it as your NemKonto.",
    ),
    "reception.contract": Activity(
        "reception",
        "Du og Jobberiet",
        "Du og kommunen underskriver kontrakten.",
        "Ви та муніципалітет підписуєте договір.",
        "You and the municipality sign the contract.",
    ),
    "reception.support_rules": Activity(
        "reception",
        "Jobberiet",
        "Vi fortæller dig om reglerne for forsørgelse.",
        "Ми розповідаємо Вам про правила матеріального забезпечення.",
        "We tell you about the rules on financial support.",
    ),
    "reception.practical_guidance": Activity(
        "reception",
        "Jobberiet",
        "Vi hjælper dig med praktiske spørgsmål.",
        "Ми допомагаємо Вам із практичними питаннями.",
        "We help you with practical questions.",
    ),
    "housing.temporary_offer": Activity(
        "housing",
        "Jobberiet",
        "Vi tilbyder en midlertidig bolig.",
        "Ми пропонуємо Вам тимчасове житло.",
        "We offer you temporary housing.",
    ),
    "housing.next_home": Activity(
        "housing",
        "Jobberiet",
        "Vi finder den næste bolig sammen.",
        "Разом ми шукаємо наступне житло.",
        "Together we find your next home.",
    ),
    "employment.competences": Activity(
        "employment",
        "Du og Jobberiet",
        "Vi beskriver sammen din uddannelse og erfaring.",
        "Разом ми описуємо Вашу освіту та досвід роботи.",
        "Together we describe your education and experience.",
    ),
    "employment.referral": Activity(
        "employment",
        "Jobberiet",
        "Du bliver henvist til et job eller til en virksomhed.",
        "Вас направляють на роботу або на підприємство.",
        "You are referred to a job or to a company.",
    ),
    "schooling.language_offer": Activity(
        "schooling",
        "Jobberiet",
        "Du får tilbud om sprogskole.",
        "Вам пропонують навчання в мовній школі.",
        "You are offered a place at the language school.",
    ),
    "schooling.language_referral": Activity(
        "schooling",
        "Jobberiet",
        "Du bliver henvist til danskuddannelse.",
        "Вас направляють на курси данської мови.",
        "You are referred to Danish courses.",
    ),
    "schooling.school_offer": Activity(
        "schooling",
        "Skolen",
        "{name} får tilbud om skole.",
        "{name}: пропозиція місця в школі.",
        "{name} is offered a place at school.",
        of_child=True,
    ),
    "schooling.daycare_offer": Activity(
        "schooling",
        "Pladsanvisningen",
        "{name} får tilbud om dagtilbud.",
        "{name}: пропозиція місця в дитячому садку.",
        "{name} is offered a place in day care.",
        of_child=True,
    ),
    "health.need_assessed": Activity(
        "health",
        "Jobberiet",
        "Vi taler om, hvilke sundhedstilbud der findes.",
        "Ми говоримо про те, які є медичні послуги.",
        "We talk about which health services there are.",
    ),
    "volunteers.introduction": Activity(
        "volunteers",
        "De frivillige",
        "Vi præsenterer de frivillige organisationer.",
        "Ми знайомимо Вас із волонтерськими організаціями.",
        "We introduce the volunteer organisations.",
    ),
    "volunteers.contact_person": Activity(
        "volunteers",
        "De frivillige",
        "Vi finder en frivillig kontaktperson.",
        "Ми шукаємо для Вас контактну особу (волонтера).",
        "We find a volunteer contact person for you.",
    ),
    "volunteers.leisure_introduction": Activity(
        "volunteers",
        "De frivillige",
        "Vi fortæller om fritidsaktiviteter og foreninger.",
        "Ми розповідаємо про дозвілля та гуртки.",
        "We tell you about leisure activities and associations.",
    ),
}


class Piece(NamedTuple):
    """A text with its language, for the lang attribute. translated False: printed as typed."""

    lang: str
    text: str
    translated: bool = True


def spoken_language(text: str) -> str:
    """The lang of typed text: Ukrainian where most letters are Cyrillic, else Danish."""
    letters = [char for char in text if char.isalpha()]
    cyrillic = sum("Ѐ" <= char <= "ӿ" for char in letters)
    return "uk" if letters and cyrillic * 2 > len(letters) else "da"


def fixed(words: Words, languages: list[str]) -> list[Piece]:
    """The words in these languages, the same word only once."""
    found: dict[str, Piece] = {}
    for lang in languages:
        text = getattr(words, lang)
        found.setdefault(text, Piece(lang, text))
    return list(found.values())


def typed(text: str) -> list[Piece]:
    return [Piece(spoken_language(text), text, translated=False)]


def marks(piece: Piece, languages: list[str]) -> list[Piece]:
    """The mark "not translated" in each language of the paper that the typed text is not in."""
    return [Piece(lang, getattr(LABELS["not_translated"], lang)) for lang in languages if lang != piece.lang]


def known_or_typed(text: str, table: dict[str, Words], languages: list[str]) -> list[Piece]:
    """Names that we know in all languages are translated; everything else stays as it is."""
    words = table.get(text)
    return fixed(words, languages) if words else [Piece(spoken_language(text), text)]


def activity_pieces(text: str, rule: str, name: str, languages: list[str]) -> list[Piece]:
    """A proposed sentence that nobody changed is printed in each language; a changed one as typed."""
    activity = ACTIVITIES.get(rule)
    if activity is None or text != activity.da.format(name=name):
        return typed(text)
    return [Piece(lang, getattr(activity, lang).format(name=name)) for lang in languages]


class Cell(NamedTuple):
    """One cell of the table: a text in its language, or the mark that it is not translated, or both."""

    lang: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, with a cell per language of the paper."""

    cells: list[Cell]
    on: str
    who: list[Piece]
    contact: str


@dataclass(frozen=True, slots=True)
class Group:
    title: list[Piece]
    rows: list[Row]


def cells(pieces: list[Piece], languages: list[str]) -> list[Cell]:
    """A translated sentence fills every column; a typed one stands in its own language's, the others say so."""
    if all(piece.translated for piece in pieces):
        return [Cell(piece.lang, piece.text) for piece in pieces]
    piece = pieces[0]
    column = piece.lang if piece.lang in languages else languages[0]
    found = []
    for lang in languages:
        mark = "" if lang == piece.lang else getattr(LABELS["not_translated"], lang)
        found.append(Cell(piece.lang, piece.text, mark) if lang == column else Cell(lang, "", mark))
    return found


def row(line, name: str, languages: list[str]) -> Row:
    """line: anything with text, rule, on, responsible and contact."""
    return Row(
        cells=cells(activity_pieces(line.text, line.rule, name, languages), languages),
        on=doc_date(line.on) if line.on else "",
        who=known_or_typed(line.responsible, RESPONSIBLE, languages) if line.responsible else [],
        contact=line.contact,
    )


def groups(lines, names: dict[int, str], languages: list[str]) -> list[Group]:
    """The lines by the six areas, in the paper's order. names: children's short names by id."""
    found = []
    for area, title in AREAS.items():
        rows = [row(line, names.get(line.about_id, ""), languages) for line in lines if line.area == area]
        if rows:
            found.append(Group(fixed(title, languages), rows))
    return found


def spoken(text: str, languages: list[str]) -> list[Piece]:
    """The person's languages; one that we know is written in each language of the paper."""
    words = SPOKEN.get(text.strip().lower())
    return fixed(words, languages) if words else ([Piece("da", text)] if text else [])
