from datetime import timedelta

from django.db import migrations, models


def rename(apps, schema_editor):
    """The letters of before go the way of all files from the background."""
    for job in apps.get_model("desk", "Job").objects.filter(kind="letters"):
        job.kind, job.title, job.personal, job.permission = "letters.many", "Breve", False, "write_cases"
        job.name = f"{job.data.get('letter', 'breve')}-{job.pk}.pdf"
        job.kept_until = job.created_at + timedelta(days=1)
        job.save()


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_notice_wishes")]
    operations = [
        migrations.AddField("job", "kept_until", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
