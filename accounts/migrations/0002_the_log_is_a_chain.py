import django.utils.timezone
from django.db import migrations, models

from accounts import audit


def begin(apps, schema_editor):
    """The empty chain's head, and the marks of the rows that were written before there was a chain."""
    head = apps.get_model("accounts", "AuditHead")
    head.objects.get_or_create(pk=audit.HEAD, defaults={"mark": audit.head_mark(0, "")})
    for row in apps.get_model("accounts", "AccessRecord").objects.filter(mark="").iterator(chunk_size=2000):
        row.request_id = f"-{row.pk}"
        row.mark = audit.mark_of(row)
        row.save(update_fields=["request_id", "mark"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("mark", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField("accessrecord", "purpose", models.CharField(blank=True, default="", max_length=200), False),
        migrations.AddField(
            "accessrecord", "request_id", models.CharField(blank=True, default="", max_length=32), False
        ),
        migrations.AddField("accessrecord", "mark", models.CharField(blank=True, default="", max_length=64), False),
        migrations.AddField("accessrecord", "sequence", models.BigIntegerField(db_index=True, null=True)),
        migrations.AddField("accessrecord", "previous", models.CharField(max_length=64, null=True)),
        migrations.AddField("accessrecord", "hash", models.CharField(max_length=64, null=True)),
        migrations.AlterField("accessrecord", "action", models.CharField(max_length=70)),
        migrations.AlterField(
            "accessrecord", "at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)
        ),
        migrations.AddIndex(
            "accessrecord",
            models.Index(condition=models.Q(("hash", None)), fields=["id"], name="unsealed_records"),
        ),
        migrations.AlterField(
            "rolegrant",
            "role",
            models.CharField(
                choices=[
                    ("caseworker", "Sagsbehandler"),
                    ("volunteer_coordinator", "Frivilligkoordinator"),
                    ("manager", "Leder"),
                    ("administrator", "Administrator"),
                    ("auditor", "Revisor"),
                ],
                max_length=30,
                verbose_name="rolle",
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
