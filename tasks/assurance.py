"""Does it all add up? Rows in against rows accounted for, and the history against its own hashes."""

from dataclasses import dataclass

from heardback.errors import HeardbackError
from heardback.store.reconciliation import Account, balance, orphans
from heardback.store.session import reading
from heardback.store.verification import count_entries, find_tampering
from tasks.step import step
from tasks.workplace import open_workplace


@dataclass(frozen=True)
class Reconciliation:
    """Every pull's account, and the problems of those that do not balance, each with the pull's name."""

    accounts: list[Account]
    problems: list[str]


@dataclass(frozen=True)
class Verification:
    """How many history entries were read, and every place where they are not what was written."""

    entries: int
    problems: list[str]


@step()
def reconcile() -> Reconciliation:
    """Recount every pull from the tables (G1)."""
    with open_workplace() as work, reading(work.store) as session:
        accounts = balance(session)
        problems = [f"pull {account.pull_uid}: {problem}" for account in accounts for problem in account.problems]
        return Reconciliation(accounts, problems + orphans(session))


@step()
def assure() -> None:
    """Do both. Raises HeardbackError with every problem where there is any."""
    problems = reconcile().problems + verify().problems
    if problems:
        raise HeardbackError("\n".join(problems), do="heardback reconcile; heardback verify")


@step()
def verify() -> Verification:
    """Check the history's chain from its first entry to its last (G13)."""
    with open_workplace() as work, reading(work.store) as session:
        return Verification(count_entries(session), [str(place) for place in find_tampering(session)])
