"""The two rule sets that ship: Allerød's from 1 April 2022, and from 1 April 2024 with 15 working days to take over.

Sources: the strategy's §§ 1-6 for service goals and local targets (a number for "straks" and "hurtigst muligt"),
integrationsloven for law. The municipality confirms the law; a manager can change it in a new set.
"""

from datetime import date

from django.db import migrations

TERMS = (
    ("reception.min_plan", 14, "days", "service_goal", "strategien § 1", [3]),
    ("reception.contract", 1, "months", "law", "integrationsloven § 19", [14, 3]),
    ("reception.dates", 7, "days", "local_target", "så ingen frist venter i det skjulte", []),
    ("reception.permit_expiry", 0, "days", "watch", "opholdstilladelsens udløb", [90, 60, 30]),
    ("housing.lodging_before_permit", 3, "days", "local_target", "strategien § 2, før opholdstilladelse", []),
    ("housing.temporary_offer", 4, "working_days", "service_goal", "strategien § 2, ved visitation", [3]),
    ("housing.takeover", 4, "working_days", "watch", "integrationsloven § 4, overtagelse af ansvaret", [3]),
    ("housing.next_home", 0, "days", "local_target", "strategien § 2, placeringen ophører", []),
    ("employment.competences", 14, "days", "service_goal", "strategien § 3", [3]),
    ("employment.referral", 1, "months", "service_goal", "strategien § 3", [3]),
    ("schooling.daycare_offer", 14, "days", "local_target", "strategien § 1, hurtigst muligt", []),
    ("schooling.school_offer", 14, "days", "local_target", "strategien § 1, hurtigst muligt", []),
    ("schooling.language_offer", 1, "months", "service_goal", "strategien § 1", [3]),
    ("schooling.language_referral", 1, "months", "law", "integrationsloven § 21", [14, 3]),
    ("health.need_assessed", 6, "months", "law", "integrationsloven § 15 d", [14, 3]),
    ("volunteers.introduction", 7, "days", "local_target", "strategien § 6, straks", []),
    ("volunteers.contact_person", 30, "days", "local_target", "strategien § 6, straks", []),
)
SINCE_2024 = {"housing.temporary_offer": 15, "housing.takeover": 15}
SETS = ((1, "Allerød, april 2022", date(2022, 4, 1), {}), (2, "Allerød, april 2024", date(2024, 4, 1), SINCE_2024))


def load(apps, schema_editor):
    rule_set, term = apps.get_model("deadlines", "RuleSet"), apps.get_model("deadlines", "Term")
    for number, title, valid_from, changed in SETS:
        held = rule_set.objects.create(
            number=number, title=title, valid_from=valid_from, state="active", activated_on=valid_from
        )
        term.objects.bulk_create(
            term(
                rule_set=held,
                rule=rule,
                amount=changed.get(rule, amount),
                unit=unit,
                kind=kind,
                basis=basis,
                warning_days=days,
            )
            for rule, amount, unit, kind, basis, days in TERMS
        )


def unload(apps, schema_editor):
    apps.get_model("deadlines", "RuleSet").objects.filter(number__in=[number for number, *_rest in SETS]).delete()


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
