"""The rules of the house that import-linter cannot see: strings, templates, models, and who may call what."""

import ast
import importlib
import importlib.util
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
AREA_APPS = ("reception", "housing", "employment", "schooling", "health", "volunteers")
FLOORS = {
    "accounts": 0,
    "cases": 1,
    "phrases": 2,
    "deadlines": 3,
    **dict.fromkeys(AREA_APPS, 4),
    "desk": 5,
    "intake": 6,
    "board": 6,
    "keeping": 6,
    "letters": 6,
    "offers": 6,
}
OWN = [name for name in (*FLOORS, "config") if (ROOT / name).is_dir()]
AREA_FILES = ("models", "rules", "services", "forms", "panel", "views", "urls")

# A case knows the address of its own page, which the floors above it show.
UPWARD_NAMES = {("cases/models.py", "desk:case")}
GUARDED_MODELS = {"Case", "Person", "Step", "Entry"}


def own_files():
    """Every source file of the product, without migrations and tests."""
    return sorted(
        path
        for name in OWN
        for path in (ROOT / name).rglob("*.py")
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    )


def short(path):
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def template_files():
    return sorted((ROOT / "templates").rglob("*.html"))


def uncommented(path):
    """A template's text without its comments."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


def may_use(user, used):
    """True when code of app `user` may point at app `used`: downwards, or at itself."""
    return user == used or used not in FLOORS or FLOORS[user] > FLOORS[used]


# --- The floors in strings --------------------------------------------------------------------


def test_relations_point_downwards():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        if not may_use(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert wrong == []


def test_templates_point_downwards():
    wrong = []
    for path in template_files():
        user = path.relative_to(ROOT / "templates").parts[0]
        used = re.findall(r"{%-? *(?:include|extends|url) +['\"](\w+)[/:]", uncommented(path))
        if user == "components":
            wrong += [(short(path), name) for name in used if name in FLOORS]
        elif user in FLOORS:
            wrong += [(short(path), name) for name in used if not may_use(user, name)]
    assert wrong == []


def url_names(path):
    """The namespaced URL names that a module reverses or redirects to, literally."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in {"reverse", "reverse_lazy", "redirect"} and isinstance(first, ast.Constant):
            yield str(first.value)


def test_url_names_in_code_point_downwards():
    wrong = [
        (short(path), name)
        for path in own_files()
        if (user := path.relative_to(ROOT).parts[0]) in FLOORS
        for name in url_names(path)
        if ":" in name and not may_use(user, name.split(":")[0]) and (short(path), name) not in UPWARD_NAMES
    ]
    assert wrong == []


def test_every_app_has_a_floor():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert ours <= set(FLOORS)


# --- The areas --------------------------------------------------------------------------------


def area_keys():
    return [area.key for area in importlib.import_module("desk.areas").AREAS]


def test_no_area_is_forgotten():
    with_rules = {
        config.name
        for config in apps.get_app_configs()
        if (Path(config.path) / "rules.py").exists() and config.name in OWN and config.name != "deadlines"
    }
    assert set(area_keys()) == with_rules == set(AREA_APPS)
    assert len(area_keys()) == len(set(area_keys()))


@pytest.mark.parametrize("slug", AREA_APPS)
def test_every_area_is_whole(slug):
    missing = [name for name in AREA_FILES if importlib.util.find_spec(f"{slug}.{name}") is None]
    assert missing == []
    assert (ROOT / "templates" / slug / "_panel.html").is_file()
    assert importlib.import_module(f"{slug}.urls").app_name == slug
    rules = importlib.import_module(f"{slug}.rules").RULES
    assert isinstance(rules, tuple)
    assert rules
    assert [rule.key for rule in rules if not rule.key.startswith(f"{slug}.")] == []


def test_rule_keys_are_unique():
    keys = [rule.key for slug in AREA_APPS for rule in importlib.import_module(f"{slug}.rules").RULES]
    assert len(keys) == len(set(keys))


# --- One door to what is protected ------------------------------------------------------------


def unguarded(path):
    """Places in a module that reach a protected model's rows without asking who looks."""
    parents = {child: node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            follows = parents[node]
            guarded = isinstance(follows, ast.Attribute) and follows.attr in {"visible_to", "none"}
            if node.value.id in GUARDED_MODELS and not guarded:
                yield f"{short(path)}:{node.lineno} {node.value.id}.objects"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"get_object_or_404", "get_list_or_404"}:
            name = getattr(node.args[0], "id", "") if node.args else ""
            if name in GUARDED_MODELS:
                yield f"{short(path)}:{node.lineno} get_object_or_404({name})"


def test_views_ask_who_looks():
    views = [path for path in own_files() if path.name == "views.py" or path.parent.name == "views"]
    assert [place for path in views for place in unguarded(path)] == []


def users_of(pattern):
    """The files of the product whose text holds the pattern."""
    return {short(path) for path in own_files() if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_one_path_renders_a_pdf():
    """cases/printer.py, which cases/paper.py starts in a process of its own."""
    assert users_of(r"(?m)^\s*(import|from) weasyprint") <= {"cases/printer.py"}
    assert users_of(r"printer\.py") <= {"cases/paper.py"}


def test_raw_sql_lives_in_the_ledger():
    raw = r"connections?(\[.+\])?\.cursor\(|\.raw\(|RawSQL|RunSQL|\.extra\(|executemany|schema_editor"
    # Triggers, which no ORM writes, are the one exception: the database's own guard of the log.
    # Compiled questions are querysets whose SQL was kept.
    assert users_of(raw) <= {"deadlines/ledger.py", "accounts/triggers.py", "accounts/questions.py"}
    migrations = [path for name in OWN for path in (ROOT / name).glob("migrations/*.py")]
    assert [short(path) for path in migrations if "RunSQL" in path.read_text(encoding="utf-8")] == []


def test_nothing_is_hooked_up_behind_the_scenes():
    assert users_of(r"\bdef ready\(|@receiver|django\.dispatch|db\.models\.signals|(pre|post)_(save|delete)") == set()
    assert users_of(r"django\.contrib\.admin") == set()
    # The public form carries no session that another site could misuse, and must set no cookie.
    assert users_of("csrf_exempt") == {"offers/views/public.py"}


def test_the_clock_is_read_at_the_doors_only():
    assert users_of(r"\bdate\.today\(|datetime\.(now|today|utcnow)\(|timezone\.now\(\)\.date\(") == set()
    deep = users_of(r"\blocaldate\(\)")
    doors = re.compile(
        r"(^|/)(views|management|templatetags|tasks|forms|panel)(/|\.py|_|$)|^accounts/|^config/|/acts\.py$"
    )
    assert sorted(path for path in deep if not doors.search(path)) == []


# --- Templates and text -----------------------------------------------------------------------


def test_nothing_from_users_is_taken_for_html():
    assert users_of(r"\bmark_safe\b|\bSafeString\(") == set()
    bad = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%-?\s*autoescape\s+off|csrf_exempt")
    assert [short(path) for path in template_files() if bad.search(uncommented(path))] == []


def test_templates_hold_to_the_strict_content_security_policy():
    wrong = []
    for path in template_files():
        text = uncommented(path)
        if re.search(r"<[a-z][^>]*\sstyle\s*=", text) or re.search(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", text):
            wrong.append(short(path))
        wrong += [short(path) for tag in re.findall(r"<(?:script|style)\b[^>]*>", text) if not allowed_tag(tag)]
        if re.search(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", text):
            wrong.append(short(path))
    assert wrong == []


def allowed_tag(tag):
    """A script with a source, data that is no script, or anything that carries the nonce."""
    return " src=" in tag or "nonce=" in tag or 'type="application/json"' in tag


def test_templates_are_small():
    assert [short(path) for path in template_files() if len(path.read_text(encoding="utf-8").splitlines()) > 120] == []


def test_files_and_functions_are_small():
    wrong = []
    for path in own_files():
        if len(path.read_text(encoding="utf-8").splitlines()) > 400:
            wrong.append(short(path))
        wrong += [
            f"{short(path)}:{node.lineno} {node.name} has {length(node)} lines"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > 40
        ]
    assert wrong == []


def length(function):
    """Lines of a function from its first statement after the docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1


def test_no_drawer_for_everything():
    assert [short(path) for path in own_files() if path.stem in {"utils", "common", "helpers", "misc", "signals"}] == []


def test_nothing_is_left_to_do():
    marks = re.compile("TO" + "DO|FIX" + "ME|X" + "XX")
    files = [*own_files(), *template_files(), *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    assert [short(path) for path in files if marks.search(path.read_text(encoding="utf-8"))] == []


# --- Versions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "floor"),
    [("django", (5, 2, 19)), ("weasyprint", (70, 0)), ("gunicorn", (27, 0)), ("cryptography", (50, 0))],
)
def test_versions_without_known_holes(package, floor):
    assert tuple(int(part) for part in version(package).split(".")[: len(floor)]) >= floor
