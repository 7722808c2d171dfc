"""What the pages of this app share: the way back, and a page with one form."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def crumbs(case, here: str, *way: tuple[str, str]) -> list[dict]:
    first = [(reverse("desk:cases"), _("Familier")), (case.get_absolute_url(), case.title), *way]
    return [*({"url": url, "text": text} for url, text in first), {"url": "", "text": here}]


def form_page(
    request,
    case,
    form,
    heading: str,
    submit: str,
    *,
    back: str = "",
    way: tuple[str, str] | None = None,
    lede: str = "",
    template: str = "components/form_page.html",
    more: dict | None = None,
):
    """422 when what was sent did not do. way: the page between the family and this one."""
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "lede": lede,
        "submit_label": submit,
        "cancel_url": back or case.get_absolute_url(),
        "crumbs": crumbs(case, heading, *([way] if way else [])),
        **(more or {}),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)
