"""What a municipality has before the first family comes: staff, towns, dwellings, hosts, volunteers."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from accounts.models import RoleGrant, Team, User
from accounts.roles import ROLES
from cases.models import Locality
from housing.models import Dwelling, Host
from housing.services import add_dwelling, add_host
from volunteers.models import Activity, Ages, Certificate, Volunteer
from volunteers.services.register import save_volunteer

PASSWORD = settings.DEMO_PASSWORD  # printed at every demo start, not set outside DEMO
STAFF = (
    ("mette", "Mette", "Lindholm", "caseworker"),
    ("jonas", "Jonas", "Friis", "caseworker"),
    ("karen", "Karen", "Sloth", "volunteer_coordinator"),
    ("bo", "Bo", "Lykkegaard", "housing_officer"),
    ("signe", "Signe", "Dam", "employment_consultant"),
    ("nadia", "Nadia", "Holm", "health_visitor"),
    ("lars", "Lars", "Krogh", "manager"),
    ("ulla", "Ulla", "Brandt", "finance"),
    ("anne", "Anne", "Winther", "administrator"),
    ("rikke", "Rikke", "Bang", "auditor"),
)
TOWNS = (("Lillerød", "3450"), ("Lynge", "3540"), ("Blovstrød", "3450"))
HOMES = (
    ("Rønneholt", "4", "st.", "th.", 0, 4),
    ("Rønneholt", "4", "1.", "tv.", 0, 5),
    ("Skovvænget", "12", "1.", "tv.", 1, 6),
    ("Skovvænget", "14", "", "", 1, 5),
    ("Engbakken", "3", "", "", 2, 4),
    ("Engbakken", "5", "", "", 2, 6),
    ("Kratvej", "21", "2.", "mf.", 0, 3),
    ("Mosehøj", "8", "", "", 1, 8),
    ("Mosehøj", "10", "", "", 1, 5),
    ("Kratvej", "23", "st.", "tv.", 0, 4),
    ("Kratvej", "23", "1.", "th.", 0, 6),
    ("Engbakken", "7", "", "", 2, 5),
    ("Skovvænget", "16", "", "", 1, 4),
    ("Rønneholt", "6", "st.", "tv.", 0, 6),
    ("Rønneholt", "6", "1.", "tv.", 0, 5),
    ("Lyngtoften", "2", "", "", 1, 7),
    ("Lyngtoften", "4", "", "", 1, 4),
    ("Birkehaven", "11", "2.", "th.", 2, 5),
    ("Birkehaven", "13", "", "", 2, 6),
)
HOSTS = (("Inger Bagge", "48110011", 1, 3), ("Poul Rask", "48110012", 2, 2), ("Bente Holm", "48110013", 0, 4))
# name, organisation, languages, town, families, interests, children's ages, børneattest
SMALL, SCHOOL, YOUTH = Ages.values
VOLUNTEERS = (
    ("Birgit Thomsen", "FIA", "dansk, russisk", 1, 2, "sport, madlavning", [SCHOOL], Certificate.CLEARED),
    ("Ole Vestergaard", "FIA", "dansk, engelsk", 0, 1, "cykling, lektier", [SCHOOL, YOUTH], Certificate.CLEARED),
    ("Lone Bay", "Dansk Røde Kors", "dansk, engelsk", 2, 2, "strik, haven", [], Certificate.CLEARED),
    ("Nina Høgh", "Dansk Røde Kors", "dansk, ukrainsk", 0, 2, "musik, madlavning", [SMALL], Certificate.CLEARED),
    ("Torben Lykke", "Menighedshuset", "dansk, tysk", 1, 1, "skak, fodbold", [YOUTH], Certificate.CLEARED),
    ("Susanne Krag", "FOMA", "dansk, engelsk", 1, 2, "svømning, sprog", [SCHOOL], Certificate.CLEARED),
    ("Hanne Lund", "Dansk Røde Kors", "dansk, engelsk, ukrainsk", 0, 2, "sprog, lektier", [SCHOOL, YOUTH],
     Certificate.CLEARED),
    ("Jens Kjær", "FIA", "dansk, engelsk", 0, 1, "fodbold, cykling", [SCHOOL], Certificate.REQUIRED),
)  # fmt: skip
# name, organiser, town, ages, season, price
ACTIVITIES = (
    ("Håndbold for børn", "Allerød Idrætsklub", 0, (6, 12), "winter", 650),
    ("Svømning for begyndere", "Svømmeklubben", 0, (5, 14), "all_year", 900),
    ("Fodbold", "Lynge Boldklub", 1, (5, 18), "all_year", 800),
    ("Spejder", "Blovstrød Spejdergruppe", 2, (6, 16), "all_year", 500),
    ("Sprogcafé", "Biblioteket", 0, (16, None), "all_year", 0),
    ("Fællesspisning", "Menighedshuset", 1, (None, None), "all_year", 30),
)


def demo_logins() -> list[dict]:
    """For the log-in page: one button per invented colleague, in DEMO mode only."""
    if not settings.DEMO:
        return []
    return [
        {"username": username, "password": PASSWORD, "name": f"{first} {last}", "role": ROLES[role].label}
        for username, first, last, role in STAFF
    ]


@dataclass(frozen=True, slots=True)
class House:
    team: Team
    caseworkers: list[User]
    coordinator: User
    manager: User
    towns: list[Locality]
    homes: list[Dwelling]
    hosts: list[Host]
    volunteers: list[Volunteer]
    helpers: dict[str, User]


def build(today: date) -> House:
    """Idempotent: what is there already is used. Log-ins exist in DEMO mode only."""
    team, _new = Team.objects.get_or_create(name="Jobberiet", defaults={"phone": "+4548110100"})
    staff = {username: _user(username, first, last, role, team) for username, first, last, role in STAFF}
    team.manager, team.coordinator = staff["lars"], staff["karen"]
    team.save(update_fields=["manager", "coordinator"])
    towns = [Locality.objects.get_or_create(name=name, defaults={"postal_code": code})[0] for name, code in TOWNS]
    by = staff["lars"]
    homes = [home(row, towns, by) for row in HOMES]
    hosts = [
        Host.objects.filter(name=n).first() or add_host(by=by, name=n, phone=p, locality=towns[t], places=k)
        for n, p, t, k in HOSTS
    ]
    volunteers = [volunteer(row, towns, today) for row in VOLUNTEERS]
    for row in ACTIVITIES:
        _activity(row, towns)
    helpers = {"Bolig": staff["bo"], "Job og sprog": staff["signe"], "Sundhed": staff["nadia"]}
    return House(team, [staff["mette"], staff["jonas"]], staff["karen"], by, towns, homes, hosts, volunteers, helpers)


def _user(username: str, first: str, last: str, role: str, team: Team) -> User:
    user, is_new = User.objects.get_or_create(
        username=username,
        defaults={"first_name": first, "last_name": last, "email": f"{username}@example.dk", "team": team},
    )
    if is_new:
        user.set_password(PASSWORD if settings.DEMO else None)
        user.save(update_fields=["password"])
        RoleGrant.objects.create(user=user, role=role)
    return user


def home(row: tuple, towns: list[Locality], by: User) -> Dwelling:
    street, number, floor, door, town, places = row
    address = {
        "street": street,
        "house_number": number,
        "floor": floor,
        "door": door,
        "postal_code": towns[town].postal_code,
    }
    found = Dwelling.objects.filter(**address).first()
    return found or add_dwelling(by=by, **address, city="Allerød", locality=towns[town], places=places)


def volunteer(row: tuple, towns: list[Locality], today: date, *, signed: int = 200) -> Volunteer:
    """signed: days ago."""
    name, organisation, languages, town, capacity, interests, ages, certificate = row
    if found := Volunteer.objects.filter(name=name).first():
        return found
    assessed = today - timedelta(days=signed)
    made = Volunteer(
        name=name,
        languages=languages,
        locality=towns[town],
        capacity=capacity,
        certificate=certificate,
        certificate_assessed_on=assessed,
        secrecy_signed_on=assessed,
        phone="+4520000000",
        email=f"{name.split()[0].lower()}@example.dk",
        interests=interests,
        child_ages=ages,
    )
    return save_volunteer(made, organisation_name=organisation, today=today)


def _activity(row: tuple, towns: list[Locality]) -> None:
    name, organiser, town, (low, high), season, price = row
    fields = {"organiser": organiser, "locality": towns[town], "season": season, "price": price}
    Activity.objects.get_or_create(name=name, defaults={**fields, "age_from": low, "age_to": high})
