"""docs/access.md, written from the rights and the commands: `python -m tasks.access_page > docs/access.md`."""

from collections.abc import Iterator

from heardback.domain.access import RIGHTS, Right
from heardback.domain.lifecycle import HANDS, Role
from tasks.guard import MOVES, NAMED, UNNAMED

OPENING = """# Who sees and does what

Written from the code by `python -m tasks.access_page`; a test holds the page to it. Everything that is not named here
is refused. Who has which role stands in `config/services.yaml`.

A **service manager** is whoever owns a service, deputises for it or heads it. Their rights reach that service's loops
and no other's; and none of its loops that is held back, in the complaints procedure, or about its own staff. What
accuses the staff of a service is nothing for its people in any role: a deputy safeguarding lead who heads that service
does not read it. A **complaints manager** follows no complaint about a service of their own.

`--by` on the command line is a name that somebody gives, not a proof of it: whoever may use the account under which
Heardback runs may give any name. Give that account to those only who may see everything, and let everybody else in
through what signs them in.
"""


def access_page() -> str:
    """The page as Markdown: rights by role, hands by state, commands."""
    return "\n".join([OPENING, *_rights(), "", *_hands(), "", *_named(), "", *_moves(), "", *_unnamed()]) + "\n"


def _rights() -> Iterator[str]:
    people = [role for role in Role if role != Role.SYSTEM]
    yield "## Rights by role\n"
    yield f"| May | {' | '.join(_said(role) for role in people)} |"
    yield f"|---|{'---|' * len(people)}"
    for right in Right:
        yield f"| {right.value} | {' | '.join('yes' if role in RIGHTS[right] else '–' for role in people)} |"


def _hands() -> Iterator[str]:
    yield "## In whose hands a loop is that is set aside\n"
    yield "| A loop that is | is moved by nobody but |"
    yield "|---|---|"
    for state, roles in HANDS.items():
        yield f"| {state} | {', '.join(sorted(_said(role) for role in roles))} |"


def _named() -> Iterator[str]:
    yield "## Commands that ask who is there, and put every asking on record\n"
    yield "| Command | Who is let in may | Roles |"
    yield "|---|---|---|"
    for command, right in NAMED.items():
        yield f"| `{command}` | {right.value} | {', '.join(sorted(_said(role) for role in RIGHTS[right]))} |"


def _moves() -> Iterator[str]:
    yield "## Commands that move a loop\n"
    yield "Who may make which move: [states.md](states.md). Refusals are on record, deeds in the history.\n"
    yield ", ".join(f"`{command}`" for command in MOVES)


def _unnamed() -> Iterator[str]:
    yield "## Commands that name nobody\n"
    yield "They are the data team's and its scheduler's. None of them shows a word that a child wrote.\n"
    yield "| Command | Shows |"
    yield "|---|---|"
    for command, shows in UNNAMED.items():
        yield f"| `{command}` | {shows} |"


def _said(role: Role) -> str:
    return role.value.replace("_", " ")


if __name__ == "__main__":
    print(access_page(), end="")  # noqa: T201  this is what it is for
