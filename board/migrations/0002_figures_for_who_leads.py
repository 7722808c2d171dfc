"""Reports are for who leads a unit: those of the whole house, made for readers of sums alone, go with their files."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import migrations, models


def end_reports_of_the_house(apps, schema_editor):
    reports = apps.get_model("board", "Report").objects.filter(covered=True)
    for report in reports:
        default_storage.delete(report.pdf)
        default_storage.delete(report.xlsx)
    reports.delete()
    waiting = apps.get_model("desk", "Job").objects.filter(kind="board.report", permission="see_figures")
    waiting.update(permission="lead_team")


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0001_initial"),
        ("desk", "0009_job_kept_until"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(end_reports_of_the_house, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="report", name="one_final_report"),
        migrations.RemoveIndex(model_name="report", name="reports_of_a_unit"),
        migrations.RemoveField(model_name="report", name="covered"),
        migrations.AlterField(model_name="report", name="unit", field=models.CharField(max_length=20)),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["unit", "-made_at"], name="reports_of_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_final", True)),
                fields=("kind", "first", "last", "unit"),
                name="one_final_report",
            ),
        ),
    ]
