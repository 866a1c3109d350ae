"""The reading desk on pages: what is held back, for those who may read it, and what came of reading it (G8)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from heardback.errors import MoveRefused, StaleVersion
from heardback.messages import desk_page
from heardback.messages.desk_page import READINGS, Reader, Returned
from heardback.messages.web import Asked, Site
from heardback.messages.web import Shown as Page
from tasks.safeguarding import held_loop, reading_queue, settle_reading
from tasks.web_session import Visit

FILLED = ("outcome", "reference", "about_staff")
RECORDED = "{}: what you found is on record."


class ReadingDesk:
    """The queue, and one loop of it, at the instant that `clock` says; for others there is no such page."""

    def __init__(self, site: Site, clock: Callable[[], datetime]) -> None:
        self._site, self._clock = site, clock

    def queue(self, asked: Asked, visit: Visit) -> Page:
        """What waits, and above it what was recorded a moment ago."""
        found = reading_queue.run(visit.person, self._clock())
        did = asked.query.get("did", "")
        is_number = did.removeprefix("L-").isdigit()
        said = RECORDED.format(did) if is_number else ""
        loops: dict[str, dict[str, Any]] = {}
        for comment in found["queue"]:
            loops.setdefault(comment["loop_uid"], comment)  # a loop stands where its most urgent comment does
        return Page(desk_page.queue_page(self._reader(visit), found["waiting"], list(loops.values()), said))

    def read(self, asked: Asked, visit: Visit) -> Page:
        """What was said in one loop; the reading is on record before it is shown."""
        return self._read(asked.path["loop"], visit)

    def settle(self, asked: Asked, visit: Visit) -> Page:
        """What came of it is recorded, or the form comes back with what is wrong."""
        loop_uid, version = asked.path["loop"], asked.fields.get("version", "")
        filled = {name: asked.fields[name] for name in FILLED if name in asked.fields}
        faults = faults_of(filled, version)
        if faults:
            return self._read(loop_uid, visit, Returned("settle", filled, faults), 422)
        try:
            settle_reading.run(
                loop_uid, visit.person, filled["outcome"], self._clock(), reference=filled["reference"],
                about_staff=True if "about_staff" in filled else None, version=int(version),
            )  # fmt: skip
        except (StaleVersion, MoveRefused) as refused:
            said = Returned("settle", filled, {"": f"Nothing was recorded: {refused.what}."})
            return self._read(loop_uid, visit, said, 409 if isinstance(refused, StaleVersion) else 422)
        return Page(to=f"/safeguarding?did={loop_uid}")

    def _read(self, loop_uid: str, visit: Visit, returned: Returned | None = None, status: int = 200) -> Page:
        held = held_loop.run(loop_uid, visit.person, self._clock())
        return Page(desk_page.reading_page(self._reader(visit), held, returned), status)

    def _reader(self, visit: Visit) -> Reader:
        return Reader(visit.council, self._site.base, visit.name, visit.key)


def faults_of(filled: dict[str, str], version: str) -> dict[str, str]:
    """What is missing in the form, by field."""
    faults = {} if filled.get("outcome") in READINGS else {"outcome": "Choose one of these."}
    if "reference" not in filled:
        faults["reference"] = "This is needed."
    elif len(filled["reference"]) > desk_page.LONGEST:
        faults["reference"] = f"At most {desk_page.LONGEST} characters."
    return faults if version.isascii() and version.isdigit() else faults | {"": "Nothing was recorded: open it again."}
