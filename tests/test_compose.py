"""docker-compose.yml and the Dockerfile, read closely: no Docker engine is needed to find most of their mistakes."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
STORES = sorted(set(SERVICES) - set(OURS))


def words(command: str | list[str]) -> list[list[str]]:
    """The commands in `command`, a shell's `&&` chain taken apart."""
    parts = command.split() if isinstance(command, str) else list(command)
    if parts[:2] == ["sh", "-c"]:
        return [part.split() for part in parts[2].split("&&")]
    return [parts[1:] if parts[0] == "CMD" else parts]


def test_there_is_a_service_for_every_job() -> None:
    assert set(SERVICES) == {
        *("postgres", "redis", "s3"),
        *("migrate", "web", "worker-mail", "worker-images", "worker-ocr", "worker-out", "beat", "door"),
    }


def test_no_service_stands_there_twice() -> None:
    """YAML's readers for Python take the last of two; Compose refuses the file."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8").partition("\nservices:")[2].partition("\nnetworks:")[0]
    names = re.findall(r"^  ([\w-]+):", text, re.MULTILINE)
    assert set(SERVICES) <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_it_is_asked_for_its_health(name: str) -> None:
    health = SERVICES[name]["healthcheck"]
    assert {"test", "interval", "timeout", "retries"} <= set(health)
    assert health["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_web_and_the_door_are_published_and_to_this_machine_alone(name: str) -> None:
    ports = SERVICES[name].get("ports", [])
    if name in {"web", "door"}:
        assert len(ports) == 1
        assert re.match(r"127\.0\.0\.1:|\$\{DOOR_BIND:-127\.0\.0\.1:", ports[0])
    else:
        assert not ports


@pytest.mark.parametrize("name", STORES)
def test_images_of_others_are_pinned_and_their_networks_closed(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+[\w.-]*", SERVICES[name]["image"])
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_stores_that_keep_something_keep_it_in_named_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"]) == {"postgres", "s3"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", OURS)
def test_the_commands_of_our_services_exist(name: str) -> None:
    tools = Path(sys.executable).parent
    for command in (*words(SERVICES[name]["command"]), *words(SERVICES[name]["healthcheck"]["test"])):
        program = command[0]
        assert shutil.which(program, path=str(tools)), program
        if program == "python" and command[1] == "manage.py":
            assert command[2] in get_commands()
        elif program == "python":
            assert (ROOT / command[1]).is_file()
        if program == "celery":
            assert command[1:3] == ["-A", "config"]
        if program == "granian":
            assert command[1:4] == ["--interface", "wsgi", "config.wsgi:application"]


def test_every_queue_has_a_worker() -> None:
    served = {
        command[command.index("-Q") + 1]
        for name in OURS
        for command in words(SERVICES[name]["command"])
        if command[0] == "celery" and "-Q" in command
    }
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert served == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_ours_wait_for_the_tables_and_the_stores() -> None:
    for name in OURS:
        if name != "migrate":
            assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert SERVICES[name]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_our_services_say_production_and_name_only_settings_that_are_read() -> None:
    text = (ROOT / "config" / "settings.py").read_text("utf-8")
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert environment["SUJI_ENV"] == "production"
        for variable in environment:
            assert re.search(rf'"{variable}"', text), f"{name}: {variable} is read nowhere"


def test_the_example_environment_names_what_compose_asks_for() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    required = set(re.findall(r"\$\{(\w+):\?", text))
    optional = set(re.findall(r"\$\{(\w+):-", text))
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == required
    assert set(re.findall(r"^#(\w+)=", example, re.MULTILINE)) == optional
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "S3_SECRET_KEY"):
        assert re.search(rf"^{name}=$", example, re.MULTILINE), f"{name} must not have a default"


def test_secrets_and_data_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".env", ".git", "var", ".venv", "*.sqlite3*"} <= set(ignored)


def test_the_image_runs_as_a_user_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", stage) for stage in stages)
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER suji$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert "fonts-noto-cjk" in last
    assert text.count("--require-hashes") == 2
    assert "collectstatic" in text
    assert "compilemessages" in text


def test_the_image_starts_what_the_web_service_starts() -> None:
    last = re.findall(r"^CMD (\[.+\])$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)[-1]
    assert SERVICES["web"]["command"][: len(yaml.safe_load(last))] == yaml.safe_load(last)
