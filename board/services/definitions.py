"""What counts and what doesn't, in the words of the page, the papers and the sheets alike."""

from django.utils.translation import gettext_lazy as _

COUNTED = (
    (
        _("Til tiden"),
        _(
            "Handlingen skete på eller før den oprindelige frist. Det er handlingens dato, der tæller, ikke den dag, "
            "den blev skrevet ind. Andelen er: til tiden, delt med alle frister i perioden, der er talt med."
        ),
    ),
    (
        _("Talt med"),
        _(
            "Frister med dato i perioden, som enten er udført eller er forbi. En åben frist tæller som for sent fra "
            "dagen efter sin dato, og slet ikke før. En ny dato eller et ønske om at vente ændrer det ikke; det vises "
            "for sig."
        ),
    ),
    (
        _("Talt ikke med"),
        _(
            "Frister, der faldt bort på eller før deres dato (fraflyttet, afslag, sagen afsluttet), den, der er "
            "fritaget eller ikke omfattet, egne opgaver, tjeklister og det, der kun er til orientering. Familier med "
            "beskyttet adresse er ikke med i noget tal."
        ),
    ),
    (
        _("Lov, mål og lokale mål"),
        _("De lægges aldrig sammen. En lovfrist kan ikke forlænges. Et lokalt mål kan passeres, men ikke overskrides."),
    ),
    (
        _("Lukkede måneder"),
        _(
            "En måned lukkes på den femte arbejdsdag i den næste. Derefter ændrer tallet sig ikke. Rettes en sag "
            "senere, står det nye tal ved siden af som korrigeret."
        ),
    ),
    (
        _("Færre end fem"),
        _("Under fem frister vises antal i stedet for procent: en procent af fire siger intet."),
    ),
)
OF_REPORTS = (
    *COUNTED,
    (
        _("Overskredet nu"),
        _(
            "Lovfrister og servicemål, der er åbne efter den dag, der skulle handles, på rapportens dato. Passerede "
            "lokale mål tælles for sig."
        ),
    ),
    (
        _("Åbne ved udgangen"),
        _("Frister, der var forsinket efter deres oprindelige dato og ikke udført, da periodens sidste dag var gået."),
    ),
    (
        _("Median"),
        _("Dage fra fristens start til handlingen for det, der blev udført i perioden; under fem vises den ikke."),
    ),
    (
        _("Prognose"),
        _(
            "Kendte frister er åbne frister, der ikke er overskredet. Ankomster er de ventede, dog mindst "
            "gennemsnittet af de sidste 12 uger; hver giver lige så mange frister som i det sidste år. Det er et skøn."
        ),
    ),
)
