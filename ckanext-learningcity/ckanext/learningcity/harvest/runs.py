"""The life of a run: who holds it, how far it has come, how it ended.

A run is held by one process, until its lease ends or it is done. Every transaction of the run
renews the lease and thereby checks that it is still the holder's, so that a process which was taken
for dead can write nothing more. A run therefore cannot be stuck: where nobody holds it, the next
look at what is due hands it to another process, and ends it after some attempts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from . import config
from .model import COUNTS, record, run

#: Starts of one run without any progress; what was interrupted so often is ended.
ATTEMPTS = 5
#: Without a sign of life for so long a process is taken for dead. A request may take five minutes.
LEASE = timedelta(minutes=10)


#: Kinds of holders: the harvest worker, and somebody at a terminal.
WORKER, TERMINAL = "worker", "terminal"


class Lost(Exception):  # noqa: N818 - it says what happened
    """Another process has taken the run, or it was ended."""


@dataclass
class Run:
    """A run that this process holds."""

    job_id: str
    source_id: str
    holder: str
    asked: Mapping[str, Any]
    expected: int
    began: datetime
    listed: int = 0
    done: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    withheld: int = 0  # listed by this start of the run, like `listed`

    @property
    def overtime(self) -> bool:
        """Whether the run has taken longer than it may."""
        minutes = tk.config["ckanext.learningcity.harvest.minutes"]
        return now() - self.began > timedelta(minutes=minutes)

    def confirmed(self, code: str) -> bool:
        """Return whether whoever began the run has confirmed an unlikely state of the source."""
        return self.asked.get("confirm") == code

    def step(self, happened: Mapping[str, int] | None = None) -> None:
        """Renew the lease and tell the progress; part of the caller's transaction.

        :raises Lost: the run is another's
        """
        for name, number in (happened or {}).items():
            self.counts[name] = self.counts.get(name, 0) + number
        progress = {"attempts": 1} if happened else {}
        self._write(lease=now() + LEASE, **self._told(), **progress)

    def end(self, outcome: str, detail: str | None = None, state: str | None = None) -> None:
        """Say how the run ended, and let go of it; the caller commits."""
        ended = {"outcome": outcome, "detail": detail, "state": state, "finished": now()}
        self._write(lease=None, holder=None, **ended, **self._told())

    def _told(self) -> dict[str, Any]:
        withheld = {"withheld": self.withheld} if self.withheld else {}
        counts = {**self.counts, **withheld}
        return {"listed": self.listed, "done": self.done, "counts": counts}

    def _write(self, **values: Any) -> None:
        mine = sa.and_(run.c.job_id == self.job_id, run.c.holder == self.holder)
        changed = run.update().where(mine).values(values).returning(run.c.job_id)
        if model.Session.execute(changed).first() is None:
            raise Lost


def now() -> datetime:
    """Return the moment in UTC."""
    return datetime.now(timezone.utc)


def ask(job_id: str, source_id: str, **asked: Any) -> None:
    """Note what whoever begins a job wants of it; the caller commits."""
    row = upsert(run).values(job_id=job_id, source_id=source_id, asked=asked)
    model.Session.execute(row.on_conflict_do_nothing())


def take(job: HarvestJob, kind: str) -> Run | None:
    """Take hold of a job's run; None where it is done or another process works on it."""
    job_id, source_id = str(job.id), str(job.source_id)
    ask(job_id, source_id)
    holder = f"{kind}:{uuid.uuid4()}"
    free = sa.or_(run.c.lease.is_(None), run.c.lease < now())
    known = sa.select(sa.func.count()).where(
        record.c.source_id == source_id,
        record.c.dataset_id.is_not(None),
        record.c.gone.is_(None),
    )
    expected = model.Session.scalar(known) or 0
    again = sa.case((run.c.attempts > 0, sa.cast(["resumed"], JSONB)), else_=sa.cast([], JSONB))
    row = model.Session.execute(
        run.update()
        .where(run.c.job_id == job_id, run.c.finished.is_(None), free)
        .values(
            holder=holder,
            lease=now() + LEASE,
            attempts=run.c.attempts + 1,
            notes=run.c.notes + again,
            started=sa.func.coalesce(run.c.started, now()),
            expected=sa.case((run.c.attempts > 0, run.c.expected), else_=expected),
        )
        .returning(run)
    ).first()
    model.Session.commit()
    if row is None:
        return None
    if row.attempts > ATTEMPTS:
        Run(job_id, source_id, holder, {}, 0, now()).end("interrupted")
        model.Session.commit()
        return None
    return Run(
        job_id, source_id, holder, row.asked, row.expected, now(), 0, row.done, dict(row.counts)
    )


def abandoned() -> list[str]:
    """Return the ids of running jobs that have not been ended and that no living process holds."""
    held = sa.select(run.c.job_id).where(run.c.lease >= now())
    jobs = (
        model.Session.query(HarvestJob.id)
        .join(HarvestSource, HarvestSource.id == HarvestJob.source_id)
        .filter(
            HarvestSource.type == config.TYPE,
            HarvestJob.status == "Running",
            HarvestJob.gather_finished.is_(None),
            HarvestJob.id.not_in(held),
        )
        .order_by(HarvestJob.created)
    )
    return [job_id for (job_id,) in jobs]


def let_go(kind: str) -> None:
    """Let go of every run that holders of a kind had: they were killed, their successor says so."""
    theirs = run.c.lease.is_not(None) & run.c.holder.startswith(f"{kind}:")
    model.Session.execute(run.update().where(theirs).values(lease=None, holder=None))
    model.Session.commit()


def finished(job_id: str) -> bool:
    """Return whether a job's run has ended."""
    ended = sa.select(run.c.finished).where(run.c.job_id == job_id)
    return model.Session.scalar(ended) is not None


def close_orphans() -> None:
    """End the runs of jobs that somebody aborted in ckanext-harvest."""
    jobs = HarvestJob.__table__
    aborted = sa.select(jobs.c.id).where(jobs.c.status == "Finished")
    orphans = run.c.finished.is_(None) & run.c.job_id.in_(aborted)
    ended = {"finished": now(), "lease": None, "holder": None, "outcome": "interrupted"}
    model.Session.execute(run.update().where(orphans).values(ended))
    model.Session.commit()


def last(source_id: str, count: int = 1, offset: int = 0) -> list[dict[str, Any]]:
    """Return the newest runs of a source that have begun."""
    rows = sa.select(run).where(run.c.source_id == source_id, run.c.started.is_not(None))
    found = model.Session.execute(
        rows.order_by(run.c.started.desc()).limit(count).offset(offset)
    ).mappings()
    return [described(dict(row)) for row in found]


def described(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run as actions give it."""
    shown = ("job_id", "attempts", "expected", "listed", "done", "outcome", "detail", "notes")
    return {
        **{name: row[name] for name in shown},
        "started": row["started"].isoformat() if row["started"] else None,
        "finished": row["finished"].isoformat() if row["finished"] else None,
        "counts": {name: row["counts"].get(name, 0) for name in COUNTS},
    }
