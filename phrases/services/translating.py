"""The verbs of the text bank: change a sentence in one language, approve it, add a language.

Wrong input raises ValidationError with a Danish sentence. Two who change the same sentence meet in PhraseConflict.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from phrases.models import SOURCE, Language, Phrase, Translation
from phrases.slots import slots_of, stray_braces

CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class PhraseConflict(Exception):
    """Somebody changed the sentence after it was opened; `row` is what stands now."""

    def __init__(self, row: Translation):
        super().__init__("the sentence has been changed meanwhile")
        self.row = row


def check_placeholders(phrase: Phrase, text: str) -> None:
    """The sentence has the placeholders that the code fills in, each of them, and no other braces."""
    if stray_braces(text):
        raise ValidationError(_("Der mangler en { eller } omkring en pladsholder."))
    there = slots_of(text)
    if missing := sorted(phrase.slots - there):
        raise ValidationError(_("Pladsholderen %s mangler i teksten.") % _in_braces(missing))
    if unknown := sorted(there - phrase.slots):
        known = _("Brug: %s.") % _in_braces(sorted(phrase.slots)) if phrase.slots else _("Sætningen har ingen.")
        raise ValidationError(_("%(them)s er ikke en pladsholder i denne sætning. %(known)s") % {
            "them": _in_braces(unknown), "known": known
        })  # fmt: skip


def _in_braces(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _locked(phrase: Phrase, language: Language, revision: int) -> Translation:
    """The row under a lock, or a new one; revision 0: nothing was written when it was opened."""
    row = Translation.objects.select_for_update(of=("self",)).filter(phrase=phrase, language=language).first()
    if (row.revision if row else 0) != revision:
        raise PhraseConflict(row or Translation(phrase=phrase, language=language, revision=0))
    return row or Translation(phrase=phrase, language=language, revision=0)


@transaction.atomic
def change(phrase: Phrase, language: Language, *, text: str, revision: int, by) -> Translation:
    """Write the sentence in this language: a draft until it is approved. From the Danish on, so are the others."""
    text = " ".join(text.split())
    if not text:
        raise ValidationError(_("Skriv sætningen."))
    check_placeholders(phrase, text)
    row = _locked(phrase, language, revision)
    if row.text == text:
        return row
    if language.pk == SOURCE:
        phrase.former = [*phrase.former, row.text]
        phrase.save(update_fields=["former"])
        others = phrase.translations.exclude(language=SOURCE).filter(status=Translation.Status.APPROVED)
        others.update(status=Translation.Status.DRAFT, approved_by=None, approved_on=None)
    row.text, row.revision, row.changed_by, row.changed_at = text, row.revision + 1, by, timezone.now()
    row.status, row.approved_by, row.approved_on = Translation.Status.DRAFT, None, None
    row.save()
    audit.log(by, "phrase.change", detail=f"{phrase.key} {language.pk}")
    return row


@transaction.atomic
def approve(phrase: Phrase, language: Language, *, revision: int, by, today: date) -> Translation:
    """What was read is approved: not what somebody wrote meanwhile."""
    row = _locked(phrase, language, revision)
    if not row.text:
        raise ValidationError(_("Skriv sætningen, før den godkendes."))
    if row.is_draft:
        row.status, row.approved_by, row.approved_on = Translation.Status.APPROVED, by, today
        row.save(update_fields=["status", "approved_by", "approved_on"])
        audit.log(by, "phrase.approve", detail=f"{phrase.key} {language.pk}")
    return row


@transaction.atomic
def add_language(*, code: str, name: str, own_name: str, by) -> Language:
    """Another language to translate into; its sentences are missing until somebody writes them."""
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("Skriv en sprogkode med små bogstaver, fx ru eller pl.")})
    if Language.objects.filter(code=code).exists():
        raise ValidationError({"code": _("Sproget %s findes allerede.") % code})
    if Language.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("Sproget %s findes allerede.") % name})
    language = Language.objects.create(code=code, name=name, own_name=own_name)
    audit.log(by, "phrase.language", detail=code)
    return language


def next_draft(phrase: Phrase, language: Language) -> Phrase | None:
    """The next sentence in the bank's order that waits in this language, from the beginning again after the last."""
    waiting = Phrase.objects.filter(
        translations__in=Translation.objects.filter(language=language, status=Translation.Status.DRAFT)
    )
    return waiting.filter(position__gt=phrase.position).first() or waiting.exclude(pk=phrase.pk).first()
