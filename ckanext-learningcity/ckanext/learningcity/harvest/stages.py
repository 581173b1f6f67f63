"""The three stages of a harvest job.

Each can be killed at any point and run again: gathering starts anew, fetching overwrites what it
fetched, and taking in compares the dataset's fingerprint, which is written last.
"""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportReturnType=false
# pyright: reportGeneralTypeIssues=false
# The models of ckanext-harvest declare their columns without types.

from __future__ import annotations

import json
import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestJob,
    HarvestObject,
    HarvestObjectError,
)

from ckanext.learningcity.harvesters.base import Harvested
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.harvesters.packing import (
    pack_document,
    pack_ref,
    unpack_document,
    unpack_ref,
)
from ckanext.learningcity.indicators import derived, fingerprint

from . import config
from .package import dataset_id, package_dict

log = logging.getLogger(__name__)


def gather(job: HarvestJob) -> list[str]:
    """Make a harvest object of every dataset that the source lists, and return their ids."""
    model.Session.query(HarvestObject).filter_by(harvest_job_id=job.id).delete()
    model.Session.commit()
    try:
        with config.session() as session:
            refs = list(config.source_of(job.source).refs(session))
    except (SourceError, FactsError) as error:
        HarvestGatherError.create(message=_described(error), job=job)
        return []
    objects = [HarvestObject(guid=ref.id, job=job, content=pack_ref(ref)) for ref in refs]
    model.Session.add_all(objects)
    model.Session.commit()
    return [harvest_object.id for harvest_object in objects]


def fetch(harvest_object: HarvestObject) -> bool:
    """Replace the reference in `content` by the document fetched for it."""
    if "answers" in json.loads(harvest_object.content):
        return True  # fetched before the worker was killed
    try:
        with config.session() as session:
            source = config.source_of(harvest_object.source)
            document = source.fetch(session, unpack_ref(harvest_object.content))
    except (SourceError, FactsError) as error:
        HarvestObjectError.create(_described(error), harvest_object, "Fetch")
        return False
    harvest_object.content = pack_document(document)
    harvest_object.save()
    return True


def take_in(harvest_object: HarvestObject) -> bool | str:
    """Make or update the dataset and publish its next release.

    :returns: `unchanged` where the source gave what the portal has; False after an error
    """
    try:
        source = config.source_of(harvest_object.source)
        harvested = source.read(unpack_document(harvest_object.content))
    except (SourceError, FactsError) as error:
        HarvestObjectError.create(_described(error), harvest_object, "Import")
        return False
    identifier = dataset_id(harvested)
    mark = harvested.fingerprint()
    known = model.Package.get(identifier)
    if known and known.state == model.State.ACTIVE and fingerprint.of(identifier) == mark:
        _make_current(harvest_object, identifier)
        return "unchanged"
    try:
        _store(harvested, harvest_object, identifier, exists=known is not None)
    except tk.ValidationError as error:
        message = json.dumps(error.error_dict, ensure_ascii=False)
        HarvestObjectError.create(message, harvest_object, "Import")
        return False
    fingerprint.keep(identifier, mark)
    _make_current(harvest_object, identifier)
    return True


def _store(
    harvested: Harvested, harvest_object: HarvestObject, identifier: str, *, exists: bool
) -> None:
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    owner = model.Package.get(harvest_object.source.id)
    fields = package_dict(harvested, owner.owner_org if owner else None)
    action = "package_patch" if exists else "package_create"
    tk.get_action(action)(Context(user=user, ignore_auth=True), {"id": identifier, **fields})
    if harvested.table is not None:
        source: dict[str, Any] = {"kind": "harvest", **harvested.provenance}
        derived.publish(user, identifier, harvested.table, source)
    for issue in harvested.problems.as_dict("en")["issues"]:
        if issue["severity"] != "notice":
            HarvestObjectError.create(issue["message"], harvest_object, "Mapping", issue["row"])


def _make_current(harvest_object: HarvestObject, identifier: str) -> None:
    """Let `harvest_object` stand for the dataset, in one transaction."""
    others = model.Session.query(HarvestObject).filter_by(package_id=identifier, current=True)
    others.update({"current": False})
    harvest_object.package_id = identifier
    harvest_object.current = True
    harvest_object.save()


def _described(error: Exception) -> str:
    if isinstance(error, SourceError):
        return f"{error.code}: {error} {error.meaning} {error.remedy}"
    return str(error)
