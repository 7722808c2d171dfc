"""The log of who looked and who changed. Written in the transaction of the read or the write."""

from accounts.models import AccessRecord


def log(user, action: str, *, case_number: str = "", person_id: int | None = None, detail: str = "") -> AccessRecord:
    """One line: action is a dotted verb (`case.read`, `list.export`); detail never holds personal data."""
    user_id = user.pk if user is not None and user.is_authenticated else None
    return AccessRecord.objects.create(
        user_id=user_id, action=action, case_number=case_number, person_id=person_id, detail=detail[:200]
    )
