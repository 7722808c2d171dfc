"""The verbs on a draft of a rule set. What is or was in force is read-only for ever: every verb here refuses it.

Each locks the draft's row, so that nobody corrects it while somebody puts it in force. ValidationError carries a
Danish sentence that says what to do.
"""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from board.models import Activation
from cases.formats import long_date
from deadlines.local import PREFIX, slugs
from deadlines.models import Kind, LocalRule, RuleSet, Step, Term
from desk.areas import RULES

LONGEST_SLUG = 40
NO_BASIS = gettext_lazy("Skriv hjemlen: en lovfrist skal kunne slås op, fx »integrationsloven § 19«.")
# The date itself is the deadline; the term gives kind and warnings only.
DATED = frozenset({"reception.permit_expiry", "housing.next_home"})


def lock_sets() -> list[RuleSet]:
    """All sets, their rows locked in one order: who drafts and who activates wait for each other.

    Read once more after the wait, which a set that was made meanwhile is not in.
    """
    list(RuleSet.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    return list(RuleSet.objects.order_by("pk"))


def latest() -> RuleSet | None:
    """The newest set in force: what a draft starts from."""
    return RuleSet.objects.filter(state=RuleSet.State.ACTIVE).order_by("valid_from", "number").last()


def locked_draft(rule_set: RuleSet) -> RuleSet:
    """The draft as it is now, locked for the rest of the transaction."""
    found = RuleSet.objects.select_for_update().filter(pk=rule_set.pk).first()
    if found is None:
        raise ValidationError(_("Udkastet findes ikke længere."))
    if found.state != RuleSet.State.DRAFT:
        raise ValidationError(
            _("Regelsæt %d er i brug og kan aldrig ændres. Lav et nyt udkast i stedet.") % found.number
        )
    if Activation.objects.filter(rule_set=found, at=None).exists():
        raise ValidationError(_("Udkastet venter på en kollegas ja. Træk det tilbage, før det rettes."))
    return found


def must_follow(valid_from: date, number: int) -> None:
    """A set comes after all that are in force: by its day, on the same day by its number."""
    newest = latest()
    if newest and (valid_from, number) <= (newest.valid_from, newest.number):
        words = {"number": newest.number, "day": long_date(newest.valid_from)}
        raise ValidationError(
            {"valid_from": _("Regelsæt %(number)d gælder fra %(day)s. Vælg den dag eller en senere.") % words}
        )


@transaction.atomic
def new_draft(*, valid_from: date, title: str, by) -> RuleSet:
    """A draft with the terms of the newest set in force and the next number. One at a time."""
    held = lock_sets()
    waiting = next((one for one in held if one.state == RuleSet.State.DRAFT), None)
    if waiting:
        raise ValidationError(_("Der er allerede et udkast: regelsæt %d. Ret eller slet det først.") % waiting.number)
    used = Activation.objects.aggregate(most=Max("number"))["most"] or 0
    number = max([used, *(one.number for one in held)]) + 1
    must_follow(valid_from, number)
    source = latest()
    draft = RuleSet.objects.create(number=number, title=title.strip(), valid_from=valid_from, created_by=by)
    for term in source.terms.order_by("pk") if source else ():
        term.pk, term.rule_set = None, draft
        term.save(force_insert=True)
    log(by, "rules.drafted", draft)
    return draft


@transaction.atomic
def change_draft(rule_set: RuleSet, *, valid_from: date, title: str, by) -> None:
    draft = locked_draft(rule_set)
    must_follow(valid_from, draft.number)
    draft.valid_from, draft.title = valid_from, title.strip()
    draft.save(update_fields=["valid_from", "title"])
    log(by, "rules.changed", draft, draft.valid_from.isoformat())


@transaction.atomic
def discard(rule_set: RuleSet, *, by) -> None:
    """Nothing stays of a draft but the line in the log."""
    draft = locked_draft(rule_set)
    own = [row.pk for row in own_local_rules(draft)]
    log(by, "rules.discarded", draft)
    try:
        draft.delete()
    except ProtectedError as error:
        raise ValidationError(
            _("Regelsættet har været i brug, og frister henviser til det. Ret det i stedet for at slette det.")
        ) from error
    LocalRule.objects.filter(pk__in=own).delete()


@transaction.atomic
def save_term(
    rule_set: RuleSet, rule: str, *, amount: int, unit: str, kind: str, basis: str, warning_days: Sequence[int], by
) -> Term:
    """How long the rule gives in this draft. A rule that had no deadline gets one."""
    draft = locked_draft(rule_set)
    if rule not in RULES and not LocalRule.objects.filter(slug=rule.removeprefix(PREFIX)).exists():
        raise ValidationError(_("Reglen findes ikke længere."))
    if kind == Kind.LAW and not basis.strip():
        raise ValidationError({"basis": NO_BASIS})
    if amount == 0 and rule not in DATED:
        raise ValidationError({"amount": _("Skriv et tal på mindst 1. Skal der ingen frist være, så fjern fristen.")})
    fields = {
        "amount": 0 if rule in DATED else amount,
        "unit": unit,
        "kind": kind,
        "basis": basis.strip(),
        "warning_days": sorted(set(warning_days), reverse=True),
    }
    term = Term.objects.update_or_create(rule_set=draft, rule=rule, defaults=fields)[0]
    log(by, "rules.changed", draft, f"{rule}: {term.amount} {unit} {kind}")
    return term


@transaction.atomic
def remove_term(rule_set: RuleSet, rule: str, *, by) -> None:
    """No deadline by this draft. A local rule ends with it; one that was made in this draft is gone."""
    draft = locked_draft(rule_set)
    own = [row.pk for row in own_local_rules(draft) if f"{PREFIX}{row.slug}" == rule]
    removed, _rows = Term.objects.filter(rule_set=draft, rule=rule).delete()
    LocalRule.objects.filter(pk__in=own).delete()
    if removed:
        log(by, "rules.changed", draft, f"{rule}: removed")


def own_local_rules(draft: RuleSet):
    """The local rules that no set but this draft knows: they may still be changed."""
    others = Term.objects.exclude(rule_set=draft).filter(rule__startswith=PREFIX).values_list("rule", flat=True)
    known = [key.removeprefix(PREFIX) for key in others]
    return LocalRule.objects.filter(slug__in=slugs(draft), active=False).exclude(slug__in=known)


@transaction.atomic
def add_local_rule(
    rule_set: RuleSet, *, name: str, area: str, for_whom: str, starts: str, owner_role: str, by, **term
) -> LocalRule:
    """A duty of the municipality's own, with its term. It makes no step before the draft is put in force."""
    draft = locked_draft(rule_set)
    row = LocalRule.objects.create(
        slug=free_slug(name), name=name.strip(), area=area, for_whom=for_whom, starts=starts,
        owner_role=owner_role, active=False,
    )  # fmt: skip
    save_term(draft, f"{PREFIX}{row.slug}", by=by, **term)
    return row


def free_slug(name: str) -> str:
    """From the name, and never one that a rule or a step has had."""
    stem = (
        slugify(name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))[:LONGEST_SLUG].strip("-")
        or "regel"
    )
    for number in range(1, 1000):
        slug = stem if number == 1 else f"{stem}-{number}"
        taken = LocalRule.objects.filter(slug=slug).exists() or Step.objects.filter(rule=f"{PREFIX}{slug}").exists()
        if not taken:
            return slug
    raise ValidationError({"name": _("Vælg et andet navn.")})


@transaction.atomic
def change_local_rule(
    rule_set: RuleSet, slug: str, *, name: str, area: str, for_whom: str, starts: str, owner_role: str, by, **term
) -> None:
    """What a rule of this draft is about. One that has been in force is ended, and another one made."""
    draft = locked_draft(rule_set)
    row = own_local_rules(draft).filter(slug=slug).first()
    if row is None:
        raise ValidationError(_("Reglen har været i brug. Afslut den her, og lav en ny, hvis den skal gælde andre."))
    row.name, row.area, row.for_whom, row.starts, row.owner_role = name.strip(), area, for_whom, starts, owner_role
    row.save(update_fields=["name", "area", "for_whom", "starts", "owner_role"])
    save_term(draft, f"{PREFIX}{slug}", by=by, **term)


def log(by, action: str, rule_set: RuleSet, what: str = "") -> None:
    audit.log(by, action, detail=f"set {rule_set.number} {what}".strip())
