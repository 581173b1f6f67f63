"""Search in PostgreSQL instead of Solr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p

from . import seam, spatial

if TYPE_CHECKING:
    from ckan.common import CKANConfig


class LearningCitySearchPlugin(p.SingletonPlugin):
    """Answers ``package_search`` from PostgreSQL. Without it, CKAN uses Solr."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config: CKANConfig) -> None:
        """Take Solr's place; core looks for Solr right after this call.

        Core insists on an address of Solr even where nothing ever asks it.
        """
        config["solr_url"] = config.get("solr_url") or "http://solr.invalid"
        seam.install()

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Refuse an ``ext_bbox`` that is nowhere on the map.

        ckanext-spatial adds 360 to a longitude until it is in range, which for ``inf`` or ``1e300``
        takes for ever. So this plugin stands before ``spatial_query`` in ``ckan.plugins``.

        :raises ckan.lib.search.SearchQueryError: says what is accepted
        """
        spatial.check(search_params.get("extras", {}).get("ext_bbox"))
        return search_params
