"""The shipped sentences. Later ones come by `manage.py load_phrases`, which bin/run and a deployment call."""

from django.db import migrations

from phrases.services.shipped import load


def load_bank(apps, schema_editor):
    load(*(apps.get_model("phrases", name) for name in ("Language", "Phrase", "Translation")))


class Migration(migrations.Migration):
    dependencies = [("phrases", "0001_initial")]
    operations = [migrations.RunPython(load_bank, migrations.RunPython.noop)]
