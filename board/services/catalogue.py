"""The strategy's own actions as a start for the catalogue, in our words: key → (area, §, title)."""

from django.utils.translation import gettext_lazy as _

STRATEGY = {
    "min-plan": ("reception", 1, _("Udarbejd Min plan med hver borger inden 14 dage efter ankomsten")),
    "places": ("reception", 1, _("Tilbyd børnene plads i dagtilbud og skole hurtigst muligt")),
    "language": ("reception", 1, _("Tilbyd de voksne sprogskole inden for en måned")),
    "lodging": ("housing", 2, _("Tilbyd midlertidig indkvartering, mens familien venter på svar om opholdstilladelse")),
    "hosts": ("housing", 2, _("Skaf private værter sammen med de frivillige, og udbetal kost og logi til dem")),
    "placement": ("housing", 2, _("Tilbyd midlertidig boligplacering, når familien er visiteret til kommunen")),
    "more-homes": ("housing", 2, _("Etablér flere midlertidige boliger")),
    "capacity": ("housing", 2, _("Tilpas løbende den midlertidige indkvartering til antallet")),
    "competences": ("employment", 3, _("Gør erfaring og kompetencer synlige inden 14 dage efter taget ophold")),
    "referral": ("employment", 3, _("Henvis til et konkret job eller virksomhedsrettet aktivering inden en måned")),
    "leisure-children": ("schooling", 4, _("Pædagogisk personale giver børn og unge adgang til fritidsliv og leg")),
    "danish-children": ("schooling", 4, _("Arbejd intensivt med børnenes dansk i dagtilbud og skoler")),
    "support": ("schooling", 4, _("Støt børnenes trivsel, udvikling og læring med den pædagogik, der er brug for")),
    "language-school": ("schooling", 4, _("Samarbejd med sprogskolen om et tilbud, der passer til de nye borgere")),
    "health": ("health", 5, _("Tilbyd sundhedsydelser og støtte i hverdagen til dem, der har behov")),
    "leisure": ("volunteers", 6, _("Introducér familierne til fritidsaktiviteter og foreninger")),
    "contact-person": ("volunteers", 6, _("Introducér familierne til frivillige straks, og find en kontaktperson")),
}  # fmt: skip
