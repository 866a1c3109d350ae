"""The way to the pages from Slack: whoever presses a button that leads there is sent a link that signs them in."""

from datetime import datetime

from heardback.messages.presses import Press
from heardback.store.nudges import nudge_at
from heardback.store.session import reading
from tasks.sign_in import sign_in_link
from tasks.workplace import Workplace

PAGES = {"open": "loops/{}", "words": "loops/{}/words", "review": "safeguarding/{}", "report": "reports/{}",
         "queue": "loops"}  # fmt: skip
LINK = "Does the page ask you to sign in? <{}|Sign in here>. This link is yours alone and opens once, within 7 days."
NO_PAGES = "There is no page to open: whoever runs Heardback has set no link_base or no key for links. No words are \
shown in Slack."


def way_in(work: Workplace, press: Press, person: str, at: datetime) -> str:
    """What to say to them alone. Slack has opened the page in their browser, which may not know them yet.

    It is said at each press: that somebody is signed in on one device says nothing of the one in their hand.
    """
    with reading(work.store) as session:
        stands = nudge_at(session, *press.place)
    page = PAGES[press.action].format(*press.loops[:1])
    link = sign_in_link(work, person, stands.nudge_uid if stands else "", at, page)
    return LINK.format(link) if link else NO_PAGES
