"""Six invented offers for a demonstration; idempotent. Nobody of that name is meant."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from offers.choices import Doubt
from offers.models import HelpOffer
from offers.services import handling
from offers.services.receiving import kept_until

# kind, name, e-mail, phone, town, message, answers, days ago, what became of it, language
OFFERS = (
    ("contact_person", "Vibeke Elmholt", "vibeke@example.dk", "+4520000011", "Lynge",
     "Jeg er lige gået på pension og har god tid. Jeg tager gerne med på biblioteket, til lægen eller bare på en tur.",
     {"languages": "dansk, engelsk, lidt russisk", "free": "Hverdage til kl. 15"}, 0, "", "da"),
    ("housing", "Jens-Peter Tornhøj", "", "+4520000012", "Blovstrød",
     "Vi har en lejlighed med egen indgang over garagen. Der er bus til døren og to værelser.",
     {"beds": "3", "from_when": "Fra 1. januar, et år eller mere"}, 1, "", "da"),
    ("leisure", "Mira Kjeldgård", "mira@example.dk", "", "Lillerød",
     "We have room for more children in our chess club on Tuesdays. No Danish needed.",
     {"association": "Skakklubben Tårnet", "ages": "7–14"}, 2, "", "en"),
    ("work", "Rasmus Holtegård", "rasmus@example.dk", "+4520000013", "Lynge",
     "Vi mangler hænder i drivhuset fra marts. Begyndere er velkomne, og vi har haft sprogpraktikanter før.",
     {"firm": "Planteskolen Skovbrynet", "work": "Gartneri, 20–37 timer om ugen"}, 6, "taken", "da"),
    ("things", "Oksana Lisova", "oksana@example.dk", "", "Lillerød",
     "Маю дитячі зимові куртки та чобітки, розміри 110–128, у доброму стані.",
     {"what": "Vinterjakker og støvler, str. 110–128", "deliver": "yes"}, 9, "used", "uk"),
    ("other", "Best Loans", "offers@example.com", "", "",
     "CHEAP CREDIT NOW!!! Click to win.", {}, 1, "doubt", "en"),
)  # fmt: skip


@transaction.atomic
def seed(today: date) -> int:
    """Write down those that are not there yet. Returns their number."""
    by = User.objects.filter(username="karen").first()
    made = 0
    for kind, name, email, phone, town, message, details, ago, became, language in OFFERS:
        if HelpOffer.objects.filter(name=name).exists():
            continue
        day = today - timedelta(days=ago)
        at = timezone.make_aware(datetime.combine(day, time(7 + made, 12 + 5 * made)))
        doubt = Doubt.HASTE if became == "doubt" else ""
        offer = HelpOffer.objects.create(
            kind=kind, language=language, name=name, email=email, phone=phone, town=town, message=message,
            details=details, consent_at=at, received_at=at, doubt=doubt,
            delete_on=day + timedelta(days=30) if doubt else kept_until(day),
        )  # fmt: skip
        if became in {"taken", "used"}:
            verb = handling.take if became == "taken" else handling.use
            verb(offer, by=by, now=at + timedelta(hours=3))
        made += 1
    return made
