"""Every error that Heardback raises on purpose.

    HeardbackError
    ├── ConfigurationError        the council's files are wrong; every fault with file and line
    ├── NotFound                  a source, loop, row or file that was named does not exist
    ├── Unreadable                a file that cannot be read as what its map says it is
    ├── StillArriving             a file that somebody may still be writing: no failure, it waits for the next pull
    ├── SourceUnavailable         a tool did not hand over its answers; says whether trying again helps
    ├── PullRefused               a pull whose rows cannot be trusted as a whole; nothing of it landed
    ├── NotAllowed                somebody asked for what their role does not reach
    ├── LedgerError
    │   ├── MoveRefused           the table of moves does not allow it, or something it requires is missing
    │   └── StaleVersion          the loop has moved since it was looked at
    ├── StoreError                the database is locked, missing, or of another version
    ├── DeliveryError             something did not go out; says whether trying again helps
    │   └── SendFailed            a message of which it is not certain that it went out
    ├── PullsFailed               some of several sources did not land; the others did
    ├── DisclosureError           a release that would show a small number, with the cells
    └── SanityStop                a run that would delete or send more than it plausibly should

Each says what is wrong, where, and what to do. None of them ever carries a word that a child wrote.
"""

from collections.abc import Sequence


class HeardbackError(Exception):
    """The base of them all. `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.do = what, where, do

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  → {self.do}" if self.do else ""
        return f"{place}{self.what}{advice}"


class ConfigurationError(HeardbackError):
    """The configuration has faults; `faults` holds one line for each, with file and line number."""

    exit_code = 2

    def __init__(self, faults: Sequence[object]) -> None:
        self.faults = [str(fault) for fault in faults]
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the configuration"
        super().__init__("\n".join([count + ":", *(f"  {fault}" for fault in self.faults)]))


class NotFound(HeardbackError):
    """Something was named that is not there."""

    exit_code = 2


class Unreadable(HeardbackError):
    """A file whose bytes are not what its map says."""


class SourceUnavailable(HeardbackError):
    """A tool that did not hand over its answers, so that nothing of them was kept.

    `permanent` says that trying again does not help. `retry_after` (seconds) is set when it asked us to wait.
    """

    def __init__(
        self, what: str, *, where: str = "", do: str = "", permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(what, where=where, do=do)
        self.permanent, self.retry_after = permanent, retry_after


class StillArriving(HeardbackError):
    """A file that changed a moment ago; nothing is wrong with it yet."""


class PullRefused(HeardbackError):
    """The rows as a whole cannot be trusted: a missing column, too many bad rows, a snapshot that lost too much."""


class NotAllowed(HeardbackError):
    """Somebody asked for what their role does not reach; the asking is on record."""


class LedgerError(HeardbackError):
    """A change of a loop's state that did not happen."""


class MoveRefused(LedgerError):
    """Not allowed from this state, for this actor, or without what the move requires."""


class StaleVersion(LedgerError):
    """The loop moved since the version that the actor saw."""


class StoreError(HeardbackError):
    """The database, or the folder beside it, cannot be used as it is.

    `passing` says that the same work may come through a moment later: nothing has to be put right first.
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", do: str = "", passing: bool = False) -> None:
        super().__init__(what, where=where, do=do)
        self.passing = passing


class DeliveryError(HeardbackError):
    """Something did not go out. `permanent` says that trying again does not help."""

    def __init__(self, what: str, *, where: str = "", do: str = "", permanent: bool = False) -> None:
        super().__init__(what, where=where, do=do)
        self.permanent = permanent


class SendFailed(DeliveryError):
    """A message of which it is not certain that it went out.

    `code` is the other side's own word for it. `retry_after` (seconds) is set when it asked us to wait.
    `fate_unknown` says that the message may stand there all the same: look with `find` before sending again.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        do: str = "",
        permanent: bool = False,
        code: str = "",
        retry_after: float | None = None,
        fate_unknown: bool = False,
    ) -> None:
        super().__init__(what, where=where, do=do, permanent=permanent)
        self.code, self.retry_after, self.fate_unknown = code, retry_after, fate_unknown


class PullsFailed(HeardbackError):
    """Some of several sources or registers did not land; `reports` holds what became of every one."""

    def __init__(self, what: str, *, reports: Sequence[object] = (), where: str = "", do: str = "") -> None:
        super().__init__(what, where=where, do=do)
        self.reports = tuple(reports)


class DisclosureError(HeardbackError):
    """A release from which a small number could be worked out; `cells` names each."""

    def __init__(self, what: str, *, cells: Sequence[str] = (), where: str = "", do: str = "") -> None:
        super().__init__(what, where=where, do=do)
        self.cells = tuple(cells)


class SanityStop(HeardbackError):
    """A run stopped itself because it would have done far more than usual."""
