"""The people who work with Indgang: users, their team, their roles and their absences."""

from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import questions
from accounts.roles import ROLES, Permission, Role


class Team(models.Model):
    """A unit with a manager and a volunteer coordinator; a case belongs to one."""

    name = models.CharField(_("navn"), max_length=80, unique=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    coordinator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self):
        return self.name


class Right(NamedTuple):
    """Beside a role: whether a case is open for the user now, the user was ever put on one, stands in for somebody."""

    opened: bool
    assigned: bool
    stands_in: bool


class User(AbstractUser):
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    session_round = models.PositiveIntegerField(default=0)  # one more ends every session (accounts.services)

    def __str__(self):
        return self.name

    def get_session_auth_hash(self) -> str:
        """What every request compares with its session: the password and the round."""
        return self.in_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        yield from map(self.in_this_round, super().get_session_auth_fallback_hash())

    def in_this_round(self, password_hash: str) -> str:
        return salted_hmac("accounts.User.session_round", f"{password_hash}:{self.session_round}").hexdigest()

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def role_keys(self) -> frozenset[str]:
        """Keys of the roles granted to this user, read once per request."""
        return frozenset(self._rights) if self.is_active else frozenset()

    @cached_property
    def _rights(self) -> dict[str, Right]:
        """What every page asks, in one question, so that it need not ask further where there is nothing.

        The assignments by the name of the relation: they belong to the floor above.
        """
        if "grants" in getattr(self, "_prefetched_objects_cache", {}):
            return {grant.role: Right(opened=True, assigned=True, stands_in=True) for grant in self.grants.all()}
        rows = questions.ask(_rights_question(), {questions.IDS: self.pk}, today=self.asked_on, now=self.asked_at)
        return {role: Right(*flags) for role, *flags in rows}

    @cached_property
    def roles(self) -> list[Role]:
        return [role for key, role in ROLES.items() if key in self.role_keys]

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Those of all roles; none of a user who has been closed."""
        return frozenset().union(*(role.permissions for role in self.roles))

    @cached_property
    def asked_on(self) -> date:
        """The day for which rights are asked. This is a door: the clock is read once per request, not below it."""
        return timezone.localdate()

    @cached_property
    def asked_at(self) -> datetime:
        """The moment for which rights are asked, as `asked_on`."""
        return timezone.now()

    @cached_property
    def openings(self) -> dict[str, str]:
        """Case number → kind of the openings in force now, read once per request; see Opening."""
        if not any(right.opened for right in self._rights.values()):
            return {}
        return dict(self.case_openings.in_force(self.asked_at).values_list("case_number", "kind"))

    def read_anew(self) -> None:
        """Forget what was read of the own rights: they have just changed."""
        for name in ("openings", "_rights", "role_keys", "roles", "permissions", "assigned", "acting_for"):
            self.__dict__.pop(name, None)

    @cached_property
    def assigned(self) -> frozenset[int]:
        """Ids of the cases that the user, or somebody for whom the user stands in, has been put on."""
        if len(self.acting_for) == 1 and not any(right.assigned for right in self._rights.values()):
            return frozenset()
        return frozenset(self.case_assignments.model.objects.in_force(self))

    @cached_property
    def acting_for(self) -> frozenset[int]:
        """Ids of this user and of the colleagues away today for whom this user stands in.

        The deputy stands in; who has none, or one who is away too, is stood in for by the team's manager.
        """
        if self._rights and not any(right.stands_in for right in self._rights.values()):
            return frozenset({self.pk})
        away = Absence.objects.on(self.asked_on).values_list("user_id", "deputy_id", "user__team__manager_id")
        nobody = {None, *(user for user, _deputy, _manager in away)}
        stood_in = {user for user, deputy, manager in away if self.pk == (manager if deputy in nobody else deputy)}
        return frozenset({self.pk, *stood_in})


@lru_cache(maxsize=1)
def _rights_question() -> questions.Compiled:
    """(role, and the three of Right) of a user."""
    user = User(pk=questions.IDS)
    opened = Exists(user.case_openings.in_force(questions.MOMENT))
    assigned = Exists(user.case_assignments.all())
    away = Absence.objects.on(questions.DAY).filter(Q(deputy=user) | Q(user__team__manager=user))
    return questions.compiled(user.grants.values_list("role", opened, assigned, Exists(away)))


class RoleGrant(models.Model):
    """One role given to one user. Reading it per request makes a demotion work at the next click."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("rolle"), max_length=30, choices=[(key, role.label) for key, role in ROLES.items()])
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user")]

    def __str__(self):
        return f"{self.user}: {self.role}"


class RoleRequest(models.Model):
    """A role that an administrator wants to give and a manager has not answered. Answered ones stand in the log."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_requests")
    role = models.CharField(_("rolle"), max_length=30)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_asked_once_per_user")]

    def __str__(self):
        return f"{self.user}: {self.role}?"


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def between(self, first, last):
        """That touch these days; last None: without an end."""
        begun = self if last is None else self.filter(starts_on__lte=last)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gte=first)).order_by("starts_on", "pk")


class Absence(models.Model):
    """From, to and deputy. While away the deputy counts as assigned, from the first day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="deputising")
    starts_on = models.DateField(_("fra og med"))
    ends_on = models.DateField(_("til og med"), null=True, blank=True)
    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=F("user")), name="deputy_is_somebody_else"),
        ]

    def __str__(self):
        return f"{self.user}: {self.starts_on} – {self.ends_on or ''}"


class OpeningQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        """Not ended at this moment, neither by somebody nor by the clock."""
        return self.filter(closed_at=None, closes_at__gt=at)


class Opening(models.Model):
    """One case opened for one user for a while, beyond what the roles give.

    glass: break-glass into a case out of scope. oversight: a manager's *ledelsestilsyn* in a case of the own unit.
    Keyed by the case's number, so that nothing here points upward. Rows stay when they have ended.
    """

    class Kind(models.TextChoices):
        GLASS = "glass", _("nødadgang")
        OVERSIGHT = "oversight", _("ledelsestilsyn")

    user = models.ForeignKey(User, models.PROTECT, related_name="case_openings")
    case_number = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(_("begrundelse"), max_length=200)
    purpose = models.CharField(_("formål"), max_length=200)
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = OpeningQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "closes_at"], name="opening_user"),
            models.Index(fields=["case_number"], name="opening_case"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind} {self.case_number}"


class AccessRecord(models.Model):
    """Who looked at or changed what. Ids and case numbers only, so nothing here points upward.

    Rows are written by `accounts.audit.log` and sealed by `accounts.audit.seal`; triggers refuse any other change.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    action = models.CharField(max_length=70)
    case_number = models.CharField(max_length=12, blank=True, db_index=True)
    person_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    mark = models.CharField(max_length=64, blank=True)  # the row's own HMAC, from the moment it is written
    sequence = models.BigIntegerField(null=True, db_index=True)
    previous = models.CharField(max_length=64, null=True)
    hash = models.CharField(max_length=64, null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(hash=None), name="unsealed_records")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_id} {self.action} {self.case_number}"


class AuditHead(models.Model):
    """The end of the chain: how many rows are sealed, the last one's hash, and an HMAC over the two."""

    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.count}:{self.hash[:12]}"
