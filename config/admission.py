"""Who may come to a page and what a page is about: the words of the one table (config.policy)."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.access import can, sees_cases
from accounts.roles import Permission as P


class Who(StrEnum):
    """Groups that no single permission names."""

    ANYBODY = "anybody"  # also without a log-in
    USERS = "users"  # whoever is logged in
    OPENERS = "openers"  # whoever may open a case beyond the daily scope
    REVIEWERS = "reviewers"  # managers and auditors
    OPERATORS = "operators"  # managers and the administrator
    CASE_USERS = "case_users"  # whoever has cases: all but the administrator and the auditor


class Of(StrEnum):
    """What the address names. Whatever is not the user's own answers like what does not exist."""

    NOTHING = "nothing"  # a list or a form; its rows are only those the user may see
    CASE = "case"  # a family in scope
    AREA = "area"  # an area of that family that the user works with, if only in part
    PERSON = "person"  # a member of that family
    ROW = "row"  # a fact registered about that family
    NOTE = "note"  # a note that this user may read
    OWN_NOTE = "own_note"  # a note that this user wrote
    HEALTH_ROW = "health_row"  # a health fact: the assigned caseworker, the deputy, or SEE_HEALTH
    STEP = "step"  # a deadline in the user's areas
    IMPORT = "import"  # a list read in by the user or the team
    DWELLING = "dwelling"  # the municipality's homes: one register for all
    PHRASE = "phrase"  # a sentence of the text bank: one for all
    ACTIVITY = "activity"  # associations and activities: one register for all
    VOLUNTEER = "volunteer"  # the volunteers: one register for all
    OFFER = "offer"  # what citizens offer: one list for all
    TEXT = "text"  # what the municipality says to everybody, in one of its languages
    OWN_KEY = "own_key"  # a passkey of the user's
    LINK = "link"  # the user and the token of a mailed link, which the page checks itself
    USER = "user"  # whoever works here: one register for the administrator
    UNIT = "unit"  # a team: likewise
    ABSENCE = "absence"  # when somebody is away: likewise
    REPORT = "report"  # kept figures of the own unit
    JOB = "job"  # something long that a worker does for this user
    LOG_REVIEW = "log_review"  # a week's sample of the log: one list for those who read it
    ROLE_REQUEST = "role_request"  # a role that waits for a manager: one list for all of them
    ACTION = "action"  # a line of the strategy's action catalogue: one for all managers
    MOVE = "move"  # cases moved by a manager of the user's own team
    COLLEAGUE = "colleague"  # somebody of the user's own team
    LEAVE = "leave"  # when somebody of the user's own team is away
    RULE_SET = "rule_set"  # the terms of deadlines: one list for all
    ACTIVATION = "activation"  # how a rule set came into force: likewise
    FILE_REQUEST = "file_request"  # a long list that somebody of the manager's team wants as a file


@dataclass(frozen=True, slots=True)
class Row:
    """read: who may GET and HEAD; write: who may POST; None: nobody, the method is not taken."""

    read: P | Who | None
    write: P | Who | None
    of: Of = Of.NOTHING

    @property
    def methods(self) -> list[str]:
        return ([] if self.read is None else ["GET", "HEAD"]) + ([] if self.write is None else ["POST"])

    def who(self, method: str) -> P | Who | None:
        """Who may use the method; None when the page does not take it."""
        return {"GET": self.read, "HEAD": self.read, "POST": self.write}.get(method)


ANY_OF = {
    Who.OPENERS: (P.BREAK_GLASS, P.LEAD_TEAM),
    Who.REVIEWERS: (P.LEAD_TEAM, P.READ_LOG),
    Who.OPERATORS: (P.LEAD_TEAM, P.MANAGE_USERS),
}


def admits(user, who: P | Who) -> bool:
    if who is Who.ANYBODY:
        return True
    if who is Who.USERS:
        return user.is_authenticated and user.is_active
    if who in ANY_OF:
        return any(can(user, permission) for permission in ANY_OF[who])
    return sees_cases(user) if who is Who.CASE_USERS else can(user, who)


def act(of: Of, permission: P | Who = P.WRITE_CASES) -> Row:
    """A form and what it does, for the same people."""
    return Row(permission, permission, of)


def send(of: Of, permission: P | Who = P.WRITE_CASES) -> Row:
    """Only sent to; there is no page to read."""
    return Row(None, permission, of)
