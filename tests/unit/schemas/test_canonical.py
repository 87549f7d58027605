"""Two spellings of one address have one canonical form."""

import string
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.canonical import NotAnAddress, canonical_email

LOCAL = st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~.-", min_size=1, max_size=20)
LABEL = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\Z").filter(lambda label: label[2:4] != "--")
DOMAIN = st.lists(LABEL, min_size=1, max_size=3).map(".".join)
U_LABELS = st.sampled_from(["käse", "õun", "straße", "пример", "例え", "münchen", "λόγος", "żółw"])
WILD = st.text(min_size=1, max_size=8)
ANYTHING = (
    st.text(max_size=20)
    | st.builds("{}@{}.ee".format, WILD, WILD)
    | st.builds("{}@example.org".format, WILD)
    | st.builds("a@{}".format, st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=4))
)
ACCENTED = st.text("aoueõäöüšžñçéÅØЖйё", min_size=1, max_size=10)


@given(LOCAL, DOMAIN)
def test_ascii_is_lower_case_and_nothing_else(local: str, domain: str) -> None:
    """Letter case is all that is folded: dots and plus tags stay as they are."""
    assert canonical_email(f"{local}@{domain.upper()}") == f"{local.lower()}@{domain}"


@given(ANYTHING)
@example("İ@Ä.example")
@example("ΑΣ@ΑΣ.gr")
@example("\u03aa\u0301@example.org")
@example("\u0124\u0331@example.org")
@example("\u212a@\u212a.example")
def test_canonical_form_is_a_fixed_point(text: str) -> None:
    """Bringing a canonical form to its canonical form changes nothing; what has none says so."""
    try:
        once = canonical_email(text)
    except NotAnAddress:
        return
    assert canonical_email(once) == once
    assert once.rpartition("@")[2].isascii()


@given(ACCENTED, U_LABELS, st.text(max_size=12).map(lambda tail: f"@{tail}"))
def test_any_domain_is_canonical_or_refused(local: str, label: str, tail: str) -> None:
    """Whatever stands after the @, the answer is an ASCII domain or NotAnAddress."""
    for address in (f"{local}{tail}", f"{local}@{label}.{tail[1:]}"):
        with suppress(NotAnAddress):
            assert canonical_email(address).rpartition("@")[2].isascii()


@given(ACCENTED, U_LABELS)
def test_composed_and_decomposed_are_one(local: str, label: str) -> None:
    """NFC and NFD spellings of one address are one account, in the local part and in the domain."""
    address = f"{local}@{label}.example"
    assert canonical_email(unicodedata.normalize("NFD", address)) == canonical_email(address)


@given(ACCENTED, U_LABELS)
def test_case_is_one(local: str, label: str) -> None:
    """Capitals make no other account where a letter has one small form."""
    address = f"{local}@{label}.example"
    if address.upper().lower() == address:
        assert canonical_email(address.upper()) == canonical_email(address)


@pytest.mark.parametrize(
    ("unicode", "a_label"),
    [
        ("user@käse.de", "user@xn--kse-qla.de"),
        ("user@KÄSE.de", "user@XN--KSE-QLA.de"),
        ("user@straße.de", "user@xn--strae-oqa.de"),
        ("user@пример.рф", "user@xn--e1afmkfd.xn--p1ai"),
        ("user@käse。de", "user@xn--kse-qla.de"),
    ],
)
def test_both_forms_of_an_international_domain_are_one(unicode: str, a_label: str) -> None:
    """The domain as people write it and as computers do is one domain."""
    assert canonical_email(unicode) == canonical_email(a_label)


@pytest.mark.parametrize(
    "different", ["a.b@x.ee ab@x.ee", "a+t@x.ee a@x.ee", "ä@x.ee a@x.ee", "a@ß.ee a@ss.ee"]
)
def test_what_is_not_folded(different: str) -> None:
    """A provider's habits are no rule: these stay different people."""
    one, other = different.split()
    assert canonical_email(one) != canonical_email(other)


@pytest.mark.parametrize(
    "text", ["", "@", "a", "a@", "@x.ee", "ä", "ä@", "@ä", "a@ä..ee", "a@\u2028.ee", "ä@-ä.ee"]
)
def test_no_canonical_form(text: str) -> None:
    """Text that names nobody at no place is refused, not guessed."""
    with pytest.raises(NotAnAddress):
        canonical_email(text)
