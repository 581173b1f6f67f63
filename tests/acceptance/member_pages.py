"""Pages that only people with an account see: the one list, by who sees them.

A name in braces is one of `Life.made`.
"""

from __future__ import annotations

from acceptance.life import DATASET, EVALUATION, EVENT, INNOVATION, Life

#: What editors do with the data of their city.
DATA = {
    "dashboard": "/dashboard/datasets",
    "news": "/dashboard/",
    "own organizations": "/dashboard/organizations",
    "own account": "/user/edit",
    "own page": "/user/{editor}",
    "keys for programs": "/user/{editor}/api-tokens",
    "own data": "/desk",
    "new dataset": "/dataset/new?group=phayao",
    "edit dataset": f"/dataset/edit/{DATASET}",
    "delete dataset": "/dataset/delete/{dataset}",
    "groups of a dataset": "/dataset/groups/{dataset}",
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
    "new member": "/organization/member_new/phayao",
    "delete organization": "/organization/delete/phayao",
}
#: What they share with other cities, and where they take part.
SHARING = {
    "import": "/spaces/import",
    "import report": "/spaces/import/{import}",
    "new learning space": "/learning-space/new",
    "edit learning space": "/learning-space/edit/demonstration-phayao-library",
    "new learning resource": "/learning-resource/new",
    "new learning path": "/learning-path/new",
    "new research": "/research/new",
    "edit research": "/research/edit/demonstration-neighbourhood-classes",
    "new innovation": "/innovation/new",
    "edit innovation": "/innovation/edit/demonstration-library-on-wheels",
    "new event": "/event/new",
    "edit event": f"/event/edit/{EVENT}",
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
    "topic": "/forum/topic/{shown}",
    "reply": "/forum/topic/{topic}/reply",
    "history of a post": "/forum/post/{post}/history",
    "report a post": "/forum/post/{post}/report",
    "subscriptions": "/forum/subscriptions",
    "report a problem": f"/problem/new?dataset={DATASET}",
    "problem": "/problem/{problem}",
    "not allowed": "/board",
}
SECRETARIAT = {
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
    "topic for moderators": "/forum/topic/{shown}",
    "edit post": "/forum/post/{post}/edit",
    "new space": "/forum/spaces/new",
    "edit space": "/forum/{space}/edit",
    "sources": "/sources",
    "source": "/sources/world-bank-thailand",
    "event for its editor": "/event/demonstration-learning-city-week",
    "nowhere": "/nowhere",
}
REVIEWS = {
    "awards": "/award",
    "review": "/award/review/{review}",
}
ADMINISTRATION = {
    "administration": "/ckan-admin/",
    "settings": "/ckan-admin/config",
    "trash": "/ckan-admin/trash",
    "new organization": "/organization/new",
    "datasets of an organization": "/organization/bulk_process/phayao",
    "harvest sources": "/harvest",
    "harvest source": "/harvest/world-bank-thailand",
    "runs of a harvest source": "/harvest/admin/world-bank-thailand",
    "new harvest source": "/harvest/new",
    "users": "/user/",
}
#: What those find who come to the wrong place.
STRANGERS = {
    "no such city": "/city/TH-99",
    "no such indicator": "/indicator/NOTHING",
    "nothing found": "/dataset/?q=qqqqqq",
    "no account": "/user/register",
    "closed to strangers": f"/dataset/edit/{DATASET}",
}
#: Who sees which pages.
SEEN_BY = {
    "data": ("editor", DATA),
    "sharing": ("editor", SHARING),
    "secretariat": ("secretary", SECRETARIAT),
    "reviews": ("reviewer", REVIEWS),
    "administration": ("admin", ADMINISTRATION),
    "strangers": ("", STRANGERS),
}


def seen(pages: str, life: Life) -> tuple[dict[str, str], str]:
    """Return paths by kind of page, and the token of who sees them."""
    who, paths = SEEN_BY[pages]
    return {kind: path.format(**life.made) for kind, path in paths.items()}, life.tokens.get(
        who, ""
    )
