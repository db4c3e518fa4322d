"""The lists in docs/ say what the code says; `make docs` writes them anew."""

from pathlib import Path

import pytest

import fraud.config
import models.config
import streams.config
from fraud.docs import ROOT, commands_in, generate, pages, settings_in, settings_page
from fraud.errors import Misconfigured
from fraud.features import FEATURE_NAMES
from fraud.rules import RULES
from fraud.schemes import terms

SETTINGS = [fraud.config.Settings, models.config.Settings, streams.config.Settings]


@pytest.mark.parametrize("name", pages())
def test_a_list_is_as_the_code_says(name):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/{name} is out of date: run `make docs`"


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.__module__)
def test_every_setting_is_listed_with_its_prefix(settings):
    prefix = settings.model_config["env_prefix"]
    package = settings.__module__.split(".")[0]
    source = (ROOT / package / "config.py").read_text(encoding="utf-8")
    listed = {one.variable for one in settings_in(source)}
    assert listed == {f"{prefix}{name.upper()}" for name in settings.model_fields}
    assert all(f"`{variable}`" in settings_page() for variable in listed)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.__module__)
def test_what_is_required_is_listed_as_required(settings):
    source = Path(str(settings.__module__).replace(".", "/") + ".py")
    listed = {one.variable: one.default for one in settings_in((ROOT / source).read_text("utf-8"))}
    prefix = settings.model_config["env_prefix"]
    for name, field in settings.model_fields.items():
        assert (listed[f"{prefix}{name.upper()}"] == "**required**") is field.is_required()


def test_every_feature_rule_and_dated_value_is_listed():
    lists = pages()
    assert all(f"`{name}`" in lists["features.md"] for name in FEATURE_NAMES)
    assert all(f"`{rule.name}`" in lists["rules.md"] for rule in RULES)
    assert all(f"`{name}`" in lists["benefits.md"] for name in terms())


def test_commands_are_found_with_their_groups_and_options():
    import ast

    tree = ast.parse(
        "app.add_typer(staff, name='staff')\n"
        "@staff.command('add')\n"
        "def staff_add(name: Annotated[str, typer.Argument(help='Who.')],\n"
        "              role: Annotated[Role, typer.Option(help='What.')] = Role.READER):\n"
        "    'Add a person.'\n"
        "@app.command()\n"
        "def verify_audit():\n"
        "    'Check.'\n"
    )
    added, verified = commands_in(tree)
    assert (added.words, added.told) == ("staff add", "Add a person.")
    assert added.options == (
        ("`NAME`", "**required**", "Who."),
        ("`--role`", "`reader`", "What."),
    )
    assert verified.words == "verify-audit"


def test_a_config_file_without_settings_is_refused():
    with pytest.raises(Misconfigured):
        settings_in("x = 1")


def test_generate_writes_every_list(tmp_path):
    generate(tmp_path / "docs")
    assert {path.name for path in (tmp_path / "docs").iterdir()} == set(pages())
