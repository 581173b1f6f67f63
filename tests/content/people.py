"""Who shares and curates content in the tests, and what they share."""

from __future__ import annotations

from typing import Any, ClassVar

from ckan.tests import helpers


class People:
    """Users by their role; an action is called as one of them, with authorization."""

    NAMES: ClassVar[tuple[str, ...]] = (
        *("phayao_editor", "phayao_member", "phayao_admin"),
        *("rayong_editor", "rayong_member", "rayong_admin"),
        *("curator", "stranger"),
    )

    def act(self, user: str, action: str, **parameters: Any) -> Any:
        return helpers.call_action(action, {"user": user, "ignore_auth": False}, **parameters)

    def share(self, type_id: str, user: str = "phayao_editor", **fields: Any) -> dict[str, Any]:
        """Create content of a type as a city's editor."""
        organization = f"{user.partition('_')[0]}-office"
        given = {**EXAMPLES[type_id], "owner_org": organization, "type": type_id, **fields}
        return self.act(user, "package_create", **given)


#: The least of each type, beside the organization.
EXAMPLES: dict[str, dict[str, Any]] = {
    "learning-space": {
        "title_translated": {"en": "Lakeside library", "th": "ห้องสมุดริมกว๊าน"},
        "notes_translated": {"en": "Books and a garden."},
        "kind": "library",
        "lat": 19.1664,
        "lon": 99.9019,
    },
    "learning-resource": {
        "title_translated": {"en": "How to start", "th": "เริ่มต้นอย่างไร"},
        "notes_translated": {"en": "A guide for officials."},
        "kind": "guide",
    },
    "learning-path": {"title_translated": {"en": "First steps"}, "steps": []},
    "research": {
        "title_translated": {"en": "Reading by the lake"},
        "notes_translated": {"en": "What was found.", "th": "ผลการศึกษา"},
        "kind": "study",
        "authors": ["Office of Studies", "Second Unit"],
        "doi": "https://doi.org/10.1234/abc.5",
    },
    "innovation": {
        "title_translated": {"en": "Boat library"},
        "notes_translated": {"en": "Books by boat."},
    },
    "innovation-call": {
        "title_translated": {"en": "Ideas for markets"},
        "notes_translated": {"en": "What reaches people at work."},
        "opens": "2026-01-01",
        "closes": "2027-12-31",
    },
    "event": {
        "title_translated": {"en": "Learning week"},
        "notes_translated": {"en": "A week."},
        "kind": "festival",
        "starts": "2026-11-25T09:00",
    },
}
