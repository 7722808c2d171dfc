"""The closed lists of an offer, with the words the coordinator reads."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    CONTACT_PERSON = "contact_person", _("Kontaktperson")
    HOUSING = "housing", _("Bolig")
    WORK = "work", _("Job eller praktik")
    THINGS = "things", _("Ting og tøj")
    LEISURE = "leisure", _("Fritid og foreninger")
    OTHER = "other", _("Andet")


class Language(TextChoices):
    DANISH = "da", _("Dansk")
    ENGLISH = "en", _("Engelsk")
    UKRAINIAN = "uk", _("Ukrainsk")


class State(TextChoices):
    NEW = "new", _("Ny")
    IN_PROGRESS = "in_progress", _("I gang")
    USED = "used", _("Brugt")
    DECLINED = "declined", _("Afslået")


class Source(TextChoices):
    WEB = "web", _("Formularen")
    PHONE = "phone", _("Telefon")


class Doubt(TextChoices):
    """Why an offer stands in quarantine; empty when it does not."""

    TRAP = "trap", _("Et felt, som mennesker ikke ser, var udfyldt.")
    HASTE = "haste", _("Formularen blev sendt under 3 sekunder efter, at den blev åbnet.")
    UNSIGNED = "unsigned", _("Formularens tidspunkt manglede eller var ændret.")
    CROWDED = "crowded", _("Der var allerede kommet 200 tilbud den dag.")


CLOSED = [State.USED.value, State.DECLINED.value]
