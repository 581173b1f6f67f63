"""Plays a catalogue that gives its datasets as RDF (DCAT)."""

from __future__ import annotations

from agencies.server import AgencyServer, Reply, Request

PATH = "/catalog.ttl"

FIRST = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://data.example.org/catalog> a dcat:Catalog ;
    dcat:dataset <https://data.example.org/dataset/1> .

<https://data.example.org/dataset/1> a dcat:Dataset ;
    dct:title "ห้องสมุดในเมือง"@th , "Libraries in the city"@en ;
    dct:description "รายชื่อห้องสมุด"@th , "A list of libraries"@en ;
    dct:identifier "libraries" ;
    dcat:keyword "ห้องสมุด"@th , "library"@en ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/EDUC> ;
    dct:language <http://publications.europa.eu/resource/authority/language/THA> ;
    dct:issued "2024-05-01"^^xsd:date ;
    dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2023-01-01"^^xsd:date ;
                   dcat:endDate "2023-12-31"^^xsd:date ] ;
    dct:publisher [ a foaf:Organization ; foaf:name "Library office" ] ;
    dcat:distribution <https://data.example.org/dataset/1/csv> .

<https://data.example.org/dataset/1/csv> a dcat:Distribution ;
    dct:title "Table"@en ;
    dct:format "CSV" ;
    dct:license <http://creativecommons.org/licenses/by/4.0/> ;
    dcat:downloadURL <https://data.example.org/libraries.csv> .
"""

SECOND = """
<https://data.example.org/dataset/2> a dcat:Dataset ;
    dct:title "Museums"@en ;
    dct:description "A list of museums"@en .
"""

TURTLE = f"{FIRST}{SECOND}"


class DCATServer(AgencyServer):
    """Serves `content` as `content_type`."""

    def __init__(self) -> None:
        super().__init__()
        self.content = TURTLE
        self.content_type = "text/turtle"

    @property
    def endpoint(self) -> str:
        """The address that a source is given."""
        return f"{self.url}{PATH}"

    def respond(self, request: Request) -> Reply:
        """Return the catalogue."""
        if request.path != PATH:
            return Reply(b"", 404)
        return Reply(self.content.encode(), content_type=self.content_type)
