"""What a day's figures are, counted by hand over the records of day_families.

The counting reads the records alone: no query, no date rule and no number of the product.
"""

from datetime import date, timedelta

# --- By hand ----------------------------------------------------------------------------------


def stands(row, day):
    return row["annulled"] is None or row["annulled"] > day


def came(stay):
    return min(day for day in (stay["arrived"], stay["staying"], stay["residence"]) if day)


def present(one, day):
    """The stay in which the person is here, and its number."""
    for number, stay in enumerate(one["stays"], 1):
        if came(stay) <= day and (stay["left"] is None or stay["left"] > day):
            return number, stay
    return None


def is_open(family, day):
    if family["closed"] and family["closed"] <= day:
        return False
    state = "cases.reopened"
    for kind, on in family["marks"]:
        if on <= day:
            state = kind
    return state == "cases.reopened"


def years(birth, day):
    """Whole years by walking from birthday to birthday."""
    age = 0
    while True:
        try:
            following = date(birth.year + age + 1, birth.month, birth.day)
        except ValueError:
            following = date(birth.year + age + 1, 3, 1)
        if following > day:
            return age
        age += 1


def child(one, day):
    return one["role"] == "child" if one["birth"] is None else years(one["birth"], day) < 18


def pensioner(one, day):
    """67 for those born from July 1955, 68 from 1963; nobody here is near the other steps."""
    if one["birth"] is None:
        return False
    return years(one["birth"], day) >= (68 if one["birth"].year >= 1963 else 67)


def newest_permit(one, day):
    rows = [
        (row["since"], number, row["state"])
        for number, row in enumerate(one["permits"])
        if row["since"] <= day and stands(row, day)
    ]
    return max(rows)[2] if rows else ""


def emptied(family, after):
    """The first day, from `after` on, on which somebody left and nobody was here any more."""
    stays = [stay for one in family["people"] for stay in one["stays"]]
    for day in sorted(stay["left"] for stay in stays if stay["left"] and stay["left"] >= after):
        if not any(
            (stay["arrived"] or stay["staying"]) <= day and (stay["left"] is None or stay["left"] > day)
            for stay in stays
        ):
            return day
    return None


def lives(family, day):
    """(kind of home, town)."""
    best = None
    for number, row in enumerate(family["homes"], 1):
        begins = row["moves_in"] or row["offered"]
        taken = row["answer"] == "accepted" or (row["moves_in"] and row["answer"] != "declined")
        gone = emptied(family, begins)
        over = (row["moved_out"] and row["moved_out"] <= day) or (gone and gone <= day)
        if taken and stands(row, day) and begins <= day and not over and (best is None or (begins, number) > best[:2]):
            best = (begins, number, row)
    if best is None:
        return "", family["town"]
    row = best[2]
    return ("host" if row["host"] else row["kind"]), row["where"] or family["town"]


def guarded(family, day):
    return any(row["lapsed"] is None or (row["starts"] <= day < row["lapsed"]) for row in family["protections"])


def off(step, day):
    return bool(step["waived"] and step["waived"] <= day and (step["until"] is None or step["until"] >= day))


def has_place(rows, day, since):
    return any(
        since < row["on"] <= day and stands(row, day)
        and (row["answer"] == "accepted" or (row["answer"] == "" and row["starts"] and row["starts"] <= day))
        for row in rows
    )  # fmt: skip


def add(counts, *path):
    for key in path[:-1]:
        counts = counts.setdefault(key, {})
    counts[path[-1]] = counts.get(path[-1], 0) + 1


def count(families, day):
    """Everything about a day, without zeros: nested dicts."""
    found = {"persons": 0, "families": 0}
    for family in families:
        here = [(one, *present(one, day)) for one in family["people"] if is_open(family, day) and present(one, day)]
        if not here:
            continue
        found["families"] += 1
        linked = any(
            row["volunteer"] and row["on"] <= day and (row["ended"] is None or row["ended"] > day) and stands(row, day)
            for row in family["matches"]
        )
        add(found, "contact", "with" if linked else "without")
        home, town = lives(family, day)
        for one, _number, stay in here:
            found["persons"] += 1
            add(found, "home", home)
            add(found, "town", "" if town is None or guarded(family, day) else town)
            add(found, "sex", one["sex"])
            add(found, "permit", newest_permit(one, day))
            of_person(found, one, stay, day)
    return fold(found)


def fold(found):
    """Fewer than 5 pensioners stand among the other adults."""
    old = found.pop("old", {})
    if sum(old.values()) < 5:
        for key, number in old.items():
            found["job"][key] = found["job"].get(key, 0) + number
        found["age"]["w50"] = found["age"].get("w50", 0) + found["age"].pop("p", 0)
    return {
        name: {key: n for key, n in part.items() if n} if isinstance(part, dict) else part
        for name, part in found.items()
    }


def of_person(found, one, stay, day):
    since = max([s["left"] for s in one["stays"] if s["left"] and s["left"] <= day], default=date(1900, 1, 1))
    birth = one["birth"]
    school_day = date(birth.year + 6, 8, 1) if birth else None
    works = any(r["starts"] <= day and (r["ends"] is None or r["ends"] >= day) and stands(r, day) for r in one["jobs"])
    if child(one, day):
        band = "cx" if birth is None else ["c0", "c6", "c13"][(years(birth, day) >= 6) + (years(birth, day) >= 13)]
        add(found, "age", band)
        if birth and school_day <= day:
            add(found, "place", "school_with" if has_place(one["school"], day, since) else "school_without")
        elif birth and birth + timedelta(days=182) <= day:
            add(found, "place", "daycare_with" if has_place(one["daycare"], day, since) else "daycare_without")
        else:
            add(found, "place", "neither_all")
    else:
        age, old = 0 if birth is None else years(birth, day), pensioner(one, day)
        band = "wx" if birth is None else ["w18", "w30", "w50"][(age >= 30) + (age >= 50)]
        may = newest_permit(one, day) in {"granted", "extended"} and not off(stay["refer"], day)
        add(found, "age", "p" if old else band)
        add(found, "old" if old else "job", ("available" if may else "others", "with" if works else "without"))
    plan = stay["plan"]
    if plan["due"] < day and not off(plan, day) and not (plan["withdrawn"] and plan["withdrawn"] <= day):
        handed = [row["on"] for row in one["plans"] if since < row["on"] <= day and stands(row, day)]
        add(found, "plan", "missing" if not handed else "in_time" if min(handed) <= plan["due"] else "late")


def moved(families, day, name):
    """period → (persons, families) that arrived or left."""
    before = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    found = {}
    for period, inside in (
        ("month", lambda d: (d.year, d.month) == (day.year, day.month)),
        ("year", lambda d: d.year == day.year),
        ("twelve", lambda d: d > before),
    ):
        people = [
            (number, place)
            for number, family in enumerate(families)
            if not (family["reason"] == "mistake" and family["closed"] <= day)
            for place, one in enumerate(family["people"])
            if any(stay[name] and stay[name] <= day and inside(stay[name]) for stay in one["stays"])
        ]
        found[period] = (len(people), len({number for number, _place in people}))
    return found
