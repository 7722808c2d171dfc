import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_assignments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="protected",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="KeptApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lapse_proposed_on", models.DateField(blank=True, null=True)),
                ("lapse_reason", models.CharField(blank=True, max_length=200, verbose_name="begrundelse")),
                ("lapsed_on", models.DateField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("violence", "Vold eller trusler"),
                            ("conflict", "Konflikt"),
                            ("order", "Tilhold eller opholdsforbud"),
                            ("other", "Anden grund"),
                        ],
                        max_length=10,
                        verbose_name="årsag",
                    ),
                ),
                ("registered_on", models.DateField()),
                (
                    "lapse_proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lapsed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("lapsed_on", None)), fields=["other"], name="kept_apart_other")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lapsed_on", None)), fields=("one", "other"), name="kept_apart_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="kept_apart_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lapsed_by", None), ("lapsed_on", None)),
                            models.Q(
                                ("lapse_proposed_by__isnull", False),
                                ("lapsed_by__isnull", False),
                                ("lapsed_on__isnull", False),
                                models.Q(("lapsed_by", models.F("lapse_proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="kept_apart_ends_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Protection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lapse_proposed_on", models.DateField(blank=True, null=True)),
                ("lapse_reason", models.CharField(blank=True, max_length=200, verbose_name="begrundelse")),
                ("lapsed_on", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("both", "Navne- og adressebeskyttelse"),
                            ("address", "Adressebeskyttelse"),
                            ("name", "Navnebeskyttelse"),
                            ("special", "Særlig beskyttelse efter politiets underretning"),
                        ],
                        default="both",
                        max_length=10,
                        verbose_name="beskyttelse",
                    ),
                ),
                ("children_follow", models.BooleanField(default=True, verbose_name="husstandens børn følger med")),
                ("starts_on", models.DateField(verbose_name="gælder fra")),
                ("review_on", models.DateField(verbose_name="tages op igen")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="grundlag")),
                ("registered_on", models.DateField()),
                (
                    "against",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_from",
                        to="cases.person",
                    ),
                ),
                (
                    "lapse_proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lapsed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="protections", to="cases.person"
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lapsed_on", None)), fields=("person",), name="one_standing_protection"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lapsed_by", None), ("lapsed_on", None)),
                            models.Q(
                                ("lapse_proposed_by__isnull", False),
                                ("lapsed_by__isnull", False),
                                ("lapsed_on__isnull", False),
                                models.Q(("lapsed_by", models.F("lapse_proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="protection_lapses_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("starts_on"))),
                        name="protection_review_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("against", None), models.Q(("against", models.F("person")), _negated=True), _connector="OR"
                        ),
                        name="protected_against_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "special"), _negated=True), ("children_follow", True), _connector="OR"
                        ),
                        name="special_takes_the_children",
                    ),
                ],
            },
        ),
    ]
