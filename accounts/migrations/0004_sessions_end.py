from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps, schema_editor):
    """The cache that all processes of the embedded mode share; unused where there is Redis."""
    call_command("createcachetable", "shared_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS shared_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_the_log_is_guarded")]
    operations = [
        migrations.AddField(model_name="user", name="session_round", field=models.PositiveIntegerField(default=0)),
        migrations.RunPython(make_cache_table, drop_cache_table),
    ]
