"""A draft comes into force: asked for by a manager, done by a second person, undone within a day.

The switch itself is one short transaction: the set's state, the pins and the record of them, and the steps whose
deadline stays. The cases with a rule that moves follow in chunks of their own. A crash between two chunks leaves the
rest as it was, and the night's repair, which compares every open case with the sets in force, finishes it; undoing
reaches the same way.
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Value
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from board.models import Activation, PinnedStep
from board.services.rule_preview import moving_rules
from board.services.rule_sets import lock_sets, locked_draft, log, must_follow
from deadlines.engine import settle, to_pin
from deadlines.ledger import insert
from deadlines.local import PREFIX, slugs
from deadlines.models import Cause, LocalRule, RuleSet, Step, Term
from desk.services.repair import PAUSE, bring_in_line, open_cases

UNDO_WITHIN = timedelta(hours=24)
PINS = "activation_id, step_id, before_id"


@transaction.atomic
def ask(rule_set: RuleSet, *, choice: str, by, now: datetime) -> Activation:
    """From now on the draft waits for a second person, and nobody corrects it."""
    draft = locked_draft(rule_set)
    must_follow(draft.valid_from, draft.number)
    asked = Activation.objects.create(rule_set=draft, number=draft.number, choice=choice, asked_by=by, asked_at=now)
    log(by, "rules.asked", draft, choice)
    return asked


@transaction.atomic
def take_back(rule_set: RuleSet, *, by) -> None:
    """The draft may be corrected again."""
    lock_sets()
    if Activation.objects.filter(rule_set=rule_set, at=None).delete()[0]:
        log(by, "rules.taken_back", rule_set)


def may_activate(asked: Activation, user) -> bool:
    """A second person: neither who made the draft nor who asked."""
    authors = {asked.asked_by_id, asked.rule_set.created_by_id if asked.rule_set else None}
    return can(user, Permission.CONFIRM_EXEMPTION) and user.pk not in authors


def activate(asked: Activation, *, by, today: date, now: datetime, pause: float = PAUSE) -> int:
    """Put the set in force, then bring all open cases in line. Returns the cases that changed."""
    held = switch(asked, by=by, today=today, now=now)
    different, _written = bring_in_line(open_cases(), today=today, pause=pause, rules=moving_rules(held))
    return len(different)


@transaction.atomic
def switch(asked: Activation, *, by, today: date, now: datetime) -> RuleSet:
    """The short transaction. Of two at once the second finds that there is nothing left to do."""
    lock_sets()
    found = Activation.objects.select_for_update(of=("self",)).select_related("rule_set").filter(pk=asked.pk, at=None)
    waiting = found.first()
    if waiting is None or waiting.rule_set is None:
        raise ValidationError(_("Regelsættet venter ikke længere på et ja."))
    if not may_activate(waiting, by):
        raise ValidationError(_("En anden end den, der har lavet udkastet, skal sætte det i brug."))
    held = waiting.rule_set
    must_follow(held.valid_from, held.number)
    held.state, held.activated_by, held.activated_on = RuleSet.State.ACTIVE, by, today
    held.save(update_fields=["state", "activated_by", "activated_on"])
    LocalRule.objects.filter(slug__in=slugs(held)).update(active=True)
    waiting.by, waiting.at = by, now
    waiting.save(update_fields=["by", "at"])
    if waiting.choice == Activation.Choice.OPEN:
        pin(waiting)
    settle(Q(case__closed_on=None))
    log(by, "rules.activated", held, waiting.choice)
    return held


def pin(activation: Activation) -> None:
    """Two statements, however many steps."""
    steps = to_pin(activation.rule_set).order_by("pk")
    insert("board_pinnedstep", PINS, steps.values_list(Value(activation.pk), "pk", "pinned_set_id"))
    pinned = PinnedStep.objects.filter(activation=activation).values("step")
    Step.objects.filter(pk__in=pinned).update(pinned_set=activation.rule_set)


# --- Undo -------------------------------------------------------------------------------------


def newest() -> Activation | None:
    """The activation that stands last."""
    standing = Activation.objects.filter(at__isnull=False, undone_at=None, rule_set__isnull=False)
    return standing.select_related("rule_set", "by", "asked_by").order_by("at", "pk").last()


def may_undo(activation: Activation, *, today: date, now: datetime) -> bool:
    """The newest one, for a day after, or until its day has come."""
    last = newest()
    return last is not None and last.pk == activation.pk and in_time(last, today=today, now=now)


def in_time(last: Activation, *, today: date, now: datetime) -> bool:
    return now <= last.at + UNDO_WITHIN or today < last.rule_set.valid_from


def undo(activation: Activation, *, by, today: date, now: datetime, pause: float = PAUSE) -> int:
    """The set is a draft again, and every step is as before. Returns the cases that changed."""
    held, touched = switch_back(activation, by=by, today=today, now=now)
    ids, rules = {*touched, *open_cases()}, moving_rules(held)
    different, _written = bring_in_line(ids, today=today, pause=pause, rules=rules)
    return len(different)


@transaction.atomic
def switch_back(activation: Activation, *, by, today: date, now: datetime) -> tuple[RuleSet, set[int]]:
    """The short transaction. Returns the set, and the cases with steps of it, of which some may be closed by now."""
    lock_sets()
    if not may_undo(activation, today=today, now=now):
        raise ValidationError(_("Aktiveringen kan ikke fortrydes længere. Lav et nyt regelsæt i stedet."))
    found = Activation.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=activation.pk)
    held = found.rule_set
    touched = set(Step.objects.filter(rule_set=held).values_list("case", flat=True))
    touched |= set(found.pinned.values_list("step__case", flat=True))
    for before in set(found.pinned.values_list("before", flat=True)):
        pinned = found.pinned.filter(before=before).values("step")
        Step.objects.filter(pk__in=pinned, pinned_set=held).update(pinned_set=before)
    drop_local_steps(held, today=today)
    held.state, held.activated_by, held.activated_on = RuleSet.State.DRAFT, None, None
    held.save(update_fields=["state", "activated_by", "activated_on"])
    settle(Q(rule_set=held))
    found.undone_by, found.undone_at = by, now
    found.save(update_fields=["undone_by", "undone_at"])
    log(by, "rules.undone", held)
    return held, touched


def drop_local_steps(rule_set: RuleSet, *, today: date) -> None:
    """The steps of local rules that this set brought: gone where nobody has done or heard anything, else fallen away.

    What has been told of stays with its notices: so it is told once, also when the set comes into force again.
    """
    others = Term.objects.exclude(rule_set=rule_set).filter(rule_set__state=RuleSet.State.ACTIVE).values("rule")
    brought = rule_set.terms.filter(rule__startswith=PREFIX).exclude(rule__in=others).values_list("rule", flat=True)
    keys = list(brought)
    LocalRule.objects.filter(slug__in=[key.removeprefix(PREFIX) for key in keys]).update(active=False)
    steps = Step.objects.filter(rule__in=keys)
    untouched = {
        "waived_on": None,
        "follow_up_on": None,
        "waiting_for": None,
        "assignee": None,
        "done_on": None,
        "episode": 1,
        "cause__in": ["", Cause.KNOWN_LATE],  # the engine says the latter by itself
        "notices": None,
    }
    steps.filter(**untouched).delete()
    steps.filter(done_on=None, withdrawn_on=None).update(withdrawn_on=today)
