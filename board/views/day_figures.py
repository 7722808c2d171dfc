"""Tal på en dato: a politician asks at ten, the answer stands at eleven. On the page, on paper and as a file."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.access import Permission, needs
from accounts.stepup import needs_fresh_login
from board.forms.day_figures import DayForm
from board.services.day_figures import Breakdown
from board.services.day_words import breakdowns
from cases.formats import day_month, doc_date, full_date, long_date
from desk.forms.purposes import FileForm
from desk.services import export

NOT_JOBINDSATS = _l(
    "Tallene er driftstal fra Indgang. De er aldrig de samme som i Jobindsats eller Udlændingestyrelsens opgørelser."
)
SMALL = _l("Tal under 5 vises ikke. Hvor et skjult tal kunne regnes ud af de andre, er det næstmindste også skjult.")
THAT_DAY = _l(
    "Tallene gælder, som det var den dag. Det, der er sket eller annulleret senere, ændrer dem ikke. Det, der er "
    "skrevet for sent, tæller fra den dag, det skete."
)


@needs(Permission.SEE_FIGURES)
def day_figures(request):
    today = timezone.localdate()
    form = DayForm(request.GET, today=today)
    day = form.day
    found = breakdowns(day, municipality=settings.MUNICIPALITY["name"]) if day else []
    query = "" if day is None or day == today else f"?dato={doc_date(day)}"
    context = {
        "form": form,
        "day": f"{full_date(day)} {day.year}" if day else "",
        "main": found[0] if found else None,
        "breakdowns": found[1:],
        "remarks": [NOT_JOBINDSATS, SMALL, THAT_DAY],
        "quick": quick_days(day, today),
        "action": reverse("board:day_figures"),
        "download_url": reverse("board:day_figures_xlsx") + query if day else "",
    }
    return render(request, "board/day_figures.html", context, status=200 if day else 422)


def quick_days(day: date | None, today: date) -> list[dict]:
    """The days asked for most: today, and how the last month and the last year ended."""
    month, year = today.replace(day=1) - timedelta(days=1), date(today.year - 1, 12, 31)
    url = reverse("board:day_figures")
    named = {today: _("I dag"), month: day_month(month), year: f"{day_month(year)} {year.year}"}
    return [
        {"url": url if one == today else f"{url}?dato={doc_date(one)}", "text": text, "current": one == day}
        for one, text in named.items()
    ]


# --- As a file --------------------------------------------------------------------------------


@needs(Permission.SEE_FIGURES)
@needs_fresh_login
def day_figures_xlsx(request):
    """One sheet per figure; the hidden ones are hidden there too. Whole figures of the house, so no manager's yes."""
    today = timezone.localdate()
    day = DayForm(request.GET, today=today).day
    if day is None:
        raise Http404
    form = FileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return give(request, day, form.purpose)
    back = reverse("board:day_figures") + ("" if day == today else f"?dato={doc_date(day)}")
    title = _("Tal på en dato")
    context = {
        "form": form,
        "heading": _("Hent som Excel"),
        "lede": title,
        "crumbs": [{"url": back, "text": title}, {"url": "", "text": _("Hent som fil")}],
        "cancel_url": back,
        "facts": [
            {"label": _("Dato"), "value": long_date(day)},
            {"label": _("Indhold"), "value": _("Tal uden personer")},
        ],
        "note": None,
        "asks": False,
        "submit_label": _("Hent filen"),
        "is_file": True,
        "signed": True,
        "limited": False,
    }
    return render(request, "desk/file.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def give(request, day: date, purpose: str):
    found = breakdowns(day, municipality=settings.MUNICIPALITY["name"])
    return export.send_sheets(
        request.user,
        name=f"tal-{day.isoformat()}",
        title=_("Tal på en dato: %s") % long_date(day),
        sheets=[sheet_of(one) for one in found],
        purpose=purpose,
        notes=[
            (_("Bemærk"), str(NOT_JOBINDSATS)),
            (_("Skjult"), str(SMALL)),
            (_("Dagen"), str(THAT_DAY)),
            *((one.title, one.definition) for one in found),
        ],
        at=timezone.localtime(),
    )


def sheet_of(one: Breakdown) -> export.Sheet:
    """The lines as on the page: a number as a number, what is hidden as its word; groups are indented."""
    shares = [export.Column(_("Andel"), 10)] if one.with_shares else []
    columns = [export.Column(one.title, 44), *(export.Column(name, 20) for name in one.columns), *shares]
    rows = [
        (
            f"{'   ' * max(line.level - 1, 0)}{line.label}",
            *(cell.value if cell.is_shown else cell.text for cell in line.cells),
            *([line.share] if shares else []),
        )
        for line in one.lines
    ]
    return export.Sheet(one.title, columns, rows)
