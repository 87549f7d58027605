"""Addresses: the short way is as strict as the library, and no text upsets either."""

import string
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.canonical import canonical_email
from services.importer.domain.addresses.examine import examine, is_plain_local
from services.importer.domain.policy import AddressPolicy

PLAIN = AddressPolicy()
WIDE = AddressPolicy.of(unicode_local=True)

ATOMS = st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=9)
LOCAL = st.lists(ATOMS, min_size=1, max_size=3).map(".".join) | st.text(
    string.printable, min_size=1, max_size=8
)
LABEL = st.text("aZ09-", min_size=1, max_size=5) | st.sampled_from(
    ["xn--kse-qla", "xn--a", "ab--c", "x" * 63, "y" * 64]
)
ENDING = st.sampled_from(
    ["ee", "org", "test", "local", "xn--p1ai", "xn--", "c0", "0c", "c", "museum", "EE", "a-b"]
)
DOMAIN = st.builds(lambda labels, end: ".".join((*labels, end)), st.lists(LABEL, max_size=4), ENDING)
ASCII = st.builds("{}@{}".format, LOCAL, DOMAIN)
ODD = st.sampled_from("@.<>;, \t\n\"'’“\u200b\u00a0\u00ad\x00＠ａ。аеοõ\u0301用-x\ud800\u2400")
ANYTHING = st.text(max_size=20) | st.text(ODD | st.sampled_from("abc.@"), max_size=20) | ASCII


def library_takes(text: str) -> bool:
    """What the library says, asked with its own names for what is local to a site allowed."""
    try:
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


@given(ASCII)
@example("a@" + "b" * 63 + ".ee")
@example("a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".ee")
@example("a" * 64 + "@" + ".".join(["b" * 62] * 2 + ["c" * 61]) + ".ee")
@example("a\n@x.org")
@example("a@x.org\n")
def test_plain_addresses_are_taken_exactly_if_the_library_takes_them(text: str) -> None:
    """Except endings of one letter, which nobody has."""
    local = text.partition("@")[0]
    if text.count("@") != 1 or not is_plain_local(local):
        return
    one_letter = text[-2:-1] == "."
    assert (examine(text, PLAIN, whole=True).fault is None) == (
        library_takes(text.strip()) and not one_letter
    )


@given(ANYTHING)
def test_what_is_taken_is_an_address(text: str) -> None:
    """The library takes it, its canonical form is the one of the contract, and taken again nothing changes."""
    for policy in (PLAIN, WIDE):
        found = examine(text, policy)
        found.text.encode()  # storable
        assert "\x00" not in found.text
        if found.fault is None:
            assert library_takes(found.text)
            assert found.canonical == canonical_email(found.text)
            assert found.text == unicodedata.normalize("NFC", found.text)
            again = examine(found.text, policy)
            assert (again.text, again.canonical, again.fault) == (found.text, found.canonical, None)


@given(ANYTHING)
@example("a@b.ee\nc@d.ee")
@example("a\x00b@c.ee")
@example("a@b\x0cc@d")
@example("(\r0@0")
def test_what_is_refused_is_refused_again_as_it_is_shown(text: str) -> None:
    """A cell that was stored and is looked at anew has the same fault."""
    found = examine(text, PLAIN)
    if found.fault is not None:
        again = examine(found.text, PLAIN)
        assert again.fault is not None
        assert again.fault.code == found.fault.code
        assert [one[:2] for one in again.suggestions] == [one[:2] for one in found.suggestions]


@given(ANYTHING)
def test_what_is_suggested_is_taken(text: str) -> None:
    """Each address of each suggestion; those to be kept as they are with the confirmation."""
    for policy in (PLAIN, WIDE):
        for code, value, like in examine(text, policy).suggestions:
            assert like
            for address in value.split("\n"):
                assert examine(address, policy, confirmed=code == "KEEP_AS_IS").fault is None


@pytest.mark.parametrize("around", ["{}", "<{}>", " {} ", "Ann <{}>", "mailto:{}", "\u200b{}", '"{}"', "{};"])
@settings(max_examples=20)
@given(
    local=st.lists(ATOMS, min_size=1, max_size=2).map(".".join), domain=st.sampled_from(["x.org", "käse.de"])
)
def test_an_address_is_found_in_what_programs_put_around_it(around: str, local: str, domain: str) -> None:
    """Whatever the address."""
    if local[0] == "'" or local[-1] == "'" or "?" in local:  # could be part of what is around
        return
    found = examine(around.format(f"{local}@{domain}"), PLAIN)
    assert (found.text, found.fault) == (f"{local}@{domain}", None)
