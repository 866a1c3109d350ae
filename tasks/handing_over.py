"""A loop that is another service's: its owner there, what is kept of where it was, and time before it climbs again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.deadlines import england
from heardback.errors import MoveRefused, NotFound
from heardback.store import Loop
from heardback.store.waiting import mark_matched
from tasks.due import absences_of, day_of

ONE_DIGEST = 6  # working days: its owner there has had one before anybody above is told


def other_services(council: Council, loop: Loop) -> dict[str, str]:
    """The services that a loop can be handed to, by code with their names; none for one that accuses its staff.

    Whom it accuses is known by the loop's service: in another it would be shown to them.
    """
    if loop.kept_from_service:
        return {}
    return {one.code: one.name for one in council.directory.services if one.code != loop.service_code}


def handed_over(
    session: Session, loop: Loop, council: Council, at: datetime, given: Mapping[str, Any]
) -> dict[str, Any]:
    """What a reassignment to another service says beside the service and the reason.

    Its owner there; the service it came from, by which every past day stays as it was (G11); and until when it does not
    climb, for nobody there has heard of it yet. Raises NotFound, MoveRefused.
    """
    code = str(given["service"])
    service = council.directory.service(code)
    if service is None:
        known = ", ".join(sorted(one.code for one in council.directory.services))
        raise NotFound(f"there is no service '{code}'", do=f"one of: {known}")
    if code not in other_services(council, loop):
        what = "is that service's already" if code == loop.service_code else "accuses staff, so it stays where it is"
        raise MoveRefused(f"{loop.loop_uid} {what}", do="give it to a person: --to NAME")
    owner = given.get("owner", service.owner)
    if owner not in council.directory.people_of(code):
        raise MoveRefused(f"{owner} is nobody of {service.name}", do=f"leave it to {service.owner}, who owns it there")
    mark_matched(session, [loop.loop_uid], None)  # other changes may answer it there
    today = day_of(council, at)
    calendar = absences_of(council, england(today.year, today.year + 1)).calendar
    until = calendar.add_working_days(today, ONE_DIGEST)
    return {"owner": owner, "from_service": loop.service_code, "until": until}
