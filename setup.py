"""Which folder becomes which package. Everything else is in pyproject.toml."""

from setuptools import find_packages, setup

ROOMS = {
    "ckanext.learningcity": "ckanext-learningcity/ckanext/learningcity",  # CKAN glue
    "ckanext.learningcity.schemas": "schemas",  # YAML only
    "ckanext.learningcity.harvesters": "harvesters",  # plain Python, no CKAN
}

setup(
    package_dir=ROOMS,
    packages=[
        ".".join(filter(None, (room, sub)))
        for room, folder in ROOMS.items()
        for sub in ("", *find_packages(folder))
    ],
    include_package_data=False,  # else setuptools warns about every templates/ folder
    package_data={
        "ckanext.learningcity": [
            "*.yaml",
            "templates/**",
            "assets/**",
            "public/**",
            "i18n/**",
            "migration/**",
        ],
        "ckanext.learningcity.core_thai": ["i18n/**"],
        "ckanext.learningcity.harvest": ["*.yaml"],
        "ckanext.learningcity.search": ["*.yaml"],
        "ckanext.learningcity.schemas": [
            "*.yaml",
            "codelists/*.yaml",
            "frameworks/*.yaml",
            "maps/*.yaml",
        ],
        "ckanext.learningcity.harvesters": ["*.yaml"],
    },
)
