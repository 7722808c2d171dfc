"""Gennemgang af loggen: the weeks, and one week's sample line by line."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, needs
from accounts.models import User
from cases.formats import week, weekday_date, weekday_date_year
from desk.forms.log_review import ReviewForm
from desk.models import LogReview
from desk.services import log_review
from desk.services.access_log import moment, what
from desk.services.conspicuous import SIGNS

SHOWN = 52


@needs(Permission.READ_LOG)
def log_reviews(request):
    today = timezone.localdate()
    rows = [summary(review, today) for review in LogReview.objects.select_related("signed_by")[:SHOWN]]
    return render(request, "desk/log_reviews.html", {"rows": rows})


def summary(review: LogReview, today) -> dict:
    late = review.signed_on is None and review.due_on < today
    return {
        "url": reverse("desk:log_review", args=[review.pk]),
        "week": _("Uge %(week)d, %(year)d") % {"week": week(review.week), "year": review.week.isocalendar().year},
        "due": weekday_date_year(review.due_on),
        "signed": _("%(day)s af %(who)s") % {"day": weekday_date(review.signed_on), "who": review.signed_by.name}
        if review.signed_on
        else "",
        "status": "overdue" if late else "open",
    }


@needs(Permission.READ_LOG)
def log_review_page(request, pk):
    review = get_object_or_404(LogReview.objects.select_related("signed_by"), pk=pk)
    looks = list(review.looks.select_related("record"))
    form = ReviewForm(request.POST or None, looks=looks)
    if request.method == "POST" and form.is_valid() and (answer := save(request, review, form)):
        return answer
    with transaction.atomic():
        audit.log(request.user, "log.read", detail=f"{review.week} {len(looks)}")
    context = {
        "heading": _("Gennemgang af loggen, uge %d") % week(review.week),
        "lede": lede(review),
        "crumbs": [
            {"url": reverse("desk:log_reviews"), "text": _("Gennemgang af loggen")},
            {"url": "", "text": _("Uge %d") % week(review.week)},
        ],
        "form": form,
        "lines": lines(looks, form),
        "signed": review.signed_on,
    }
    return render(request, "desk/log_review.html", context, status=422 if form.errors else 200)


def save(request, review: LogReview, form: ReviewForm):
    """The answer after what was judged is stored; None where the signature was refused and the page says why."""
    today = timezone.localdate()
    try:
        log_review.judge(review, form.verdicts(), by=request.user)
        if "sign" in request.POST:
            log_review.sign(review, by=request.user, today=today)
            messages.success(request, _("Gennemgangen er underskrevet."))
            return redirect("desk:log_reviews")
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, _("Vurderingerne er gemt."))
    return redirect("desk:log_review", review.pk)


def lede(review: LogReview) -> str:
    if review.signed_on:
        return _("Underskrevet %(day)s af %(who)s") % {
            "day": weekday_date_year(review.signed_on),
            "who": review.signed_by.name,
        }
    text = _("Frist for underskrift: %s Et tegn er en grund til at spørge, ikke et fund.")
    return text % weekday_date(review.due_on)


def lines(looks, form: ReviewForm) -> list[dict]:
    users = {user.pk: user for user in User.objects.filter(pk__in={look.record.user_id for look in looks})}
    return [
        {
            "at": moment(look.record.at),
            "iso": look.record.at.isoformat(),
            "who": users[look.record.user_id].name if look.record.user_id in users else "",
            "what": what(look.record.action),
            "case": look.record.case_number,
            "purpose": look.record.purpose,
            "signs": " · ".join(str(SIGNS[key].word) for key in look.signs.split(",") if key),
            "verdict": form[f"verdict_{look.pk}"],
            "note": form[f"note_{look.pk}"],
            "judged": look.get_verdict_display(),
            "remark": look.note,
        }
        for look in looks
    ]
