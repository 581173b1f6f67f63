"""Licences, as CKAN's register of this portal has them."""

from __future__ import annotations

from dataclasses import dataclass

from ckan import model

from .languages import Texts, both

NONE_GIVEN = "notspecified"


@dataclass(frozen=True)
class Licence:
    """What others may do with data; `url` is empty where the register has none."""

    id: str
    title: Texts
    url: str

    @property
    def given(self) -> bool:
        """Whether the publisher has chosen a licence at all."""
        return self.id != NONE_GIVEN


def licence(licence_id: str) -> Licence:
    """Return a licence; one that the register does not know has its id as its title."""
    register = model.Package.get_license_register()
    found = register.get(licence_id)
    if found is None:
        return Licence(licence_id, both(lambda: licence_id), "")
    return Licence(licence_id, both(lambda: found.title), getattr(found, "url", "") or "")
