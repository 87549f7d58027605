"""Characters that spoil an address although they look right, or are not seen at all; and controls in any text."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

import idna

_HIDDEN: Final = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f"
    "\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
"""Nothing is seen of them: other spaces, joiners, direction marks, soft hyphen, byte order mark, selectors."""

HIDDEN: Final = re.compile(f"[{_HIDDEN}]")
_EDGE: Final = re.compile(rf"[ \t\r\n{_HIDDEN}]*")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u2400-\u2426\ud800-\udfff]")
"""Not in an address; with the pictures that stand for them once they were shown (`visible`)."""

_CONTROL_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PICTURES: Final = {**{code: 0x2400 + code for code in range(0x20)}, 0x7F: 0x2421}
_OF_PICTURE: Final = {chr(picture): chr(code) for code, picture in _PICTURES.items()}
_SUBSTITUTE: Final = 0x2426

_PLAIN: Final = {
    **dict.fromkeys("‘’‚‛′´ʼʹ`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("。｡．·", "."),
}
_LATIN: Final = str.maketrans(
    # Cyrillic, then Greek, then Armenian: what a reader takes for a Latin letter.
    "аеорсухіјѕԁһԛԝӏкмтвьАВЕКМНОРСТУХІЈЅ" + "οανρικυτεχγηωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օոսհց",
    "aeopcyxijsdhqwlkmtbbABEKMHOPCTYXIJS" + "oavpikutexynwABEZHIKMNOPTYX" + "onuhg",
)
_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
_NO_SCRIPT: Final = frozenset({"MODIFIER", "COMBINING", "FULLWIDTH", "HALFWIDTH"})
_SHOWN: Final = 20


def name_of(character: str) -> str:
    """A character by code point and name: `U+200B (zero width space)`; of a picture, what it stands for."""
    character = _OF_PICTURE.get(character, character)
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} ({name})" if name else f"U+{ord(character):04X}"


def trimmed(text: str) -> tuple[str, str]:
    """`text` without blanks and hidden characters at its ends, and what was there."""
    begin = _end(_EDGE.match(text))
    if begin == len(text):
        return "", text
    end = len(text) - _end(_EDGE.match(text[::-1]))
    return text[begin:end], text[:begin] + text[end:]


def _end(match: re.Match[str] | None) -> int:
    return 0 if match is None else match.end()


def place_of(text: str, index: int) -> str:
    """Where something in `text` is: `after “ada”`, or `at the beginning`."""
    before = HIDDEN.sub("", text[:index])
    shown = f"…{before[-_SHOWN:]}" if len(before) > _SHOWN else before
    return f"after “{visible(shown)}”" if before else "at the beginning"


def visible(text: str) -> str:
    """`text` without control characters: pictures (U+2400 …) stand in their place. May be stored and shown."""
    return CONTROL.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return found[0] if 0x2400 <= code <= 0x2426 else chr(_PICTURES.get(code, _SUBSTITUTE))


def without_controls(text: str) -> tuple[str, str]:
    """A description without what no store takes, and which characters these were (empty: none).

    Tabs and line breaks stay.
    """
    found = dict.fromkeys(_CONTROL_IN_TEXT.findall(text))
    return (_CONTROL_IN_TEXT.sub("", text), named(found)) if found else (text, "")


def named(characters: "dict[str, None]") -> str:
    """Distinct characters by code point, the first three of them."""
    names = [name_of(character) for character in characters]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def typographic(text: str) -> tuple[str, str]:
    """`text` in plain characters, and the first one that was not plain (empty: all are)."""
    plain = [_plain(character) for character in text]
    first = next((old for old, new in zip(text, plain, strict=True) if old != new), "")
    return "".join(plain), first


@lru_cache(maxsize=2_048)
def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded.isascii() and folded.isprintable() and " " not in folded else character


def lookalike(label: str) -> str:
    """The first letter of another alphabet in `label`, if it mixes alphabets; else nothing.

    One alphabet throughout is fine, whatever it looks like; so is Latin among Chinese, Japanese or Korean.
    """
    scripts = [_script(character) for character in label]
    usual = Counter(script for script in scripts if script)
    others = set(usual) - {"LATIN", "EAST ASIAN"}
    if len(usual) < 2 or not others:
        return ""
    main = usual.most_common(1)[0][0]
    return next(
        character for character, script in zip(label, scripts, strict=True) if script not in ("", main)
    )


def shown_domain(domain: str) -> str:
    """A domain in letters, also where it was written as an A-label."""
    try:
        return idna.decode(domain) if "xn--" in domain.lower() else domain
    except (idna.IDNAError, UnicodeError):
        return domain


def latin(text: str) -> str:
    """`text` with letters that look Latin as Latin ones."""
    return text.translate(_LATIN)


@lru_cache(maxsize=2_048)
def _script(character: str) -> str:
    """The alphabet of a letter, by its Unicode name, which begins with it; nothing for digits, marks and signs."""
    if not character.isalpha():
        return ""
    word = unicodedata.name(character, "").partition(" ")[0]
    if word in _NO_SCRIPT:
        return ""
    return "EAST ASIAN" if word.partition("-")[0] in _EAST_ASIAN else word
