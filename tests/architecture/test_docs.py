"""What the documents say of commands is what the command table says."""

from pathlib import Path

from handlers.table import TABLE

DOCS = Path(__file__).parents[2] / "docs"
HEAD = """# Commands

Everything is typed behind `/model`. The end of a model's name is enough when only one model has it.
A version may be written `7`, `v7`, `NAME/7` or `@ALIAS`; words may come in any order and case.
Everything behind `because` is the reason, exactly as typed.
"""


def _documented() -> str:
    parts = [HEAD.strip()]
    for row in TABLE:
        command = row.command
        usage = f"/model {command.name} {command.arguments}".rstrip()
        parts.append(f"## `{usage}`\n\n{command.help}")
        if command.details:
            parts.append(command.details)
        parts.append(f"Example: `/model {command.example}` · allowed to: `{command.action.value}`")
    return "\n\n".join(parts) + "\n"


def test_the_commands_document_is_fresh() -> None:
    assert (DOCS / "commands.md").read_text() == _documented()
