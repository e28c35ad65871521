"""Who may know whom, read from the imports: the arrows of CONTRIBUTING.md, and that the pure steps are pure."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "evidence", "complaints", "config")  # an app imports itself and those before it

# Inside complaints an import points to the same floor or one below; names are modules or packages of modules. The
# pure steps stand on the ground floor; what is not named is an activity (workflow, outgoing, the line's two ends).
GROUND, ROWS, ACTIVITIES, DOORS = range(4)
FLOORS = {"stages": GROUND, "clocks": GROUND, "words": ROWS, "gate": ROWS, "models": ROWS}
FLOORS |= dict.fromkeys(("views", "forms", "tasks", "urls", "admin", "apps"), DOORS)
FLOORS |= dict.fromkeys(("demo", "management", "templatetags"), DOORS)

# The steps of the line that touch the world: rows, processes, names on the network. Every other module of
# complaints/intake is pure: it takes and returns values, and runs without Django.
TOUCHES_THE_WORLD = {
    f"complaints.intake.{name}"
    for name in (
        *("receive", "line", "settle", "endings", "match", "telling", "route", "reader", "keyring", "proof"),
        *("again", "reprocess"),
    )
}
PURE_BESIDE_INTAKE = {"complaints.stages", "complaints.clocks"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def sources() -> dict[str, ast.Module]:
    """Every module of the apps, migrations left out: its dotted name → its syntax tree."""
    paths = (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    return {name_of(path): ast.parse(path.read_text("utf-8"), str(path)) for path in paths}


@functools.cache
def imports(module: str) -> frozenset[str]:
    """What `module` imports, ours down to the module (complaints.models.case), others by their whole name."""
    is_package = (ROOT / module.replace(".", "/") / "__init__.py").exists()
    found: set[str] = set()
    for node in ast.walk(sources()[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = module.split(".") if is_package else module.split(".")[:-1]
                above = here[: len(here) - node.level + 1]
                base = ".".join((*above, base)) if base else ".".join(above)
            names = {f"{base}.{alias.name}" for alias in node.names}
            found |= {name if name in sources() else base for name in names}
    return frozenset(found)


def ours(names: frozenset[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in APPS}


def floor(module: str) -> int:
    if is_pure(module):
        return GROUND
    name = module.split(".")[1] if "." in module else ""
    return FLOORS.get(name, ACTIVITIES) if name else GROUND  # the package itself holds nothing


def is_pure(module: str) -> bool:
    steps = module.startswith("complaints.intake.") and module not in TOUCHES_THE_WORLD
    return steps or module in PURE_BESIDE_INTAKE


def reached_from(module: str) -> set[str]:
    """Everything that importing `module` brings in, through our own modules."""
    seen: set[str] = set()
    left = [module]
    while left:
        for name in imports(left.pop()):
            if name not in seen:
                seen.add(name)
                if name in sources():
                    left.append(name)
    return seen


def calls(module: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(sources()[module]) if isinstance(node, ast.Call))


def test_apps_import_only_those_they_may_know() -> None:
    wrong = {
        f"{module} imports {name}"
        for module in sources()
        for name in ours(imports(module))
        if APPS.index(name.split(".")[0]) > APPS.index(module.split(".")[0])
    }
    assert not wrong


def test_inside_complaints_imports_never_point_up() -> None:
    wrong = {
        f"{module} imports {name}"
        for module in sources()
        if module.startswith("complaints.")
        for name in ours(imports(module))
        if name.startswith("complaints.") and floor(name) > floor(module)
    }
    assert not wrong


def test_the_pure_steps_bring_in_no_django() -> None:
    worldly = ("django", "celery", "redis", "psycopg", "config", "accounts", "evidence", "environ")
    wrong = {
        f"{module} brings in {name}"
        for module in sources()
        if is_pure(module)
        for name in reached_from(module)
        if name.split(".")[0] in worldly or (name in sources() and not is_pure(name) and "." in name[11:])
    }
    assert not wrong


def test_every_step_that_touches_the_world_is_there() -> None:
    assert {name for name in TOUCHES_THE_WORLD if name not in sources()} == set()


def test_receive_rings_nothing() -> None:
    """The door says yes first and rings then; what receives must not be able to hang on a broker."""
    rung = {name for name in reached_from("complaints.intake.receive") if re.search(r"celery|kombu|tasks", name)}
    assert not rung


@pytest.mark.parametrize("module", sorted(name for name in sources() if name.startswith("complaints.views")))
def test_views_fetch_through_the_gate(module: str) -> None:
    """No row straight from its table: it comes out of `visible_to`, `editable_by` or what already came through."""
    for call in calls(module):
        source = ast.unparse(call)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get":
            assert not re.match(r"\w+\.objects\.get\(", source), source
        if ast.unparse(call.func).endswith(("get_object_or_404", "get_list_or_404")):
            fetched = ast.unparse(call.args[0])
            through = re.search(r"visible_to\(|editable_by\(|request\.user", fetched)
            is_table = re.match(r"[A-Z]\w*(\.objects|$)", fetched)  # then it is reached from a row, never by its id
            by_id = {"pk", "id", "public_id"} & {keyword.arg for keyword in call.keywords}
            assert through or not is_table or not by_id, source


def test_only_the_workflow_writes_where_a_case_stands() -> None:
    told = {"stage", "outcome", "waiting_on", "suspended", "odd", "proposed"}
    wrong = set()
    for module, tree in sources().items():
        if module == "complaints.workflow":
            continue
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in told and "case" in ast.unparse(target.value):
                    wrong.add(f"{module}: {ast.unparse(node)}")
    assert not wrong


def test_markup_is_called_safe_in_one_place_alone() -> None:
    """A notice's HTML, cleaned when it was read, in a page of its own for a sandboxed frame."""
    named = {module for module, tree in sources().items() if re.search(r"mark_safe|SafeString\(", ast.unparse(tree))}
    assert not named
    pages = [path for folder in ("templates", *APPS) for path in (ROOT / folder).rglob("*.html")]
    marked = {path.name for path in pages if re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", path.read_text("utf-8"))}
    assert marked == {"notice_html.html"}


def test_errors_are_caught_by_name() -> None:
    wrong = {
        f"{module}:{node.lineno}"
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)  # tidies up and lets it pass
        and (node.type is None or re.search(r"\b(Base)?Exception\b", ast.unparse(node.type)))
    }
    assert not wrong
