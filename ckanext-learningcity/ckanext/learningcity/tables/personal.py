"""How personal data look in Thai tables: national ids, telephone numbers, mail addresses, names.

Every function takes text as `plain` returns it. What is found is quoted through `masked` only.
"""

from __future__ import annotations

import re

_PLAIN = str.maketrans("๐๑๒๓๔๕๖๗๘๙‐‑–—\u00a0", "0123456789---- ")
# A spreadsheet may have kept the digits as a number: 1234567890121.0 or 1.234567890121E+12.
_AS_NUMBER = re.compile(r"(\d{7,13})\.0+|(\d)\.(\d{12})[eE]\+?12")

# Thai has no spaces between words, so only Latin letters and digits continue a number.
_START, _END = r"(?<![0-9A-Za-z])(?<!\d\.)", r"(?![0-9A-Za-z]|[.,]\d)"

#: A national id as on the card (1-2345-67890-12-1) or its digits alone.
ID_SHAPE = r"\d[ -]?\d{4}[ -]?\d{5}[ -]?\d{2}[ -]?\d"
#: A telephone number of Thailand with its code: 081-234-5678, 0 2123 4567, (054) 466 666, +66 …
PHONE_SHAPE = (
    r"(?:(?:\+66[ -]?(?:\(0\))?|0)[689](?:\d[ -]?\d{3}|[ -]?\d{4})[ -]?\d{4}"
    r"|(?:\+66[ -]?(?:\(0\))?|0[ -]?)2[ -]?\d{3}[ -]?\d{4}"
    r"|(?:\+66[ -]?(?:\(0\))?|0[ -]?)[3457]\d[ -]?\d{2}[ -]?\d[ -]?\d{3}"
    r"|\(0\d{1,2}\)[ -]?\d{3}[ -]?\d{3,4})"
)
EMAIL_SHAPE = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

_ID = re.compile(_START + ID_SHAPE + _END)
_PHONE = re.compile(_START + PHONE_SHAPE + _END)
_EMAIL = re.compile(EMAIL_SHAPE)
_LOCAL_PHONE = re.compile(r"(?:66|0)?(?:[689]\d{8}|[2-57]\d{7})")
_TITLES = (
    r"นางสาว|นาง|นาย|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|ว่าที่\s?ร\.?[ตทอ]\.?|(?:Mr|Mrs|Ms|Miss)\b\.?"
)
#: Begins like a name with its title; offices and places do too (นายกเทศมนตรี, นางรอง).
TITLE_SHAPE = rf"^\s*(?:{_TITLES})"
_NAME = re.compile(rf"{TITLE_SHAPE}\s*(?!ก\s?(?:เทศ|อง|อบ|สมาคม|รัฐ))[^\W\d_]\S*\s+[^\W\d_]\S+")


def plain(text: str) -> str:
    """Return `text` with Latin digits, plain hyphens and spaces, and numbers without a fraction."""
    simple = text.translate(_PLAIN).strip()
    number = _AS_NUMBER.fullmatch(simple)
    return "".join(part or "" for part in number.groups()) if number else simple


def national_ids(text: str) -> list[str]:
    """Return the ids of persons in `text`, as written: 13 digits with a right check digit.

    A number of a company, which has the same check digit, begins with 0 and a province; ids of
    persons begin with 1 to 8, and those of persons without papers with 00 or have 89 inside.
    """
    return [found for found in _ID.findall(text) if _is_person(re.sub(r"\D", "", found))]


def phones(text: str) -> list[str]:
    """Return the telephone numbers in `text`, as written.

    Nine digits without a separator are no number of a telephone: codes look like that too.
    """
    return [found for found in _PHONE.findall(text) if not re.fullmatch(r"0[2-57]\d{7}", found)]


def is_phone(text: str) -> bool:
    """Whether `text` is a telephone number where one is expected: without its 0 or separators."""
    return bool(_LOCAL_PHONE.fullmatch(re.sub(r"[ ()+-]", "", text)))


def emails(text: str) -> list[str]:
    """Return the mail addresses in `text`."""
    return _EMAIL.findall(text)


def is_name(text: str) -> bool:
    """Whether `text` is a person's title, name and surname."""
    return bool(_NAME.match(text))


def masked(text: str | None) -> str | None:
    """Return `text` with everything personal in it made unreadable but for its beginning."""
    if not text:
        return text
    simple = plain(text)
    personal = [*national_ids(simple), *phones(simple), *emails(simple)]
    if not personal:
        return text
    for found in personal:
        simple = simple.replace(found, mask(found))
    return simple


def mask(found: str) -> str:
    """Return the first characters of `found`, enough to find it again, and the domain of a mail."""
    name, at, domain = found.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at else f"{found[:3]}•••"


def _is_person(digits: str) -> bool:
    weights = range(13, 1, -1)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    if (11 - total % 11) % 10 != int(digits[12]):
        return False
    return digits[0] in "12345678" or digits.startswith("00") or digits[5:7] == "89"
