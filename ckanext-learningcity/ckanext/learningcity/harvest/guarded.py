"""Other harvesters under the same guard: their addresses, their connections, what they parse.

ckanext-dcat's harvesters ask through a `requests` session of their own, read a local file where an
address is none, and its parser loads JSON-LD contexts from wherever a catalogue says.
"""

from __future__ import annotations

import json
import time
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import requests
from ckan import model
from ckanext.dcat.interfaces import IDCATRDFHarvester
from ckanext.dcat.processors import RDFParser
from ckanext.harvest.model import HarvestJob, HarvestObject

from ckanext.learningcity.harvesters.body import BodyReader
from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.guard import Guard, GuardedAdapter, numeric
from ckanext.learningcity.harvesters.masking import mask
from ckanext.learningcity.harvesters.session import Limits

from . import dcat_fields

#: The dataset type of harvest sources, whichever harvester they are for.
SOURCE_TYPE = "harvest"

#: Keys under which a JSON-LD document names contexts that a parser would fetch.
_CONTEXTS = ("@context", "@import")


class GuardedSources(p.SingletonPlugin):
    """Judges the address of every harvest source, and all that ckanext-dcat fetches."""

    p.implements(IDCATRDFHarvester, inherit=True)
    p.implements(p.IPackageController, inherit=True)

    def create(self, entity: model.Package) -> None:
        """Refuse a new source at an address that would never be asked."""
        _judge(entity)

    def edit(self, entity: model.Package) -> None:
        """Refuse such an address for a source that there is."""
        _judge(entity)

    def before_download(self, url: str, _harvest_job: HarvestJob) -> tuple[str | None, list[str]]:
        """Refuse what is no address of the web, such as the path of a file on this machine."""
        fault = refused(url)
        return (None, [fault]) if fault else (url, [])

    def update_session(self, _session: requests.Session) -> requests.Session:
        """Return the session that asks public addresses only, within limits of size and time."""
        return _GuardedSession()

    def after_download(
        self, content: str | None, _harvest_job: HarvestJob
    ) -> tuple[str | None, list[str]]:
        """Refuse JSON-LD whose contexts are somewhere else: the parser would fetch them."""
        if content is not None and not content.strip():
            return None, [tk._("The answer is empty.")]
        text = (content or "").lstrip("\ufeff \t\r\n")
        if text[:1] not in ("{", "["):
            return content, []
        try:
            elsewhere = _contexts_elsewhere(json.loads(text))
        except (ValueError, RecursionError):
            return None, [tk._("The catalogue is not JSON.")]
        if elsewhere:
            told = tk._("The catalogue names a context at another address; it must hold it itself.")
            return None, [told]
        return text, []

    def after_parsing(
        self, rdf_parser: RDFParser, _harvest_job: HarvestJob
    ) -> tuple[dcat_fields.FittedParser | None, list[str]]:
        """Fit the datasets to our schema; an empty catalogue takes nothing away."""
        if not dcat_fields.has_datasets(rdf_parser):
            return None, [tk._("The catalogue has no dataset. What is here was left as it is.")]
        return dcat_fields.FittedParser(rdf_parser), []

    def before_create(
        self, _harvest_object: HarvestObject, dataset_dict: dict[str, Any], _temp: dict[str, Any]
    ) -> None:
        """Fit a new dataset to our schema."""
        dcat_fields.lift_guid(dataset_dict)

    def before_update(
        self, _harvest_object: HarvestObject, dataset_dict: dict[str, Any], _temp: dict[str, Any]
    ) -> None:
        """Fit a changed dataset to our schema."""
        dcat_fields.lift_guid(dataset_dict)


def refused(url: str) -> str | None:
    """Return why an address is never asked, as far as that can be told without asking for it."""
    guard = Guard(tk.config["ckanext.learningcity.harvest.allow_hosts"], numeric)
    try:
        guard.judge(url)
    except SourceError:
        return tk._(
            "“{found}” is not an address of the web, or leads into a private network. Give a "
            "public address that begins with http:// or https://."
        ).format(found=mask(url))
    return None


class _Adapter(GuardedAdapter):
    """A guarded transport that reads each body at once, within the limits of our own session."""

    def __init__(self) -> None:
        self._limits = Limits(tries=1)
        self._body = BodyReader(self._limits.max_bytes, self._limits.body, time.monotonic)
        super().__init__(Guard(tk.config["ckanext.learningcity.harvest.allow_hosts"]))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Send `request`; whatever goes wrong is a ConnectionError, which ckanext-dcat reports."""
        timeout = (self._limits.connect, self._limits.read)
        try:
            response = super().send(request, **{**options, "stream": True, "timeout": timeout})
            if request.method != "HEAD":
                response._content = self._body.read(response)  # noqa: SLF001 - as requests does
                response._content_consumed = True  # noqa: SLF001
        except SourceError as error:
            raise requests.ConnectionError(f"{error.detail}. {error.remedy}") from None
        return response


class _GuardedSession(requests.Session):
    """A session of `requests` that can only reach what the guard passes."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # a proxy of the environment would resolve names itself
        self.max_redirects = Limits().redirects
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Send `request`; too many redirects are a ConnectionError, too.

        ckanext-dcat looks at the status of its first question only, which asks for no body.
        """
        try:
            response = super().send(request, **options)
            if request.method == "GET":
                response.raise_for_status()
            return response
        except (requests.TooManyRedirects, requests.exceptions.InvalidSchema) as error:
            raise requests.ConnectionError(str(error)) from None


def _judge(entity: model.Package) -> None:
    if entity.type != SOURCE_TYPE or entity.state != model.State.ACTIVE:
        return
    fault = refused(entity.url or "")
    if fault:
        model.Session.rollback()
        raise tk.ValidationError({"url": [fault]})


def _contexts_elsewhere(node: Any) -> bool:
    """Whether a JSON-LD document names a context by address anywhere."""
    if isinstance(node, list):
        return any(map(_contexts_elsewhere, node))
    if not isinstance(node, dict):
        return False
    for key in _CONTEXTS:
        named = node.get(key)
        if any(isinstance(each, str) for each in (named if isinstance(named, list) else [named])):
            return True
    return any(map(_contexts_elsewhere, node.values()))
