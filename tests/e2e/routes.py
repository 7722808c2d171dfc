"""Every page of the product, from the URL resolver: a new page is crawled without anybody having to think of it."""

from collections.abc import Iterator

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

# Only sent to, never looked at: the crawl checks that a GET is refused.
ONLY_POST = {
    "board:load_catalogue",
    "board:end_absence",
    "board:share_move",
    "board:undo_move",
    "board:activate",
    "board:ask_activation",
    "board:remove_term",
    "board:take_back_activation",
    "board:mend_mail",
    "desk:job_again",
    "board:make_report",
    "offers:make_firm",
    "offers:make_host",
    "offers:make_volunteer",
    "offers:meet_wish",
    "offers:release",
    "offers:take",
    "offers:used",
    "desk:assign_guarded",
    "desk:close_openings",
    "desk:decide_guarded",
    "desk:end_assignment",
    "desk:save_draft",
    "desk:tick_many",
    "desk:treat_as_adult",
    "desk:write_note",
    "intake:import_choose",
    "intake:import_choose_for_all",
    "intake:import_commit",
    "intake:import_discard",
    "intake:import_settle",
    "intake:live",
    "keeping:insight_prepare",
    "keeping:insight_release",
    "keeping:insight_take_back",
    "keeping:lift",
}
# Answer with a file, which the journeys open, or with nothing to look at; the administrator's are only sent to.
FILES = {
    "reception:plan_pdf", "reception:signed_copy", "account_seen", "mfa_remove_webauthn",
    "desk:remove_absence", "desk:deactivate_user", "desk:reactivate_user", "desk:reset_factor", "desk:send_link", "desk:answer_role",
    "desk:answer_file",
    "keeping:insight_pdf", "keeping:insight_json", "keeping:insight_xlsx", "letters:sheet_pdf",
    "desk:job_file", "board:report_pdf", "board:report_xlsx",
}  # fmt: skip
AREAS = ("modtagelse", "bolig", "selvforsoergelse", "leg-og-laering", "sundhed", "lokalsamfund")
CHILDREN = {"schooling:daycare_offer": "sofiia", "schooling:school_offer": "maksym"}
# The same pages as they look with other rows, filters and states.
VARIANTS = (
    "/?vis=overskredet",
    "/?hvem=team",
    "/?hvem=team&vis=i-dag",
    "/frister/?status=overskredet",
    "/frister/?sagsbehandler=ingen",
    "/frister/?q=findes-ikke",
    "/familier/?q=findes-ikke",
    "/familier/?sagsbehandler=ingen",
    "/ledelse/fordel/?fra=ingen",
    "/hjaelp/en/bolig/",
    "/tilbud/?vis=karantaene",
    "/tilbud/?vis=brugt&slags=work",
    "/findes-ikke/",
)


def patterns(resolver=None, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """(name with its namespace, names of the parameters) of every URL of the product."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", sorted(entry.pattern.converters)


def parameters(name: str, wanted: list[str], scene: dict) -> list[dict]:
    """What to fill a pattern with: the scene's own row for it, else its rich family; empty when nothing fits."""
    family = scene["family"]
    known = {"number": family["number"], "person_id": family[CHILDREN.get(name, "dmytro")]}
    known |= {"uidb36": "1", "key": "ugyldig"}
    known |= {"language": "uk", "slug": "ting"} if name.startswith("offers:") else {}
    known["pk"] = scene["team"] if name == "desk:change_team" else scene["colleague"]
    if name in scene["params"]:
        return scene["params"][name]
    if name in {"desk:area", "desk:tick_many"}:
        return [{"number": family["number"], "slug": slug} for slug in AREAS]
    if name.startswith("intake:import_"):
        return scene["params"]["intake:import"][:1]
    if name.startswith("keeping:insight_"):
        return scene["params"]["keeping:insight"]
    strange = "pk" in wanted and not name.startswith(("desk:", "mfa_"))
    return [{one: known[one] for one in wanted}] if set(wanted) <= set(known) and not strange else []


def paths(scene: dict) -> tuple[list[str], list[str], list[str]]:
    """(pages, addresses that only take a POST, names of patterns that nothing fills)."""
    pages, only_post, unfilled = [], [], []
    for name, wanted in patterns():
        filled = parameters(name, wanted, scene)
        if not filled:
            unfilled.append(name)
        elif name not in FILES:
            target = only_post if name in ONLY_POST else pages
            target += [reverse(name, kwargs=given) for given in filled]
    closed = scene["params"]["closed"][0]["number"]
    fresh, olena = scene["decided"], scene["family"]["olena"]
    plan = reverse("reception:min_plan", args=[scene["family"]["number"], olena])
    pages += [*VARIANTS, f"/familier/{closed}/", f"/familier/{fresh}/", f"/familier/{fresh}/modtagelse/"]
    pages += [plan, f"{plan}?rediger", reverse("desk:person", args=[scene["family"]["number"], olena])]
    return list(dict.fromkeys(pages)), only_post, unfilled
