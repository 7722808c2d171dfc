from django.db import migrations

from accounts import triggers


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_the_log_is_a_chain")]
    operations = [migrations.RunPython(triggers.create, triggers.remove)]
