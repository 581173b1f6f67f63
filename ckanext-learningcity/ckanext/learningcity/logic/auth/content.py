"""Who may do what with the content that cities share, beyond what holds for every dataset."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.learningcity.content.curators import may_curate
from ckanext.learningcity.content.types import types


@tk.auth_allow_anonymous_access
def learningcity_content_links(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may read the page may see its ties; those one may not see are left out."""
    return tk.check_access("package_show", context, {"id": data_dict["id"]}) and {"success": True}


@tk.auth_sysadmins_check
def learningcity_content_feature(context: Context, data_dict: DataDict) -> AuthResult:
    """The secretariat features what everybody may see, whoever owns it."""
    package = model.Package.get(data_dict["id"])
    if package is None or package.type not in types():
        raise tk.ObjectNotFound(tk._("There is no such page."))
    if not may_curate(context.get("user")):
        message = tk._("Only the network's secretariat features what cities share.")
        return {"success": False, "msg": message}
    if package.private or package.state != model.State.ACTIVE:
        return {"success": False, "msg": tk._("Only what is public can be featured.")}
    return {"success": True}
