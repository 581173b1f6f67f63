"""A city's people at the publishing desk, and tables for them to publish."""

from __future__ import annotations

import io
from dataclasses import dataclass

from ckan.lib import jobs
from ckan.tests import helpers
from werkzeug.datastructures import FileStorage

HEAD = "indicator,area,year,value"
FIRST = (
    f"{HEAD}\n"
    "ADULT_LITERACY,TH-56,2565,93\n"
    "ADULT_LITERACY,TH-56,2566,93.5\n"
    "INTERNET_USERS,TH-56,2566,70\n"
)
SECOND = (
    f"{HEAD}\n"
    "ADULT_LITERACY,TH-56,2565,93\n"
    "ADULT_LITERACY,TH-56,2566,94\n"
    "ADULT_LITERACY,TH-56,2567,94.5\n"
)
FAULTY = FIRST.replace("93.5", "lots")


@dataclass
class City:
    """An organization, its people by name, and one dataset's name."""

    id: str
    editor: str
    colleague: str
    admin: str
    dataset: str

    def choose(self, **workflow: str) -> None:
        """Set who approves and publishes."""
        helpers.call_action("organization_patch", {"user": self.admin}, id=self.id, **workflow)

    def act(self, name: str, user: str | None = None, **parameters):
        """Call an action of the desk as a user, by default the editor, with authorization."""
        context = {"user": user or self.editor, "ignore_auth": False}
        return helpers.call_action(f"learningcity_submission_{name}", context, **parameters)

    def upload(self, text: str | bytes = FIRST, user: str | None = None, name: str = "table.csv"):
        content = text.encode() if isinstance(text, str) else text
        return self.act(
            "create", user, id=self.dataset, upload=FileStorage(io.BytesIO(content), name)
        )

    def submit(self, text: str = FIRST, user: str | None = None):
        return self.act("submit", user, id=self.upload(text, user)["id"])

    def publish(self, text: str = FIRST, user: str | None = None):
        """Upload, submit and publish, and return the submission after its job has run."""
        made = self.submit(text, user)
        self.act("publish", user, id=made["id"])
        work()
        return self.act("show", user, id=made["id"])


def work() -> None:
    """Do what is on the queue now, in this process."""
    queue = jobs.get_queue()
    for job_id in queue.job_ids:
        job = queue.fetch_job(job_id)
        queue.remove(job_id)
        job.func(*job.args, **job.kwargs)
        job.delete()
