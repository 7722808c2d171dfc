"""The closed lists of the record, with the words a caseworker reads."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FamilyRole(TextChoices):
    MAIN = "main", _("Hovedperson")
    SPOUSE = "spouse", _("Ægtefælle")
    CHILD = "child", _("Barn")
    GRANDPARENT = "grandparent", _("Bedsteforælder")
    OTHER = "other", _("Anden voksen")


class Sex(TextChoices):
    FEMALE = "f", _("Kvinde")
    MALE = "m", _("Mand")


class PermitState(TextChoices):
    NOT_APPLIED = "not_applied", _("Ikke søgt")
    APPLIED = "applied", _("Ansøgning indgivet")
    GRANTED = "granted", _("Meddelt")
    EXTENDED = "extended", _("Forlænget")
    REFUSED = "refused", _("Afslag")
    COMPLAINT = "complaint", _("Klage med opsættende virkning")
    REVOKED = "revoked", _("Inddraget")
    LAPSED = "lapsed", _("Bortfaldet")


class PermitBasis(TextChoices):
    SPECIAL_ACT = "special_act", _("Særloven")
    ASYLUM = "asylum", _("Asyl")
    FAMILY = "family", _("Familiesammenføring")
    OTHER = "other", _("Andet grundlag")


class DataClass(TextChoices):
    """Who may read a line goes by what it tells about, never by who wrote it."""

    ORDINARY = "ordinary", _("Almindelig")
    LOCATION = "location", _("Sted")
    HEALTH = "health", _("Helbred")
    VIOLENCE = "violence", _("Vold og trusler")
    WORK = "work", _("Arbejde")


class Left(TextChoices):
    RETURNED = "returned", _("Rejst tilbage til hjemlandet")
    MOVED = "moved", _("Flyttet til en anden kommune")
    ABROAD = "abroad", _("Rejst til et andet land")
    DIED = "died", _("Død")
    UNKNOWN = "unknown", _("Ukendt")


class Closing(TextChoices):
    SELF_SUPPORTING = "self_supporting", _("Klarer sig selv")
    LEFT = "left", _("Har forladt kommunen")
    REFUSED = "refused", _("Afslag på opholdstilladelse")
    PROGRAMME_DONE = "programme_done", _("Programmet er gennemført")
    MISTAKE = "mistake", _("Oprettet ved en fejl")
    OTHER = "other", _("Andet")


class CprKind(TextChoices):
    ORDINARY = "ordinary", _("CPR-nr.")
    REPLACEMENT = "replacement", _("Erstatnings-CPR")


class AskedAbout(TextChoices):
    """The dates whose absence `reception.dates` lets nobody forget."""

    BIRTH = "birth_date", _("fødselsdato")
    ARRIVED = "arrived_on", _("ankomst til kommunen")
    RESIDENCE = "residence_from", _("taget ophold")
    VISITATION = "visitation_on", _("visiteringsdato")
    RESPONSIBILITY = "responsibility_from", _("overtaget ansvar")


# What a family says yes to before a volunteer, and whoever finds one, learns how to reach it.
CONTACT_CONSENT = "Navn, sprog og mødested må deles med en frivillig kontaktperson"
