"""Pages that only people with an account see: the one list, by who sees them.

A name in braces is one of `Life.made`.
"""

from __future__ import annotations

from acceptance.life import DATASET, EVALUATION, EVENT, INNOVATION, Life

MEMBER_PAGES: dict[str, dict[str, str]] = {
    "editor": {
        "dashboard": "/dashboard/datasets",
        "own account": "/user/edit",
        "own data": "/desk",
        "new dataset": "/dataset/new?group=phayao",
        "edit dataset": f"/dataset/edit/{DATASET}",
        "new resource": f"/dataset/{DATASET}/resource/new",
        "edit resource": "/dataset/{dataset}/resource/{resource}/edit",
        "resource views": "/dataset/{dataset}/resource/{resource}/views",
        "new view": "/dataset/{dataset}/resource/{resource}/new_view?view_type=learningcity_views",
        "publish": "/dataset/{dataset}/publish",
        "mapping": "/submission/{faulty}?step=mapping",
        "report": "/submission/{faulty}?step=report",
        "changes": "/submission/{good}?step=changes",
        "confirm": "/submission/{good}?step=confirm",
        "own release": "/dataset/{dataset}/release/2",
        "release in one language": "/dataset/{dataset}/releases",
        "own organization": "/organization/phayao",
        "edit organization": "/organization/edit/phayao",
        "members": "/organization/members/phayao",
        "import": "/spaces/import",
        "import report": "/spaces/import/{import}",
        "new learning space": "/learning-space/new",
        "new learning resource": "/learning-resource/new",
        "new learning path": "/learning-path/new",
        "new research": "/research/new",
        "new innovation": "/innovation/new",
        "new event": "/event/new",
        "adopt": f"/innovation/{INNOVATION}/adopt",
        "edit adoption": "/adoption/{adoption}/edit",
        "sign up": f"/event/{EVENT}/sign-up/saturdays",
        "sign-ups": f"/event/{EVENT}/sign-ups",
        "own sign-up": "/week/sign-up/{sign-up}",
        "award round": "/award/{round}",
        "application": "/award/application/{application}",
        "handed in": "/award/application/{handed in}",
        "grades": f"/evaluation/{EVALUATION}/grades",
        "new topic": "/forum/new?object_kind=city&object_id=TH-57",
        "topic": "/forum/topic/{topic}",
        "reply": "/forum/topic/{topic}/reply",
        "post": "/forum/post/{post}",
        "history of a post": "/forum/post/{post}/history",
        "report a post": "/forum/post/{post}/report",
        "subscriptions": "/forum/subscriptions",
        "report a problem": f"/problem/new?dataset={DATASET}",
        "problem": "/problem/{problem}",
        "not allowed": "/board",
    },
    "secretary": {
        "board": "/board",
        "problems": "/problems",
        "problem of others": "/problem/{problem}",
        "new round": "/award/new",
        "edit round": "/award/{round}/edit",
        "desk of a round": "/award/{closed round}/desk",
        "desk of an application": "/award/application/{handed in}/desk",
        "new evaluation": "/evaluation/new",
        "edit evaluation": f"/evaluation/{EVALUATION}/edit",
        "evaluation": f"/evaluation/{EVALUATION}",
        "new call": "/innovation-call/new",
        "moderation": "/forum/moderation",
        "topic for moderators": "/forum/topic/{topic}",
        "edit post": "/forum/post/{post}/edit",
        "new space": "/forum/spaces/new",
        "edit space": "/forum/{space}/edit",
        "sources": "/sources",
        "source": "/sources/world-bank-thailand",
        "event for its editor": "/event/demonstration-learning-city-week",
        "nowhere": "/nowhere",
    },
    "reviewer": {"awards": "/award", "review": "/award/review/{review}"},
    "admin": {
        "administration": "/ckan-admin/",
        "settings": "/ckan-admin/config",
        "harvest sources": "/harvest",
        "new harvest source": "/harvest/new",
        "users": "/user/",
    },
    "": {
        "no such city": "/city/TH-99",
        "no such indicator": "/indicator/NOTHING",
        "nothing found": "/dataset/?q=qqqqqq",
        "register": "/user/register",
        "closed to strangers": "/award/application/{handed in}",
    },
}


def addresses(who: str, life: Life) -> dict[str, str]:
    """Return the paths of somebody's pages by their kind."""
    return {kind: path.format(**life.made) for kind, path in MEMBER_PAGES[who].items()}
