"""The lists in docs/: features, rules, law, settings and commands, written anew from the code.

`python -m fraud.docs` writes them; a test fails when a list and the code differ. Settings and
commands of all three packages are read from their source text, because nothing in this package
may import the other two.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fraud import schemes
from fraud.errors import Misconfigured
from fraud.features import CATALOGUE, Feature
from fraud.records import Scheme
from fraud.rules import RULES, Rule
from fraud.statements import Family, HitKind

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {"fraud": "fraud", "models": "fraud-models", "streams": "fraud-streams"}
"""The command of each package."""

NOTE = "<!-- Written by `make docs` from the code. Change the code, not this page. -->\n"


def generate(folder: Path) -> None:
    """Write every list into a folder, replacing what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page, encoding="utf-8", newline="\n")


def pages() -> dict[str, str]:
    """Every list by the name of its file."""
    return {
        "features.md": features_page(),
        "rules.md": rules_page(),
        "benefits.md": benefits_page(),
        "settings.md": settings_page(),
        "commands.md": commands_page(),
    }


def _page(title: str, *parts: str) -> str:
    return "\n".join((f"# {title}\n", NOTE, *parts))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# The scorer's features.

FAMILY_TITLES = {
    Family.CLAIM: "The claim",
    Family.DOCUMENT: "Documents",
    Family.EMPLOYER: "The employer",
    Family.COMMUTER: "Crossing the border",
    Family.LINKS: "Links to other claims",
}


def features_page() -> str:
    """Every number the scorer sees, by family of evidence."""
    heads = ("Feature", "What it states", "Unit", "Records", "Typology")
    told = (
        f"{len(CATALOGUE)} features, each a function of what was known of a claim at its cut-off. "
        "A feature whose records are missing is *unknown*, never zero. Typologies are patterns "
        "that the feature may help to see; no feature means anything alone.\n"
    )
    parts = [told]
    for family, title in FAMILY_TITLES.items():
        rows = [_feature_row(feature) for feature in CATALOGUE if feature.family is family]
        parts.append(f"## {title}\n\n{_table(heads, rows)}")
    return _page("Features", *parts)


def _feature_row(feature: Feature) -> tuple[str, ...]:
    meaning = feature.meaning
    if feature.schemes is not None:
        meaning += f" Only for: {_schemes(feature.schemes)}."
    typologies = ", ".join(feature.typologies)
    return f"`{feature.name}`", meaning, feature.unit, feature.source.value, typologies


def _schemes(named: frozenset[Scheme]) -> str:
    return ", ".join(one.value.replace("_", " ") for one in Scheme if one in named)


# Rules, and the dated values of the law.

KIND_TITLES = {
    HitKind.LEAD: ("Leads", "Facts that deserve a look. A lead says nothing about the outcome."),
    HitKind.NOT_PAYABLE: (
        "Not payable",
        "What the law excludes. Never a suspicion: it raises no score and no tier.",
    ),
    HitKind.MONEY_OWED: ("Money owed", "People who would probably be paid too little."),
    HitKind.DATA_QUALITY: ("Data quality", "Typing mistakes and documents that disagree."),
}


def rules_page() -> str:
    """Every rule by kind."""
    heads = ("Rule", "What it states", "Source", "Evidence")
    intro = (
        "Rules state facts and decide nothing. The four kinds are kept apart on every screen and "
        "in every figure. A rule fires on records that are there, never on one that is missing. "
        "The values of the law that rules rest on are [listed apart](benefits.md).\n"
    )
    parts = [intro]
    for kind, (title, told) in KIND_TITLES.items():
        rows = [_rule_row(rule) for rule in RULES if rule.kind is kind]
        parts.append(f"## {title}\n\n{told}\n\n{_table(heads, rows)}")
    return _page("Rules", *parts)


def _rule_row(rule: Rule) -> tuple[str, ...]:
    meaning = rule.meaning
    if rule.schemes is not None:
        meaning += f" Only for: {_schemes(rule.schemes)}."
    families = ", ".join(family.value for family in rule.families)
    return f"`{rule.name}`", meaning, rule.source, families


MARKS = {
    schemes.Mark.FACT: "a sourced fact",
    schemes.Mark.DERIVED: "worked out from sourced facts",
    schemes.Mark.ASSUMED: "a working assumption",
    schemes.Mark.NOT_FOUND: "planned or searched for, and not confirmed",
}


def benefits_page() -> str:
    """Every dated value of the law, by law."""
    marks = "; ".join(f"**{mark.value}** {told}" for mark, told in MARKS.items())
    told = (
        "What benefits are worked out from: the tables in `fraud/schemes/data`, one for each law. "
        "A changed rate is a new period in its table. Amounts are in sen. Each value carries a "
        f"mark: {marks}. What rests on **A** or **?** may inform a lead or a note and is shown as "
        "*would be*; a rule that says *not payable* or *money owed* refuses it. A day that no "
        "period covers gives no amount.\n\n"
        "Not in any table, because no official text was found: the wage classes (the wage on the "
        "contribution statement stands for its class), the shares among dependants and survivors, "
        "the factors of a lump sum, the invalidity grant and the benefits of Act 838.\n"
    )
    heads = ("Name", "Value", "In force", "Mark", "Source", "Dated")
    by_law: dict[str, list[schemes.Term]] = {}
    for periods in schemes.terms().values():
        by_law.setdefault(periods[0].law, []).extend(periods)
    parts = [
        f"## {law}\n\n{_table(heads, [_term_row(term) for term in terms])}"
        for law, terms in by_law.items()
    ]
    return _page("Dated values of the law", told, *parts)


def _term_row(term: schemes.Term) -> tuple[str, ...]:
    value = f"`{term.value}`" if isinstance(term.value, str) else f"{term.value:,}"
    return (
        f"`{term.name}`",
        f"{value} {term.unit}",
        _validity(term),
        term.mark.value,
        term.source,
        term.dated,
    )


def _validity(term: schemes.Term) -> str:
    first = f"from {term.first_day.isoformat()}" if term.first_day else ""
    last = f"to {term.last_day.isoformat()}" if term.last_day else ""
    return f"{first} {last}".strip() or "throughout"


# Settings, read from the three config files.


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, as its config file states it."""

    variable: str
    kind: str
    default: str
    limits: str
    meaning: str


def settings_page() -> str:
    """Every environment variable of the three packages."""
    intro = (
        "Each package reads its own variables once, at the start. An unknown name with one of the "
        "prefixes, a bad value or a missing required one stops the start, and all such faults are "
        "reported together.\n"
    )
    parts = [intro]
    for package in PROGRAMS:
        source = _source_of(package, "config.py")
        rows = [
            (f"`{one.variable}`", one.default, one.kind, one.limits, one.meaning)
            for one in settings_in(source)
        ]
        heads = ("Variable", "Default", "Kind", "Allowed", "Meaning")
        told = ast.get_docstring(ast.parse(source)) or ""
        parts.append(f"## {package}\n\n{told}\n\n{_table(heads, rows)}")
    return _page("Settings", *parts)


def _source_of(package: str, name: str) -> str:
    return (ROOT / package / name).read_text(encoding="utf-8")


def settings_in(source: str) -> list[Setting]:
    """The settings that a config file's class `Settings` states, in its order.

    Raises Misconfigured when the file has no such class.
    """
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == "Settings":
            return list(_settings_of(node))
    raise Misconfigured("no class Settings in a config file")


def _settings_of(cls: ast.ClassDef) -> Iterator[Setting]:
    prefix = ""
    for node, after in zip(cls.body, [*cls.body[1:], None], strict=True):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            prefix = str(_keywords(node.value).get("env_prefix", prefix)).strip("'\"")
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            default, limits = _default_of(node.value)
            yield Setting(
                variable=f"{prefix}{node.target.id.upper()}",
                kind=_kind_of(node.annotation),
                default=default,
                limits=limits,
                meaning=_string(after),
            )


def _keywords(call: ast.Call) -> dict[str, str]:
    return {one.arg: ast.unparse(one.value) for one in call.keywords if one.arg}


def _string(node: ast.stmt | None) -> str:
    """The text of a string that stands alone, as under an attribute; empty for anything else."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


KINDS = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "`true` or `false`",
    "SecretStr": "secret",
    "Path": "path",
}


def _kind_of(annotation: ast.expr) -> str:
    """What may be written, in words; choices are listed."""
    plain = ast.unparse(annotation).removesuffix(" | None")
    if plain.startswith("Literal["):
        choices = ast.literal_eval(f"({plain[len('Literal[') : -1]},)")
        return ", ".join(f"`{choice}`" for choice in choices)
    return KINDS.get(plain, f"`{plain}`")


LIMITS = {
    "ge": "at least {}",
    "gt": "above {}",
    "le": "at most {}",
    "lt": "below {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "pattern": "`{}`",
}


def _default_of(value: ast.expr | None) -> tuple[str, str]:
    """Default and limits of a setting, as words."""
    if value is None:
        return REQUIRED, ""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "Field":
        words = _keywords(value)
        limits = [
            form.format(ast.literal_eval(words[key]))
            for key, form in LIMITS.items()
            if key in words
        ]
        return (_plain(words["default"]) if "default" in words else REQUIRED), ", ".join(limits)
    return _plain(ast.unparse(value)), ""


REQUIRED = "**required**"


def _plain(default: str) -> str:
    """A default as it would be written into the environment or at the terminal."""
    words = default.removeprefix("Path(").removesuffix(")") if "Path(" in default else default
    if (member := re.fullmatch(r"[A-Z]\w+\.([A-Z_]+)", words)) is not None:
        return f"`{member[1].lower()}`"  # one of a closed set, as it is typed
    if words == "None":
        return "none"
    return f"`{words.lower() if words in ('True', 'False') else words.strip(chr(39))}`"


# Commands, read from the cli files.

COMMANDS = {"models": ("cli.py", "tables.py", "laboratory.py")}
"""Files that hold a package's commands, where it is not `cli.py` alone."""


def commands_page() -> str:
    """Every command of the three packages, with its options."""
    parts = [
        "`<command> --help` says the same at the terminal. `make` lists the development targets.\n"
    ]
    for package, program in PROGRAMS.items():
        trees = [
            ast.parse(_source_of(package, name)) for name in COMMANDS.get(package, ("cli.py",))
        ]
        parts.append(f"## {program}\n\n{ast.get_docstring(trees[0]) or ''}\n")
        found = [command for tree in trees for command in commands_in(tree)]
        parts += [_command_part(program, command) for command in found]
    return _page("Commands", *parts)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, what it does, and its arguments and options."""

    words: str
    told: str
    options: tuple[tuple[str, str, str], ...]
    """Name, default, help."""


def _command_part(program: str, command: Command) -> str:
    part = f"### `{program} {command.words}`\n\n{command.told}\n"
    if command.options:
        part += "\n" + _table(("Argument or option", "Default", "Meaning"), command.options)
    return part


def commands_in(tree: ast.Module) -> list[Command]:
    """The commands that functions of a cli file are, in its order."""
    groups = dict(_groups_in(tree))
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                words = _command_words(decorator, node.name, groups)
                if words:
                    told = ast.get_docstring(node) or ""
                    found.append(Command(words, told, tuple(_options_of(node))))
    return found


def _groups_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names of typer apps that are added to another under a word."""
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if ast.unparse(call.func).endswith(".add_typer") and call.args:
                yield ast.unparse(call.args[0]), _keywords(call).get("name", "").strip("'\"")


def _command_words(decorator: ast.expr, function: str, groups: dict[str, str]) -> str:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return ""
    if decorator.func.attr != "command":
        return ""
    named = _keywords(decorator).get("name") or next(map(ast.unparse, decorator.args), "")
    word = named.strip("'\"") or function.replace("_", "-")
    return f"{groups.get(ast.unparse(decorator.func.value), '')} {word}".strip()


def _options_of(function: ast.FunctionDef) -> Iterator[tuple[str, str, str]]:
    arguments = function.args
    defaults: list[ast.expr | None] = [None] * (len(arguments.args) - len(arguments.defaults))
    defaults += arguments.defaults
    pairs = [*zip(arguments.args, defaults, strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for argument, default in pairs:
        made = _typer_call(argument.annotation)
        if made is not None:
            yield _option(argument.arg, made, default)


def _typer_call(annotation: ast.expr | None) -> ast.Call | None:
    """The typer.Option(...) or typer.Argument(...) inside an Annotated[...]."""
    if annotation is None:
        return None
    for node in ast.walk(annotation):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("typer."):
            return node
    return None


def _option(name: str, made: ast.Call, default: ast.expr | None) -> tuple[str, str, str]:
    is_option = ast.unparse(made.func) == "typer.Option"
    spelt = [ast.literal_eval(one) for one in made.args if isinstance(one, ast.Constant)]
    shown = " ".join(map(str, spelt)) or f"--{name.replace('_', '-')}"
    words = _keywords(made)
    told = ast.literal_eval(words["help"]) if _is_literal(words.get("help")) else ""
    return (
        f"`{shown}`" if is_option else f"`{name.upper()}`",
        REQUIRED if default is None else _plain(ast.unparse(default)),
        told,
    )


def _is_literal(source: str | None) -> bool:
    try:
        ast.literal_eval(source or "")
    except (ValueError, SyntaxError):
        return False
    return True


def main(arguments: Sequence[str], say: Callable[[str], object] = sys.stdout.write) -> None:
    """Write the lists into the folder that is named, or into docs/."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs"
    generate(folder)
    say(f"wrote {', '.join(pages())} to {folder}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
