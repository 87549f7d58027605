"""What is said of one cell: taken, taken with a note, or refused with a code, what it is about, and what to do."""

import pytest

from schemas.canonical import canonical_email
from schemas.codes import NOTE_CODES, ROW_CODES, SUGGESTION_CODES
from services.importer.domain.addresses.examine import BadAddress, check_address, examine
from services.importer.domain.policy import AddressPolicy

PLAIN = AddressPolicy()
STRICT = AddressPolicy.of(blocked=["@Blocked.example"], disposable=["kõrbe.ee"])
WIDE = AddressPolicy.of(unicode_local=True)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "o'hara+tag@sub.example.test",
        "+tag@example.org",
        "A.B@EXAMPLE.COM",
        "x@xn--kse-qla.de",
        "a@b.xn--p1ai",
        "_@a.museum",
        "user@localhost.localdomain",
        "user@school.local",
        "user@käse.de",
        "user@пример.рф",
        "user@例え.jp",
        "a" * 64 + "@example.org",
    ],
)
def test_ordinary_and_reserved_addresses_are_taken_as_they_are(address: str) -> None:
    """No name server is asked; domains of tests, demos and closed networks are domains; nothing is to be said."""
    found = examine(address, PLAIN)
    assert (found.text, found.canonical, found.fault) == (address, canonical_email(address), None)
    assert not found.notes
    assert not found.suggestions


@pytest.mark.parametrize(
    "one", ["User@KÄSE.de", "user@ka\u0308se.de", "user@xn--kse-qla.de", "user@XN--KSE-QLA.DE"]
)
def test_spellings_of_an_international_domain_are_one_address(one: str) -> None:
    """In letters or as an A-label, composed or not."""
    assert examine(one, PLAIN).canonical == "user@xn--kse-qla.de"


REFUSED = [
    ("", "EMAIL_MISSING", ""),
    ("\u200b\ufeff", "EMAIL_MISSING", ""),
    ("nobody", "EMAIL_NO_AT", ""),
    ("Ann – Tutor", "EMAIL_NO_AT", ""),
    ("@c.ee", "EMAIL_INCOMPLETE", "nothing before the @"),
    ("a@", "EMAIL_INCOMPLETE", "nothing after the @"),
    ("a@b@c.ee", "EMAIL_SEVERAL_AT", "2 in one address"),
    ("a..b@c.ee", "EMAIL_DOTS", "two dots after “a”"),
    (".a@c.ee", "EMAIL_DOTS", "a dot at the beginning, before the @"),
    ("a.@c.ee", "EMAIL_DOTS", "a dot at the end, before the @"),
    ("a@c..ee", "EMAIL_DOTS", "two dots after “c”"),
    ("a@c.ee.", "EMAIL_DOTS", "a dot at the end, after the @"),
    ("a b@c.ee", "EMAIL_SPACE", "after “a”"),
    ("a(b@c.ee", "EMAIL_CHARACTER", "“(” after “a”"),
    ("a@-x.ee", "EMAIL_DOMAIN_INVALID", "“-x” begins or ends with a hyphen"),
    ("a@c_d.ee", "EMAIL_DOMAIN_INVALID", "“_” after “c”"),
    ("a@[192.0.2.1]", "EMAIL_DOMAIN_INVALID", "“[” at the beginning"),
    ("a@ab--cd.ee", "EMAIL_DOMAIN_INVALID", "ab--cd.ee"),
    ("a@xn--zzzzzz.ee", "EMAIL_DOMAIN_INVALID", "xn--zzzzzz.ee"),
    ("a@" + "b" * 64 + ".ee", "EMAIL_DOMAIN_INVALID", "a part of 64 characters, 63 are allowed"),
    ("a@b", "EMAIL_NO_TOP_LEVEL", "b"),
    ("a@c.123", "EMAIL_NO_TOP_LEVEL", ".123"),
    ("a@b.c", "EMAIL_NO_TOP_LEVEL", ".c"),
    ("a" * 65 + "@example.org", "EMAIL_TOO_LONG", "65 bytes before the @"),
    ("õ" * 33 + "@example.org", "EMAIL_TOO_LONG", "66 bytes before the @"),
    ("a@" + ("b" * 60 + ".") * 5 + "org", "EMAIL_TOO_LONG", "310 characters"),
    ("x" * 5_000, "EMAIL_TOO_LONG", "5000 characters"),
    ("a\x00b@c.ee", "EMAIL_CONTROL_CHARACTER", "U+0000 after “a”"),
    ("\x0cab@c.ee", "EMAIL_CONTROL_CHARACTER", "U+000C at the beginning"),
    ("a\tb@c.ee", "EMAIL_CONTROL_CHARACTER", "U+0009 after “a”"),
    ("a\ud800b@c.ee", "EMAIL_CONTROL_CHARACTER", "U+D800 after “a”"),
    ("ada\u200blove@c.ee", "EMAIL_HIDDEN_CHARACTER", "U+200B (zero width space) after “ada”"),
    ("a@exam\u00adple.org", "EMAIL_HIDDEN_CHARACTER", "U+00AD (soft hyphen) after “a@exam”"),
    ("a\u00a0b@c.ee", "EMAIL_HIDDEN_CHARACTER", "U+00A0 (no-break space) after “a”"),
    ("a\ufeffb@c.ee", "EMAIL_HIDDEN_CHARACTER", "U+FEFF (zero width no-break space) after “a”"),
    ("a\u202eb@c.ee", "EMAIL_HIDDEN_CHARACTER", "U+202E (right-to-left override) after “a”"),
    ("a＠c.ee", "EMAIL_TYPOGRAPHIC", "“＠” U+FF20 (fullwidth commercial at)"),
    ("o’hara@c.ee", "EMAIL_TYPOGRAPHIC", "“’” U+2019 (right single quotation mark)"),
    ("a@c。ee", "EMAIL_TYPOGRAPHIC", "“。” U+3002 (ideographic full stop)"),
    ("аda@x.org", "EMAIL_LOOKALIKE", "а: U+0430 (cyrillic small letter a) in “аda”"),
    ("ada@exаmple.org", "EMAIL_LOOKALIKE", "а: U+0430 (cyrillic small letter a) in “exаmple”"),
    ("ada@xn--exmple-4nf.org", "EMAIL_LOOKALIKE", "а: U+0430 (cyrillic small letter a) in “exаmple”"),
    ("a@b.ee; c@d.ee", "EMAIL_SEVERAL", "2 addresses"),
    ("用户@example.org", "EMAIL_UNICODE_LOCAL_UNSUPPORTED", "用"),
]


@pytest.mark.parametrize(("text", "code", "detail"), REFUSED)
def test_a_refusal_says_why_and_where(text: str, code: str, detail: str) -> None:
    """Each has a code of the catalogue, and in a few words what it is about."""
    found = examine(text, PLAIN)
    assert found.fault == (code, detail)
    assert code in ROW_CODES
    assert found.canonical is None
    with pytest.raises(BadAddress) as caught:
        check_address(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code", "value", "like"),
    [
        ("ada @ x.org", "REMOVE_SPACES", "ada@x.org", "space beside @"),
        ("ada@x. org", "REMOVE_SPACES", "ada@x.org", "space beside ."),
        ("ada b@x.org", "REMOVE_SPACES", "adab@x.org", "space beside letters"),
        ("ada\u200b@x.org", "REMOVE_HIDDEN", "ada@x.org", "U+200B"),
        ("a\x00da@x.org", "REMOVE_HIDDEN", "ada@x.org", "U+0000"),
        ("ａｄａ＠x.org", "USE_PLAIN", "ada@x.org", "U+FF41"),
        ("o’hara@x.org", "USE_PLAIN", "o'hara@x.org", "U+2019"),
        ("аda@x.org", "USE_PLAIN", "ada@x.org", "EMAIL_LOOKALIKE"),
        ("ас@x.org", "USE_PLAIN", "ac@x.org", "other alphabet"),
        ("ada@exаmple.org", "USE_PLAIN", "ada@example.org", "EMAIL_LOOKALIKE"),
        ("ada@exаmple.org", "KEEP_AS_IS", "ada@exаmple.org", "EMAIL_LOOKALIKE"),
        ("a@b.ee; c@d.ee", "SPLIT", "a@b.ee\nc@d.ee", "EMAIL_SEVERAL"),
        ("a@b.ee\nc@d.ee", "SPLIT", "a@b.ee\nc@d.ee", "EMAIL_SEVERAL"),
        ("Ann <a@b.ee>, Bob <c@d.ee>", "SPLIT", "a@b.ee\nc@d.ee", "EMAIL_SEVERAL"),
        ("a@b.ee, c@d.ee, A@b.ee", "KEEP_FIRST", "a@b.ee", "EMAIL_SEVERAL"),
        ("a@b.ee c@d", "KEEP_FIRST", "a@b.ee", "EMAIL_SEVERAL"),
        ("ada@gmial.com", "USE_DOMAIN", "ada@gmail.com", "gmial.com"),
        ("mailto:ada@gmial.com", "USE_DOMAIN", "ada@gmail.com", "gmial.com"),
    ],
)
def test_suggestions(text: str, code: str, value: str, like: str) -> None:
    """What one click would make of the cell, and which others have the same mistake."""
    assert (code, value, like) in examine(text, PLAIN).suggestions
    assert code in SUGGESTION_CODES


@pytest.mark.parametrize(
    "text", ["a b@c", "\u4f60\u200b\u597d@x.org", "a@b; c", "nobody", "a@b@c.ee", "x" * 5_000]
)
def test_nothing_is_suggested_that_would_be_refused(text: str) -> None:
    """Better no advice than a second refusal."""
    assert not examine(text, PLAIN).suggestions


@pytest.mark.parametrize(
    ("text", "taken", "code", "detail"),
    [
        (
            "\u00a0ada@x.org\u200b",
            "ada@x.org",
            "HIDDEN_TRIMMED",
            "U+00A0 (no-break space), U+200B (zero width space)",
        ),
        ("\ufeffada@x.org", "ada@x.org", "HIDDEN_TRIMMED", "U+FEFF (zero width no-break space)"),
        ("Ann <ada@x.org>", "ada@x.org", "ADDRESS_EXTRACTED", "Ann <ada@x.org>"),
        ("ada@x.org <ada@x.org>", "ada@x.org", "ADDRESS_EXTRACTED", "ada@x.org <ada@x.org>"),
        ("MAILTO:ada@x.org?subject=Hi", "ada@x.org", "ADDRESS_EXTRACTED", "MAILTO:ada@x.org?subject=Hi"),
        ("ada@x.org; Ada@x.org", "ada@x.org", "ADDRESS_EXTRACTED", "ada@x.org; Ada@x.org"),
        ("<ada@x.org>", "ada@x.org", "ADDRESS_EXTRACTED", "<ada@x.org>"),
        ("ada@x.org (Ann)", "ada@x.org", "ADDRESS_EXTRACTED", "ada@x.org (Ann)"),
        ("“ada@x.org”;", "ada@x.org", "ADDRESS_EXTRACTED", "“ada@x.org”;"),
        ("ada@ka\u0308se.de", "ada@käse.de", "COMPOSED", ""),
        ("ada@gmial.com", "ada@gmial.com", "DOMAIN_TYPO", "gmial.com, like gmail.com"),
        ("ada@mailinator.com", "ada@mailinator.com", "DOMAIN_DISPOSABLE", "mailinator.com"),
    ],
)
def test_repairs_and_oddities_are_noted(text: str, taken: str, code: str, detail: str) -> None:
    """The address is taken, and nothing is changed in silence."""
    found = examine(text, PLAIN)
    assert (found.text, found.fault, found.notes) == (taken, None, ((code, detail),))
    assert code in NOTE_CODES


def test_mixed_alphabets_are_taken_when_somebody_says_so() -> None:
    """With a note that somebody did; a confirmation that nothing needs leaves none."""
    found = examine("ada@exаmple.org", PLAIN, confirmed=True)
    assert found.fault is None
    assert [note.code for note in found.notes] == ["CONFIRMED"]
    assert not examine("ada@example.org", PLAIN, confirmed=True).notes
    assert examine("аda@x.org", PLAIN, confirmed=True).fault == ("EMAIL_UNICODE_LOCAL_UNSUPPORTED", "а")


@pytest.mark.parametrize(
    "text", ["ada@δοκιμή.example", "ada@аррӏе.com", "ada@日本langポ.jp", "user1@ünï-2.de"]
)
def test_one_alphabet_throughout_is_fine(text: str) -> None:
    """Also Latin letters among East Asian ones, as names there are."""
    assert examine(text, PLAIN).fault is None


def test_letters_before_the_at_are_the_account_services_choice() -> None:
    """They are no mistake: taken where the account service takes them, in one form."""
    assert examine("Jõe@x.org", WIDE).canonical == examine("JO\u0303E@x.org", WIDE).canonical == "jõe@x.org"
    assert examine("õ\u0600@x.org", WIDE).fault == ("EMAIL_CHARACTER", "before the @")
    assert examine("аda@x.org", WIDE).suggestions[1].code == "KEEP_AS_IS"


@pytest.mark.parametrize("domain", ["blocked.example", "a.b.blocked.example", "BLOCKED.example"])
def test_a_blocked_domain_is_refused_with_all_below_it(domain: str) -> None:
    """The address is an address, but not here."""
    found = examine(f"ada@{domain}", STRICT)
    assert found.fault == ("EMAIL_DOMAIN_BLOCKED", domain.lower())
    assert examine("ada@notblocked.example", STRICT).fault is None


def test_lists_of_domains_are_written_as_people_write_them() -> None:
    """In letters or as A-labels; what is no domain is refused when the service starts, not row by row."""
    assert [note.code for note in examine("ada@xn--krbe-0qa.ee", STRICT).notes] == ["DOMAIN_DISPOSABLE"]
    for wrong in ("", "two words.ee", "-x.ee"):
        with pytest.raises(ValueError, match="no domain"):
            AddressPolicy.of(blocked=[wrong])


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("hotnail.com", "hotmail.com"),
        ("hotmial.con", "hotmail.com"),
        ("yahooo.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        *(
            (fine, None)
            for fine in ("gmail.com", "mail.com", "ymail.com", "email.com", "yahoo.fr", "hotmail.co.uk")
        ),
        *(
            (fine, None)
            for fine in ("gmx.com", "outlook.de", "example.org", "cloud.com", "uni.gmail.example")
        ),
    ],
)
def test_slips_of_well_known_domains(domain: str, meant: str | None) -> None:
    """Advice only, and none for domains that are somebody else's."""
    found = examine(f"Ada@{domain}", PLAIN)
    assert found.fault is None
    assert [value.value for value in found.suggestions] == ([f"Ada@{meant}"] if meant else [])
