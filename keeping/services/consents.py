"""The register of consents, over the cases a user may see."""

from collections.abc import Mapping

from django.db.models import Prefetch, Q, QuerySet

from cases.models import Case, Consent, Person


def found(user, chosen: Mapping, *, case: Case | None = None) -> QuerySet[Consent]:
    """The newest first, with the names of its people and nothing else about them.

    chosen: state (standing | withdrawn), q (of what or with whom), first, last.
    """
    rows = Consent.objects.filter(case__in=Case.objects.visible_to(user))
    if case is not None:
        rows = rows.filter(case=case)
    if chosen.get("state"):
        rows = rows.filter(withdrawn_on__isnull=chosen["state"] == "standing")
    if chosen.get("q"):
        rows = rows.filter(Q(what__icontains=chosen["q"]) | Q(shared_with__icontains=chosen["q"]))
    if chosen.get("first"):
        rows = rows.filter(given_on__gte=chosen["first"])
    if chosen.get("last"):
        rows = rows.filter(given_on__lte=chosen["last"])
    named = Prefetch("people", Person.objects.only("given_names", "surname"))
    return rows.select_related("case").prefetch_related(named).order_by("-given_on", "-pk")


def who(consent: Consent) -> str:
    """The names, or the case's household when nobody is named."""
    names = [person.full_name for person in consent.people.all()]
    return ", ".join(names) or consent.case.title
