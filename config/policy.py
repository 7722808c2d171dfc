"""One table: every page, who may read it, who may send to it, and what of the record it is about.

A page without a row does not exist (config.gate), and the build fails on a page without a row or a row without a
page. The views guard themselves; tests/security/test_crawl.py proves that they do what stands here.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

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
    REPORT = "report"  # kept figures: of the user's own unit, or of the whole house for who sees no rows
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


VOLUNTEERS = act(Of.CASE, P.MATCH_VOLUNTEERS)
VOLUNTEERS_ROW = act(Of.ROW, P.MATCH_VOLUNTEERS)
PAGES = {
    # Logging in
    "account_login": Row(Who.ANYBODY, Who.ANYBODY),
    "account_logout": Row(Who.ANYBODY, Who.ANYBODY),
    "mfa_authenticate": Row(Who.ANYBODY, Who.ANYBODY),
    "openid_connect_login": Row(Who.ANYBODY, Who.ANYBODY),
    "openid_connect_callback": Row(Who.ANYBODY, Who.ANYBODY),
    "account_reset_password": Row(Who.ANYBODY, Who.ANYBODY),
    "account_reset_password_done": Row(Who.ANYBODY, None),
    "account_reset_password_from_key": Row(Who.ANYBODY, Who.ANYBODY, Of.LINK),
    "account_reset_password_from_key_done": Row(Who.ANYBODY, None),
    # Proving who one is once more, and one's own means of logging in
    "account_reauthenticate": act(Of.NOTHING, Who.USERS),
    "mfa_reauthenticate": act(Of.NOTHING, Who.USERS),
    "mfa_reauthenticate_webauthn": act(Of.NOTHING, Who.USERS),
    "account_seen": Row(Who.USERS, None),
    "mfa_index": Row(Who.USERS, None),
    "account_change_password": act(Of.NOTHING, Who.USERS),
    "mfa_activate_totp": act(Of.NOTHING, Who.USERS),
    "mfa_deactivate_totp": act(Of.NOTHING, Who.USERS),
    "mfa_add_webauthn": act(Of.NOTHING, Who.USERS),
    "mfa_remove_webauthn": act(Of.OWN_KEY, Who.USERS),
    "mfa_view_recovery_codes": Row(Who.USERS, None),
    "mfa_generate_recovery_codes": act(Of.NOTHING, Who.USERS),
    # The work list and the long lists
    "desk:overview": Row(Who.USERS, None),
    "desk:overview_more": Row(Who.CASE_USERS, None),
    "desk:steps": Row(Who.CASE_USERS, None),
    "desk:search": Row(Who.CASE_USERS, Who.CASE_USERS),
    "desk:cases": Row(Who.CASE_USERS, None),
    "desk:steps_xlsx": act(Of.NOTHING, P.TAKE_STEPS),
    "desk:cases_xlsx": act(Of.NOTHING, P.SEE_CASE_FILES),
    "desk:placements_xlsx": act(Of.NOTHING, P.SEE_HOMES),
    "desk:notices": act(Of.NOTHING, Who.CASE_USERS),
    "desk:files": Row(Who.USERS, None),
    "desk:job": Row(Who.USERS, None, Of.JOB),
    "desk:job_again": send(Of.JOB, Who.USERS),
    "desk:job_file": Row(Who.USERS, None, Of.JOB),
    "desk:file_requests": Row(P.LEAD_TEAM, None),
    "desk:answer_file": send(Of.FILE_REQUEST, P.LEAD_TEAM),
    # A deadline. The coordinator decides about those of the volunteers, which are the only ones she sees.
    "desk:step": Row(P.SEE_CASES, P.SEE_CASES, Of.STEP),
    # A family
    "desk:case": Row(P.SEE_CASES, None, Of.CASE),
    "desk:area": Row(P.SEE_CASES, None, Of.AREA),
    "desk:tick_many": send(Of.CASE),
    "desk:write_note": send(Of.CASE, P.WRITE_NOTES),
    "desk:save_draft": send(Of.CASE, P.WRITE_NOTES),
    "desk:correct_note": act(Of.OWN_NOTE, P.WRITE_NOTES),
    "desk:note_circles": act(Of.CASE),
    "desk:note_history": Row(P.WRITE_NOTES, None, Of.NOTE),
    "desk:add_task": act(Of.CASE),
    "desk:colleagues": act(Of.CASE, P.HAND_OVER),
    "desk:end_assignment": send(Of.ROW, P.HAND_OVER),
    "desk:hand_over": act(Of.CASE, P.HAND_OVER),
    "desk:close_case": act(Of.CASE),
    "desk:reopen_case": act(Of.CASE),
    # Its people
    "desk:add_member": act(Of.CASE),
    "desk:person": act(Of.PERSON),
    "desk:permit": act(Of.PERSON),
    "desk:leave": act(Of.PERSON),
    "desk:annul_leaving": act(Of.PERSON),
    "desk:come_back": act(Of.PERSON),
    "desk:ask": act(Of.PERSON),
    "desk:treat_as_adult": send(Of.PERSON),
    "desk:reveal_cpr": act(Of.PERSON, P.REVEAL_CPR),
    # Who works here
    "desk:users": Row(P.MANAGE_USERS, None),
    "desk:add_user": act(Of.NOTHING, P.MANAGE_USERS),
    "desk:role_trial": act(Of.NOTHING, P.MANAGE_USERS),
    "desk:role_requests": Row(P.LEAD_TEAM, None),
    "desk:answer_role": send(Of.ROLE_REQUEST, P.LEAD_TEAM),
    "desk:teams": Row(P.MANAGE_USERS, None),
    "desk:add_team": act(Of.NOTHING, P.MANAGE_USERS),
    "desk:change_team": act(Of.UNIT, P.MANAGE_USERS),
    "desk:remove_absence": send(Of.ABSENCE, P.MANAGE_USERS),
    "desk:user": act(Of.USER, P.MANAGE_USERS),
    "desk:user_roles": act(Of.USER, P.MANAGE_USERS),
    "desk:user_subject": act(Of.USER, P.MANAGE_USERS),
    "desk:add_absence": act(Of.USER, P.MANAGE_USERS),
    "desk:deactivate_user": send(Of.USER, P.MANAGE_USERS),
    "desk:reactivate_user": send(Of.USER, P.MANAGE_USERS),
    "desk:reset_factor": send(Of.USER, P.MANAGE_USERS),
    "desk:send_link": send(Of.USER, P.MANAGE_USERS),
    # Protection
    "desk:reveal_places": act(Of.CASE, P.SEE_CASES),
    "desk:protect": act(Of.PERSON),
    "desk:protection_goes_on": act(Of.PERSON),
    "desk:propose_lapse": act(Of.PERSON),
    "desk:decide_lapse": act(Of.PERSON, P.CONFIRM_EXEMPTION),
    "desk:keep_apart": act(Of.PERSON),
    "desk:propose_together": act(Of.ROW),
    "desk:decide_together": act(Of.ROW, P.CONFIRM_EXEMPTION),
    "desk:guarded": Row(P.LEAD_TEAM, None),
    "desk:assign_guarded": send(Of.NOTHING, P.LEAD_TEAM),
    "desk:decide_guarded": send(Of.NOTHING, P.LEAD_TEAM),
    # Who has looked
    "desk:log": Row(P.READ_LOG, None),
    "desk:log_xlsx": act(Of.NOTHING, P.READ_LOG),
    "desk:log_reviews": Row(P.READ_LOG, None),
    "desk:log_review": act(Of.LOG_REVIEW, P.READ_LOG),
    "desk:log_summary": Row(P.LEAD_TEAM, None),
    "desk:case_log": Row(P.LEAD_TEAM, None, Of.CASE),
    "desk:case_log_extract": Row(P.LEAD_TEAM, None, Of.CASE),
    # What is opened beyond the daily scope
    "desk:glass": act(Of.NOTHING, P.BREAK_GLASS),
    "desk:close_openings": Row(None, Who.OPENERS),
    "desk:opened_cases": Row(Who.REVIEWERS, None),
    "desk:oversight": act(Of.CASE, P.LEAD_TEAM),
    # Fristregler: read by whoever may be the second person; a manager drafts and asks
    "board:rule_sets": Row(P.CONFIRM_EXEMPTION, None),
    "board:rule_set": Row(P.CONFIRM_EXEMPTION, None, Of.RULE_SET),
    "board:rule_preview": Row(P.CONFIRM_EXEMPTION, None),
    "board:rule_preview_xlsx": act(Of.NOTHING, P.CONFIRM_EXEMPTION),
    "board:new_rule_set": act(Of.NOTHING, P.LEAD_TEAM),
    "board:change_rule_set": act(Of.RULE_SET, P.LEAD_TEAM),
    "board:discard_rule_set": act(Of.RULE_SET, P.LEAD_TEAM),
    "board:term": act(Of.RULE_SET, P.LEAD_TEAM),
    "board:remove_term": send(Of.RULE_SET, P.LEAD_TEAM),
    "board:add_local_rule": act(Of.RULE_SET, P.LEAD_TEAM),
    "board:ask_activation": send(Of.RULE_SET, P.LEAD_TEAM),
    "board:take_back_activation": send(Of.RULE_SET, P.LEAD_TEAM),
    "board:activate": send(Of.ACTIVATION, P.CONFIRM_EXEMPTION),
    "board:undo_activation": act(Of.ACTIVATION, P.LEAD_TEAM),
    # Insight, consents, and what is kept
    "keeping:insights": act(Of.PERSON, P.RELEASE_INSIGHT),
    "keeping:insight": Row(P.RELEASE_INSIGHT, None, Of.ROW),
    "keeping:insight_choose": act(Of.HEALTH_ROW, P.RELEASE_INSIGHT),
    "keeping:insight_prepare": send(Of.HEALTH_ROW, P.RELEASE_INSIGHT),
    "keeping:insight_take_back": send(Of.ROW, P.RELEASE_INSIGHT),
    "keeping:insight_release": send(Of.ROW, P.RELEASE_INSIGHT),
    "keeping:insight_pdf": Row(P.RELEASE_INSIGHT, None, Of.HEALTH_ROW),
    "keeping:insight_json": Row(P.RELEASE_INSIGHT, None, Of.HEALTH_ROW),
    "keeping:insight_xlsx": Row(P.RELEASE_INSIGHT, None, Of.HEALTH_ROW),
    "keeping:consents": Row(P.SEE_FAMILIES, None),
    "keeping:consents_xlsx": act(Of.NOTHING, P.SEE_CASE_FILES),
    "keeping:case_consents": Row(P.SEE_FAMILIES, None, Of.CASE),
    "keeping:breach": Row(P.READ_LOG, None),
    "keeping:breach_xlsx": act(Of.NOTHING, P.READ_LOG),
    "keeping:breach_csv": act(Of.NOTHING, P.READ_LOG),
    "keeping:review": Row(P.LEAD_TEAM, None),
    "keeping:review_figures": Row(P.READ_LOG, None),
    "keeping:review_case": Row(P.LEAD_TEAM, None, Of.CASE),
    "keeping:hold": act(Of.CASE, P.LEAD_TEAM),
    "keeping:lift": send(Of.CASE, P.LEAD_TEAM),
    "keeping:archive": act(Of.CASE, P.LEAD_TEAM),
    "keeping:decide": act(Of.CASE, P.LEAD_TEAM),
    # The managers' room
    "board:share": act(Of.NOTHING, P.LEAD_TEAM),
    "board:share_move": send(Of.NOTHING, P.LEAD_TEAM),
    "board:move": Row(P.LEAD_TEAM, None, Of.MOVE),
    "board:undo_move": send(Of.MOVE, P.LEAD_TEAM),
    "board:absence": act(Of.COLLEAGUE, P.LEAD_TEAM),
    "board:end_absence": send(Of.LEAVE, P.LEAD_TEAM),
    # Registering and reading lists in
    "intake:register": act(Of.NOTHING),
    "intake:live": send(Of.NOTHING),
    "intake:imports": act(Of.NOTHING, P.IMPORT_LIST),
    "intake:import": Row(P.IMPORT_LIST, None, Of.IMPORT),
    "intake:import_columns": act(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_choose": send(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_choose_for_all": send(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_commit": send(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_discard": send(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_settle": send(Of.IMPORT, P.IMPORT_LIST),
    "intake:import_undo": act(Of.IMPORT, P.IMPORT_LIST),
    # The text bank
    "phrases:bank": Row(P.READ_PHRASES, None),
    "phrases:phrase": Row(P.READ_PHRASES, P.EDIT_PHRASES, Of.PHRASE),
    "phrases:add_language": act(Of.NOTHING, P.EDIT_PHRASES),
    # Modtagelse
    "reception:min_plan": Row(P.SEE_CASE_FILES, P.WRITE_CASES, Of.PERSON),
    "reception:plan_pdf": Row(P.SEE_CASE_FILES, None, Of.PERSON),
    "reception:sign_plan": act(Of.PERSON),
    "reception:plan_changes": Row(P.SEE_CASE_FILES, None, Of.PERSON),
    "reception:show_plan": Row(P.SEE_CASE_FILES, None, Of.PERSON),
    "reception:add_copy": act(Of.PERSON),
    "reception:signed_copy": Row(P.SEE_CASE_FILES, None, Of.ROW),
    "reception:annul_copy": act(Of.ROW),
    "reception:annul_plan_handover": act(Of.ROW),
    "reception:contract": act(Of.PERSON),
    "reception:contracts": Row(P.SEE_CASE_FILES, None, Of.PERSON),
    "reception:annul_contract": act(Of.ROW),
    # Bolig
    "housing:board": Row(P.SEE_HOMES, None),
    "housing:add_dwelling": act(Of.NOTHING, P.WORK_WITH_HOMES),
    "housing:change_dwelling": act(Of.DWELLING, P.WORK_WITH_HOMES),
    "housing:add_host": act(Of.NOTHING, P.WORK_WITH_HOMES),
    "housing:lodging_before_permit": act(Of.CASE, P.WORK_WITH_HOMES),
    "housing:temporary_offer": act(Of.CASE, P.WORK_WITH_HOMES),
    "housing:next_home": act(Of.CASE, P.WORK_WITH_HOMES),
    "housing:change_placement": act(Of.ROW, P.WORK_WITH_HOMES),
    "housing:annul_placement": act(Of.ROW, P.WORK_WITH_HOMES),
    # Selvforsørgelse
    "employment:competences": act(Of.PERSON, P.WORK_WITH_JOBS),
    "employment:profile": act(Of.PERSON, P.WORK_WITH_JOBS),
    "employment:annul_profile": act(Of.ROW, P.WORK_WITH_JOBS),
    "employment:referral": act(Of.PERSON, P.WORK_WITH_JOBS),
    "employment:result": act(Of.ROW, P.WORK_WITH_JOBS),
    "employment:annul_referral": act(Of.ROW, P.WORK_WITH_JOBS),
    "employment:add_job": act(Of.PERSON, P.WORK_WITH_JOBS),
    "employment:end_job": act(Of.ROW, P.WORK_WITH_JOBS),
    "employment:annul_job": act(Of.ROW, P.WORK_WITH_JOBS),
    # Leg og læring
    "schooling:daycare_offer": act(Of.PERSON),
    "schooling:school_offer": act(Of.PERSON),
    "schooling:language_offer": act(Of.PERSON, P.WORK_WITH_LANGUAGE),
    "schooling:language_referral": act(Of.PERSON, P.WORK_WITH_LANGUAGE),
    "schooling:answer_daycare": act(Of.ROW),
    "schooling:answer_school": act(Of.ROW),
    "schooling:answer_language": act(Of.ROW, P.WORK_WITH_LANGUAGE),
    "schooling:language_start": act(Of.ROW, P.WORK_WITH_LANGUAGE),
    "schooling:annul_daycare": act(Of.ROW),
    "schooling:annul_school": act(Of.ROW),
    "schooling:annul_language": act(Of.ROW, P.WORK_WITH_LANGUAGE),
    "schooling:annul_referral": act(Of.ROW, P.WORK_WITH_LANGUAGE),
    # Sundhed
    "health:need_assessed": act(Of.PERSON, P.WORK_WITH_HEALTH),
    "health:annul_assessment": act(Of.HEALTH_ROW, P.WORK_WITH_HEALTH),
    # Letters
    "letters:letters": Row(P.WRITE_CASES, None, Of.CASE),
    "letters:letter": act(Of.PERSON),
    "letters:sheet_pdf": Row(P.WRITE_CASES, None, Of.CASE),
    "letters:many": act(Of.NOTHING),
    # Lokalsamfund
    "volunteers:contacts": Row(P.MATCH_VOLUNTEERS, None),
    "volunteers:evening": act(Of.NOTHING, P.MATCH_VOLUNTEERS),
    "volunteers:family": VOLUNTEERS,
    "volunteers:pairs": Row(P.MATCH_VOLUNTEERS, None),
    "volunteers:pause_all": act(Of.NOTHING, P.MATCH_VOLUNTEERS),
    "volunteers:pause_volunteer": act(Of.VOLUNTEER, P.MATCH_VOLUNTEERS),
    "volunteers:contact": VOLUNTEERS_ROW,
    "volunteers:pause": VOLUNTEERS_ROW,
    "volunteers:link": VOLUNTEERS_ROW,
    "volunteers:tell": Row(Who.ANYBODY, Who.ANYBODY, Of.LINK),
    "volunteers:reply": Row(Who.ANYBODY, Who.ANYBODY, Of.LINK),
    "volunteers:volunteers": Row(P.MATCH_VOLUNTEERS, None),
    "volunteers:add_volunteer": act(Of.NOTHING, P.MATCH_VOLUNTEERS),
    "volunteers:edit_volunteer": act(Of.VOLUNTEER, P.MATCH_VOLUNTEERS),
    "volunteers:activities": Row(P.MATCH_VOLUNTEERS, None),
    "volunteers:add_activity": act(Of.NOTHING, P.MATCH_VOLUNTEERS),
    "volunteers:edit_activity": act(Of.ACTIVITY, P.MATCH_VOLUNTEERS),
    "volunteers:participation": VOLUNTEERS,
    "volunteers:annul_participation": VOLUNTEERS_ROW,
    "volunteers:introduction": VOLUNTEERS,
    "volunteers:leisure_introduction": VOLUNTEERS,
    "volunteers:contact_person": VOLUNTEERS,
    "volunteers:consent": VOLUNTEERS,
    "volunteers:withdraw_consent": VOLUNTEERS,
    "volunteers:end_match": VOLUNTEERS_ROW,
    "volunteers:annul_match": VOLUNTEERS_ROW,
    "volunteers:annul_introduction": VOLUNTEERS_ROW,
    "volunteers:annul_leisure": VOLUNTEERS_ROW,
    # Managers: figures, and the rows behind them
    "board:compliance": Row(P.SEE_FIGURES, None),
    "board:goals": act(Of.NOTHING, P.LEAD_TEAM),
    "board:rows": Row(P.LEAD_TEAM, None),
    "board:rows_xlsx": Row(P.LEAD_TEAM, P.LEAD_TEAM),
    "board:reports": Row(P.SEE_FIGURES, None),
    "board:make_report": send(Of.NOTHING, P.SEE_FIGURES),
    "board:report": Row(P.SEE_FIGURES, None, Of.REPORT),
    "board:report_pdf": Row(P.SEE_FIGURES, None, Of.REPORT),
    "board:report_xlsx": Row(P.SEE_FIGURES, None, Of.REPORT),
    # Offers of help: the public form, and the coordinator's list
    "offers:front": Row(Who.ANYBODY, None),
    "offers:front_in": Row(Who.ANYBODY, None, Of.TEXT),
    "offers:form": Row(Who.ANYBODY, Who.ANYBODY, Of.TEXT),
    "offers:receipt": Row(Who.ANYBODY, None, Of.TEXT),
    "offers:offers": Row(P.MATCH_VOLUNTEERS, None),
    "offers:add": act(Of.NOTHING, P.MATCH_VOLUNTEERS),
    "offers:offer": Row(P.MATCH_VOLUNTEERS, None, Of.OFFER),
    "offers:take": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:used": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:decline": act(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:release": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:remove": act(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:make_volunteer": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:make_host": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:make_firm": send(Of.OFFER, P.MATCH_VOLUNTEERS),
    "offers:wishes": Row(P.MATCH_VOLUNTEERS, None),
    "offers:add_wish": VOLUNTEERS,
    "offers:meet_wish": send(Of.ROW, P.MATCH_VOLUNTEERS),
    # The managers' room: figures of a day, and the strategy's actions
    "board:day_figures": Row(P.SEE_FIGURES, None),
    "board:day_figures_xlsx": act(Of.NOTHING, P.SEE_FIGURES),
    "board:actions": Row(P.LEAD_TEAM, None),
    "board:actions_xlsx": act(Of.NOTHING, P.LEAD_TEAM),
    "board:add_action": act(Of.NOTHING, P.LEAD_TEAM),
    "board:load_catalogue": send(Of.NOTHING, P.LEAD_TEAM),
    "board:edit_action": act(Of.ACTION, P.LEAD_TEAM),
    # The managers' room
    "board:operation": Row(Who.OPERATORS, None),
    "board:mend_mail": send(Of.NOTHING, Who.OPERATORS),
}
SAML_PAGES = {
    "saml_login": Row(Who.ANYBODY, None),
    "saml_acs": Row(None, Who.ANYBODY),
    "saml_finish_acs": Row(Who.ANYBODY, None),
    "saml_sls": Row(Who.ANYBODY, None),
    "saml_metadata": Row(Who.ANYBODY, None),
}
if settings.SAML_METADATA_URL:
    PAGES |= SAML_PAGES
