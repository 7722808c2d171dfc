from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.db import connections

from accounts import triggers
from accounts.roles import refused


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Brugere"
    default_auto_field = "django.db.models.BigAutoField"


@checks.register(checks.Tags.database)
def guards_stand(app_configs, databases=None, **kwargs):
    """accounts.E001: the log's triggers are gone, for instance by a remake of the table."""
    lost = {name for alias in databases or () for name in triggers.missing(connections[alias])}
    hint = "Run `manage.py migrate accounts 0002` and `manage.py migrate accounts`, and `manage.py verify_audit`."
    return (
        [checks.Error(f"The log is not guarded: {', '.join(sorted(lost))}", hint, id="accounts.E001")] if lost else []
    )


@checks.register(checks.Tags.database)
def roles_are_compatible(app_configs, databases=None, **kwargs):
    """accounts.E002: somebody holds two roles that exclude each other."""
    grants = apps.get_model("accounts", "RoleGrant")
    found: dict[int, set[str]] = {}
    for alias in databases or ():
        if grants._meta.db_table in connections[alias].introspection.table_names():
            for user_id, role in grants.objects.using(alias).values_list("user_id", "role"):
                found.setdefault(user_id, set()).add(role)
    wrong = [user_id for user_id, held in found.items() if any(refused(held - {role}, role) for role in held)]
    return [checks.Error(f"User {pk} holds roles that exclude each other", id="accounts.E002") for pk in wrong]


@checks.register(checks.Tags.security)
def saml_is_untried(app_configs, **kwargs):
    """accounts.I001: SAML is switched on. accounts.E003: and its packages are missing."""
    if not settings.SAML_METADATA_URL:
        return []
    if find_spec("onelogin") is None:
        hint = "Install them: .venv/bin/pip install --require-hashes -r requirements-saml.txt"
        return [checks.Error("SAML is switched on, and its packages are missing.", hint, id="accounts.E003")]
    return [checks.Info("SAML is untried: no municipality has logged in by it yet. Try it first.", id="accounts.I001")]
