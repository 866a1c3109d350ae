"""Does it all add up? Every night: rows in against rows accounted for, and the history's chain."""

from prefect import flow

from flows.binding import task_of
from tasks.assurance import assure


@flow(name="assurance", persist_result=False)
def assurance() -> None:
    """Reconcile and verify; the run fails where either finds anything."""
    task_of(assure)()
