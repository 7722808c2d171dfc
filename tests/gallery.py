"""Sample data for every component: what templates/components/gallery.html shows. All invented."""

from tests import gallery_forms as forms

STATUSES = (
    "overdue",
    "passed",
    "due_today",
    "soon",
    "open",
    "waiting",
    "awaiting_date",
    "met",
    "met_late",
    "waived",
    "not_applicable",
    "withdrawn",
    "undated",
    "extended",
)


def item(key, url, icon, text, **more):
    return {"id": key, "url": url, "icon": icon, "text": text, "current": False, **more}


SHELL = {
    "subtitle": "Jobberiet · Allerød",
    "sections": [
        {
            "label": "",
            "items": [
                item("overview", "/", "list-check", "Mit overblik", count=3, over=True, count_label="overskredne")
                | {"current": True},
                item("deadlines", "/frister/", "calendar-week", "Frister"),
                item("families", "/familier/", "people", "Familier"),
                item("import", "/indlaes/", "upload", "Indlæs liste"),
                item("offers", "/tilbud/", "hand-thumbs-up", "Tilbud om hjælp", count=4, count_label="nye"),
            ],
        },
        {"label": "Ledelse", "items": [item("team", "/uden/", "person-exclamation", "Uden sagsbehandler")]},
    ],
    "recent": [{"url": "/familier/2026-0147/", "name": "Kovalenko"}, {"url": "#", "name": "Melnyk"}],
    "tabs": [
        item("overview", "/", "list-check", "Overblik", count=3, over=True, count_label="overskredne")
        | {"current": True},
        item("families", "/familier/", "people", "Familier"),
        item("new", "/familier/ny/", "plus-circle", "Ny", shortcut="r"),
        item("deadlines", "/frister/", "calendar-week", "Frister"),
    ],
    "idle": 0,
    "user": {"id": 1, "initials": "ML", "name": "Mette Lindholm", "role": "Sagsbehandler"},
    "banners": [],
    "searches": True,
}
BANNERS = [
    {"kind": "demo", "text": "Demo: alle familier er opdigtede."},
    {
        "kind": "warning",
        "text": "Fristerne er ikke gennemgået siden kl. 7.15.",
        "link_url": "#",
        "link_text": "Læs mere",
    },
]


def row(status, title, hint, who, sub, relative, date, iso, action, **more):
    return {
        "url": "#",
        "status": status,
        "title": title,
        "hint": hint,
        "who": who,
        "who_url": "#",
        "sub": sub,
        "relative": relative,
        "date": date,
        "iso": iso,
        "action_url": "#",
        "action_label": action,
        **more,
    }


LAW = {"kind": "law", "kind_label": "Lovfrist"}
LOCAL = {"kind": "local_target", "kind_label": "Lokalt mål"}
OVERDUE = [
    row(
        "overdue",
        "Tilbyd midlertidig bolig",
        "Afventer svar fra boligselskabet",
        "Familien Shevchenko",
        "3 personer",
        "4 dage over",
        "fre. 20. nov.",
        "2026-11-20",
        "Registrér tilbud",
        **LAW,
    ),
    row(
        "overdue",
        "Afklar Irynas kompetencer",
        "CV modtaget, samtale mangler",
        "Iryna Bondarenko",
        "Familien Bondarenko",
        "2 dage over",
        "søn. 22. nov.",
        "2026-11-22",
        "Åbn kompetenceprofil",
    ),
    row(
        "passed",
        "Tilbyd dagtilbud",
        "Pladsanvisningen svarer i dag",
        "Danylo Kovalenko, 4 år",
        "Familien Kovalenko",
        "1 dag over",
        "man. 23. nov.",
        "2026-11-23",
        "Registrér tilbud",
        **LOCAL,
    ),
]
TODAY = [
    row(
        "due_today",
        "Lav Min plan færdig",
        "Udkast klar, mangler underskrift",
        "Familien Melnyk",
        "2 voksne, 1 barn",
        "I dag",
        "tir. 24. nov.",
        "2026-11-24",
        "Åbn Min plan",
    )
]
WEEK = [
    row(
        "soon",
        "Lav Min plan færdig",
        "2 af 3 planer har udkast",
        "Familien Kovalenko",
        "3 voksne, 2 børn",
        "Om 3 dage",
        "fre. 27. nov.",
        "2026-11-27",
        "Åbn Min plan",
    ),
    row(
        "open",
        "Henvis til job eller aktivering",
        "Praktik aftales, Gartneriet Lyngholm",
        "Yurii Hrytsenko",
        "Familien Hrytsenko",
        "Om 5 dage",
        "søn. 29. nov.",
        "2026-11-29",
        "Registrér henvisning",
        **LAW,
    ),
]
WAITING = [
    row(
        "waiting",
        "Indstil til permanent bolig",
        "Boligselskabet svarer senest 2. dec.",
        "Familien Polishchuk",
        "4 personer",
        "Om 8 dage",
        "ons. 2. dec.",
        "2026-12-02",
        "Se sag",
    )
]
MISSING = [
    row(
        "awaiting_date",
        "Tilbyd danskuddannelse",
        "Ingen dato for bopæl",
        "Viktoriia Savchenko",
        "Familien Savchenko",
        "Mangler dato",
        "",
        "",
        "Skriv bopælsdato",
    )
]
GROUPS = [
    {"title": "Overskredet", "status": "overdue", "count": 2, "count_note": "1 passeret", "rows": OVERDUE},
    {"title": "I dag", "status": "due_today", "count": 1, "rows": TODAY},
    {"title": "De næste 7 dage", "count": 2, "rows": WEEK, "more_url": "#", "more_text": "Vis alle"},
    {"title": "Venter på andre", "count": 1, "rows": WAITING},
    {"title": "Mangler en dato", "count": 1, "note": "Uden datoen kan fristen ikke regnes ud.", "rows": MISSING},
    {"title": "Senere", "count": 4, "folded": True, "rows": WEEK},
]
CASE_GROUP = {
    "title": "",
    "compact": True,
    "rows": [OVERDUE[0], {**WEEK[0], "grey": True}, {**TODAY[0], "title": "Lav Min plan for Olena, Dmytro og Halyna"}],
}
PILLS = [
    {"url": "?", "label": "Alle åbne", "count": 15, "pressed": True},
    {"url": "?vis=over", "label": "Overskredet", "count": 3, "status": "overdue", "pressed": False},
    {"url": "?vis=idag", "label": "I dag", "count": 2, "status": "due_today", "pressed": False},
    {"url": "?vis=uge", "label": "De næste 7 dage", "count": 4, "status": "soon", "pressed": False},
    {"url": "?vis=venter", "label": "Venter på andre", "count": 2, "status": "waiting", "pressed": False},
]
IDENTITY = {
    "crumbs": [{"url": "/familier/", "text": "Familier"}, {"url": "", "text": "2026-0147"}],
    "title": "Familien Kovalenko",
    "day": "Dag 11",
    "tags": [{"text": "Beskyttet adresse", "tone": "soon"}],
    "next": {"url": "#", "status": "overdue", "text": "Dagtilbud til Danylo, 1 dag over"},
    "facts": [
        {"label": "Ankomst", "value": "fre. 13. nov."},
        {"label": "Sprog", "value": "ukrainsk, tolk"},
        {"label": "Bolig", "value": "Skovvænget 12, 1. tv., Lynge", "url": "#"},
        {"label": "Sagsbehandler", "value": "Mette Lindholm"},
        {"label": "Kontaktperson", "value": "Birgit Thomsen, FIA", "url": "#"},
    ],
    "actions": [
        {"url": "tel:+4520481193", "text": "Ring op", "icon": "telephone"},
        {"url": "#", "text": "Nyt notat", "icon": "pencil-square", "primary": True, "shortcut": "n", "desktop": True},
    ],
    "menu": [{"url": "#", "text": "Overdrag sag", "icon": "arrow-left-right"}, {"url": "#", "text": "Afslut sag"}],
}
TABS = [
    {"url": "#", "text": "Overblik", "current": True},
    *[{"url": "#", "text": text} for text in ("Min plan", "Modtagelse", "Bolig", "Selvforsørgelse")],
    {"url": "#", "text": "Leg og læring", "status": "overdue", "status_label": "Har en overskredet frist"},
    *[{"url": "#", "text": text} for text in ("Sundhed og trivsel", "Lokalsamfund")],
    {"url": "#", "text": "Frister", "count": 15},
]


def cell(status, text, **more):
    return {"status": status, "text": text, "url": "#", **more}


MATRIX = {
    "caption": "Frister pr. person",
    "columns": ["Min plan", "Kompetencer", "Dansk", "Job eller aktivering", "Skole, dagtilbud"],
    "household": [
        cell("met", "Kontaktperson tilknyttet 13. nov."),
        cell("open", "Næste bolig 28. feb."),
        cell("undated", "Navneskilte på dør og postkasse"),
    ],
    "rows": [
        {
            "label": "Olena",
            "url": "#",
            "sub": "36 år, hovedperson",
            "cells": [cell("soon", "27. nov."), cell("met", "20. nov."), cell("open", "13. dec."), None, None],
        },
        {
            "label": "Halyna",
            "url": "#",
            "sub": "67 år, bedsteforælder",
            "cells": [
                cell("waiting", "27. nov.", label="Venter på pladsanvisningen"),
                cell("waived", "fritaget"),
                cell("met_late", "23. nov."),
                cell("not_applicable", "ikke omfattet"),
                None,
            ],
        },
        {
            "label": "Danylo",
            "sub": "4 år, barn",
            "cells": [None, None, cell("awaiting_date", "mangler dato"), None, cell("overdue", "23. nov.")],
        },
    ],
    "legend": ["overdue", "soon", "open", "waiting", "met", "met_late", "waived", "not_applicable"],
}
AREAS = [
    {
        "title": "Modtagelse",
        "icon": "door-open",
        "url": "#",
        "progress": "5 af 6",
        "text": "CPR-nr., læge og skattekort er på plads.",
        "missing": "Bankkonto mangler.",
        "missing_status": "soon",
    },
    {
        "title": "Bolig",
        "icon": "houses",
        "url": "#",
        "progress": "2 af 2",
        "text": "Bolig til 28. feb. 2027.",
    },
    {
        "title": "Leg og læring",
        "icon": "mortarboard",
        "url": "#",
        "progress": "2 af 5",
        "text": "Sofiia starter i 3. klasse man. 30. nov.",
        "missing": "Danylo mangler dagtilbud.",
        "missing_status": "overdue",
    },
    {"title": "Sundhed og trivsel", "icon": "heart-pulse", "text": "Du har ikke adgang til helbredsoplysninger."},
]
TIMELINE = [
    {
        "label": "I dag",
        "entries": [
            {
                "title": "Opkald om dagtilbud til Danylo",
                "text": "Børnehuset Rævehulen har måske en plads fra 7. dec.\nDe ringer i eftermiddag.",
                "meta": "kl. 8.12, Mette Lindholm · Leg og læring",
                "icon": "telephone",
                "actions": [{"url": "#", "text": "Ret"}],
            }
        ],
    },
    {
        "label": "Mandag 23. nov.",
        "entries": [
            {"title": "Frist overskredet: dagtilbud til Danylo", "meta": "kl. 0.00, systemet", "status": "overdue"},
            {
                "title": "Sprogskole tilbudt Halyna, 20 dage før fristen",
                "meta": "kl. 11.30, Mette Lindholm",
                "status": "met",
            },
            {"title": "Halyna er tilbudt aftenhold", "meta": "kl. 11.29, Mette Lindholm", "corrected": True},
        ],
    },
]
LINKS = [
    {"title": "Hjemmebesøg hos familien Kovalenko", "url": "#", "meta": "Skovvænget 12, Lynge", "time": "9.30"},
    {"title": "Bolig ledig 1. dec.: Rønneholt 4, st. th.", "url": "#", "meta": "I går kl. 15.20", "icon": "houses"},
    {"title": "Kovalenko", "url": "#", "meta": "Dag 11 · 5 personer", "end": "1 overskredet", "end_status": "overdue"},
]
CHECKLIST = [
    {"text": "CPR-nummer", "done": True, "note": "13. nov., Borgerservice"},
    {"text": "NemKonto", "done": False, "action_url": "#", "action_label": "Registrér udført"},
]
DIFF = [
    {"label": "Telefon", "old": "20 48 11 93", "new": "20 48 11 94"},
    {"label": "Bopæl fra", "old": "", "new": "13.11.2026"},
]
LIVE = {
    "text": "6 frister, 1 venter på en dato",
    "days": [
        {"date": "tir. 24. nov.", "tag": "i dag", "lines": [{"title": "Kontaktperson", "who": "familien"}]},
        {
            "date": "tor. 24. dec.",
            "note": "sidste hverdag er ons. 23. dec.",
            "lines": [
                {"title": "Dansk", "who": "Oksana og Serhii"},
                {"title": "Job eller aktivering", "who": "Oksana og Serhii"},
            ],
        },
    ],
    "missing": [{"title": "Bopælsdato", "lines": [{"title": "Skole", "who": "Artem"}]}],
    "foot": "Regelsæt 2, gælder fra 1. april 2024.",
}
PAGER = {"text": "Viser 51–100 af 214", "previous_url": "?page=1", "next_url": "?page=3"}


def context():
    """All sample data under the names that gallery.html uses."""
    return {
        "statuses": STATUSES,
        "shell": {**SHELL, "banners": BANNERS},
        "groups": GROUPS,
        "case_group": CASE_GROUP,
        "pills": PILLS,
        "identity": IDENTITY,
        "tabs": TABS,
        "matrix": MATRIX,
        "areas": AREAS,
        "timeline": TIMELINE,
        "links": LINKS,
        "checklist": CHECKLIST,
        "diff": DIFF,
        "live": LIVE,
        "pager": PAGER,
        "people": forms.people(),
        "act_form": forms.ActForm({"on": "i går", "language": "uk"}),
        "note_form": forms.NoteForm(),
        "filter_form": forms.FilterForm({}),
        "file_form": forms.FileForm(),
        "steps": ["Vælg fil", "Kontrollér", "Indlæst"],
        "switch": [{"url": "?", "text": "Mine", "current": True}, {"url": "?team", "text": "Mit team"}],
        "actions": [
            {"url": "#", "text": "Udskriv", "icon": "printer", "desktop": True},
            {"url": "#", "text": "Registrér familie", "icon": "person-plus", "primary": True},
        ],
    }
