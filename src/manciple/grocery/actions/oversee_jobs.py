"""Dead letters: jobs that failed for good, as those who run the house see them."""

from collections.abc import Sequence

from manciple.grocery.stores.stores import Stores, Transaction
from manciple.platform.jobs.desk import Desk
from manciple.platform.jobs.job import JobStatus


class OverseeJobs:
    """Jobs of every queue, whoever they are for."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def dead(
        self, *, queue: str | None, limit: int, before: int | None
    ) -> Sequence[JobStatus]:
        """Jobs that failed for good, newest first; older than the id `before` if given."""
        return await self._stores.read(
            lambda tx: _desk(tx).dead(queue=queue, most=limit, before=before)
        )

    async def replay(self, job_id: int) -> JobStatus:
        """The job, waiting again with all its attempts.

        Raises:
            NotFound: there is no such job.
            Refused: it is not dead.
        """
        return await self._stores.write(lambda tx: _desk(tx).replay(job_id))


def _desk(tx: Transaction) -> Desk:
    return Desk(tx.connection, tx.now, tenant=None)
