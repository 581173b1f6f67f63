"""Plays a repository that speaks OAI-PMH 2.0, as DSpace does.

Errors come inside XML with status 200; titles in two languages, one of them marked wrongly; moments
of the repository's own work among the dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from agencies.server import AgencyServer, Reply, Request

BASE = "/oai/request"

#: As `sources.yaml` would hold it.
FACTS: dict[str, Any] = {
    "id": "repository",
    "title": {"en": "University repository", "th": "คลังความรู้มหาวิทยาลัย"},
    "organization": "university-of-phayao",
    "adapter": "oai",
    "url": f"https://repository.example.ac.th{BASE}",
    "licence": "notspecified",
    "citation": "University repository: {dataset}",
    "language": "th",
}

ARTICLE = """
<dc:title xml:lang="th">การเรียนรู้ตลอดชีวิตในเมืองพะเยา</dc:title>
<dc:title xml:lang="en_US">Lifelong learning in the city of Phayao</dc:title>
<dc:creator>Author, First</dc:creator>
<dc:creator>Author, Second</dc:creator>
<dc:subject>lifelong learning; learning city</dc:subject>
<dc:subject xml:lang="en_US">เมืองแห่งการเรียนรู้</dc:subject>
<dc:description xml:lang="en_US">บทคัดย่อภาษาไทย</dc:description>
<dc:description>An abstract in English.</dc:description>
<dc:date>2024-03-01T02:00:00Z</dc:date>
<dc:date>2567</dc:date>
<dc:type>Article</dc:type>
<dc:identifier>https://doi.org/10.14456/example.2024.7</dc:identifier>
<dc:identifier>http://repository.example.ac.th/handle/123456789/1</dc:identifier>
<dc:identifier>http://repository.example.ac.th/bitstream/1/article.pdf</dc:identifier>
<dc:language>tha</dc:language>
<dc:publisher>มหาวิทยาลัยตัวอย่าง</dc:publisher>
<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
"""


def identifier(number: int) -> str:
    """Return the identifier of a record."""
    return f"oai:repository.example.ac.th:123456789/{number}"


def record(number: int, said: str = "", *, status: str = "", sets: str = "com_1") -> str:
    """Return a record as XML; with `status` it has no metadata."""
    specs = "".join(f"<setSpec>{each}</setSpec>" for each in sets.split())
    deleted = f' status="{status}"' if status else ""
    said = said or f"<dc:title>Publication {number}</dc:title>"
    metadata = (
        '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{said}</oai_dc:dc></metadata>'
    )
    return (
        f"<record><header{deleted}><identifier>{identifier(number)}</identifier>"
        f"<datestamp>2026-01-{number:02}T00:00:00Z</datestamp>{specs}</header>"
        f"{'' if status else metadata}</record>"
    )


def envelope(content: str) -> Reply:
    """Return a whole answer."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="/oai.xsl"?>'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-02-01T12:00:00Z</responseDate>"
        f"<request>https://repository.example.ac.th{BASE}</request>{content}</OAI-PMH>"
    )
    return Reply(xml.encode(), content_type="text/xml;charset=UTF-8")


def error(code: str, said: str = "") -> Reply:
    """Return an error, with status 200."""
    return envelope(f'<error code="{code}">{escape(said)}</error>')


class RepositoryServer(AgencyServer):
    """Serves `records` in pages; `granularity` is that of its dates."""

    def __init__(self, page_size: int = 2) -> None:
        super().__init__()
        self.page_size = page_size
        self.granularity = "YYYY-MM-DDThh:mm:ssZ"
        self.expires = False
        self.records = [
            record(1, ARTICLE),
            record(2),
            record(3, status="deleted"),
            record(4),
            record(5),
        ]

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}{BASE}"

    def respond(self, request: Request) -> Reply:
        """Return a page, the repository's description, or an error."""
        if request.path != BASE:
            return Reply(b"<html>no such page</html>", 404, "text/html")
        match request.query.get("verb"):
            case "Identify":
                return envelope(
                    "<Identify><repositoryName>Example</repositoryName>"
                    f"<granularity>{self.granularity}</granularity></Identify>"
                )
            case "ListRecords":
                return self._page(request.query)
        return error("badVerb", "Illegal OAI verb")

    def _page(self, query: Mapping[str, str]) -> Reply:
        token = query.get("resumptionToken")
        if token and (set(query) != {"verb", "resumptionToken"} or self.expires):
            self.expires = False
            return error("badResumptionToken", "The token has expired")
        if not token and query.get("metadataPrefix") not in ("oai_dc", "dim"):
            return error("cannotDisseminateFormat", "No such format")
        if not self.records:
            return error("noRecordsMatch", "No matches for the query")
        start = int(token or 0)
        end = start + self.page_size
        more = f"<resumptionToken>{end}</resumptionToken>" if end < len(self.records) else ""
        last = "<resumptionToken/>" if start and not more else ""
        listed = "".join(self.records[start:end])
        return envelope(f"<ListRecords>{listed}{more}{last}</ListRecords>")
