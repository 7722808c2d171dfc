"""The letters to volunteers who are asked first: one per question, however often this runs."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.services.mail import write_outside
from volunteers.models import Inquiry
from volunteers.services.inquiries import inquiry_of, token_of


def write_pending(*, now: datetime) -> int:
    """Write the letter of every question that has none yet. Returns how many."""
    waits = Inquiry.objects.filter(is_mailed=False, answered_at=None).exclude(volunteer__email="")
    written = 0
    for inquiry in waits.select_related("volunteer").order_by("pk"):
        token = token_of(inquiry)
        if inquiry_of(token) is None:  # the family took its yes back, or has found somebody
            continue
        with transaction.atomic():
            _mail, is_new = write_outside(
                inquiry.volunteer.email,
                key=f"inquiry:{inquiry.pk}",
                subject=_("Vil du være kontaktperson?"),
                template="desk/mail/inquiry.txt",
                context={"path": reverse("volunteers:reply", args=[token])},
                now=now,
            )
            Inquiry.objects.filter(pk=inquiry.pk).update(is_mailed=True)
        written += is_new
    return written
