"""Mail to the people responsible for a source: once after failures, once when it works."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.learningcity.desk import notify, roles
from ckanext.learningcity.tables import codelists

from . import runs

Run = dict[str, Any]


def after(source_id: str) -> None:
    """Tell the people responsible what the newest run of a source means, if anything.

    They are the members who may edit for the source's organization or for the secretariat. A
    failure is told when there have been `ckanext.learningcity.harvest.failures` in a row, a
    recovery only after that.
    """
    most = tk.config["ckanext.learningcity.harvest.failures"]
    history = [run for run in runs.last(source_id, most + 1) if run["outcome"]]
    failed = len(list(takewhile(_failed, history)))
    before = len(list(takewhile(_failed, history[1:])))
    if failed == most:
        _tell("source_failing", source_id, history[0])
    elif history and not failed and before >= most:
        _tell("source_recovered", source_id, history[0])


def _failed(run: Run) -> bool:
    return codelists.outcomes()[run["outcome"]]["level"] == "bad"


def _tell(kind: str, source_id: str, run: Run) -> None:
    dataset = model.Package.get(source_id)
    if dataset is None:
        return
    outcome = codelists.outcomes()[run["outcome"]]
    said = {"meaning": outcome["meaning"], "remedy": outcome["remedy"], "detail": run["detail"]}
    notify.harvested(kind, dataset, roles.responsible(dataset), said)
