"""Stable codes with a plain sentence and what to do: rows that cannot be taken, notes, suggestions, failed calls.

Codes are deployed identifiers: clients and failures files hold them. Sentences may be improved at any time.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its sentence, and a hint that says what to do. `can_retry`: asking again may help."""

    code: str
    message: str
    hint: str
    can_retry: bool = False


def _catalogue(*codes: Code) -> dict[str, Code]:
    return {code.code: code for code in codes}


ROW_CODES = _catalogue(
    Code("EMAIL_MISSING", "The row has no e-mail address.", "Fill in the address, or delete the row."),
    Code("EMAIL_INVALID", "This is not an e-mail address.", "Correct the address."),
    Code("EMAIL_NO_AT", "The address has no @.", "Write the address in full, like ada@example.org."),
    Code("EMAIL_SEVERAL_AT", "The address has more than one @.", "Write one address, with one @."),
    Code(
        "EMAIL_DOTS",
        "The address has a dot where none may be: at an end, beside the @, or two in a row.",
        "Correct the dots.",
    ),
    Code("EMAIL_SPACE", "There is a space inside the address.", "Remove the space."),
    Code(
        "EMAIL_CHARACTER", "The address holds a character that no address may have.", "Correct the address."
    ),
    Code(
        "EMAIL_INCOMPLETE",
        "Something is missing before or after the @.",
        "Write the address in full, like ada@example.org.",
    ),
    Code("EMAIL_DOMAIN_INVALID", "The part after the @ is no domain name.", "Correct the part after the @."),
    Code(
        "EMAIL_NO_TOP_LEVEL",
        "The part after the @ has no ending such as .org.",
        "Write the domain in full, like example.org.",
    ),
    Code(
        "EMAIL_TOO_LONG",
        "The address is longer than an address can be (254 characters, 64 bytes before the @).",
        "Correct the address.",
    ),
    Code(
        "EMAIL_CONTROL_CHARACTER",
        "The address holds an invisible control character.",
        "Type the address again.",
    ),
    Code(
        "EMAIL_HIDDEN_CHARACTER",
        "There is a character inside the address that nobody can see.",
        "Remove it, or type the address again.",
    ),
    Code(
        "EMAIL_TYPOGRAPHIC",
        "The address holds typographic characters (full-width letters, curly quotes) in place of plain ones.",
        "Use plain characters.",
    ),
    Code(
        "EMAIL_LOOKALIKE",
        "The address mixes alphabets: some letters only look like the usual ones.",
        "Use plain letters, or confirm that the address is meant so.",
    ),
    Code(
        "EMAIL_SEVERAL",
        "There are several addresses in one cell.",
        "Split them into rows, or keep one.",
    ),
    Code(
        "EMAIL_UNICODE_LOCAL_UNSUPPORTED",
        "The part before the @ holds characters that the account service does not take.",
        "Use an address with plain letters before the @.",
    ),
    Code(
        "EMAIL_UNREADABLE",
        "Some characters of the address could not be read in the file's encoding.",
        "Choose another encoding for the file, or type the address again.",
    ),
    Code(
        "EMAIL_DOMAIN_BLOCKED",
        "Addresses of this domain are not accepted here.",
        "Use another address of this person.",
    ),
    Code(
        "CELL_TOO_LONG",
        "A cell of the row is longer than any cell may be.",
        "Shorten the cell, or look for a quote that is not closed.",
    ),
    Code(
        "DESCRIPTION_TOO_LONG", "The description is longer than 2,000 characters.", "Shorten the description."
    ),
    Code(
        "EXTRA_CELLS",
        "The row has more filled cells than the header has columns.",
        "Put cells that hold the delimiter in quotes.",
    ),
    Code(
        "DUPLICATE", "Another row of this file has the same address.", "Nothing to do: the first row counts."
    ),
)

NOTE_CODES = _catalogue(
    # Repairs: what was changed, so that nothing is changed in silence.
    Code("HIDDEN_TRIMMED", "Invisible characters around the address were removed.", "Nothing to do."),
    Code(
        "CONTROL_REMOVED",
        "Control characters in the description were removed.",
        "Nothing to do, unless something is missing.",
    ),
    Code("ADDRESS_EXTRACTED", "The address was taken out of a longer text.", "Check the address."),
    Code("COMPOSED", "Letters with separate accents were joined; they look the same.", "Nothing to do."),
    Code(
        "ESCAPE_REMOVED",
        "The apostrophe that protects spreadsheets from formulas was taken away.",
        "Nothing to do.",
    ),
    # Advice: the row is taken as it is.
    Code(
        "STRAY_QUOTE",
        "There is a quote inside a cell without quotes; it was kept as text.",
        "Check the cell.",
    ),
    Code(
        "OTHER_ENCODING",
        "This row is in another encoding than the rest of the file.",
        "Check the accented letters.",
    ),
    Code(
        "CHARACTERS_LOST",
        "Some letters were lost before the file came to us; each is shown as a question mark.",
        "Check the description.",
    ),
    Code("DOMAIN_TYPO", "The domain looks like a slip of the finger.", "Check the part after the @."),
    Code("DOMAIN_DISPOSABLE", "This is a domain for throw-away addresses.", "Check with the person."),
    Code(
        "COLUMNS_SWAPPED",
        "The address seems to stand in the column for the description.",
        "Swap the two cells.",
    ),
    Code(
        "DESCRIPTION_DIFFERS",
        "The row that counts for this address has another description.",
        "Nothing to do: the first row counts.",
    ),
    Code("CONFIRMED", "Somebody confirmed that the address is meant as it is.", "Nothing to do."),
    Code("EDITED", "The row was corrected after the file was read.", "Nothing to do."),
)

SUGGESTION_CODES = _catalogue(
    Code("USE_DOMAIN", "Use the well-known domain.", "Changes the part after the @."),
    Code("USE_PLAIN", "Use plain characters.", "Changes the address."),
    Code("REMOVE_HIDDEN", "Remove the invisible characters.", "Changes the address."),
    Code("REMOVE_SPACES", "Remove the spaces.", "Changes the address."),
    Code("KEEP_AS_IS", "It is meant so: accept the address.", "The row is then taken as it is."),
    Code(
        "SPLIT", "Make one row of each address.", "New rows are added at the end, with the same description."
    ),
    Code("KEEP_FIRST", "Keep the first address only.", "Changes the address."),
    Code("SWAP_COLUMNS", "Swap address and description.", "Changes both cells."),
)

FAILURE_CODES = _catalogue(
    Code(
        "REFUSED",
        "The account service refused this person.",
        "Check the address; then retry, or correct the row.",
        can_retry=True,
    ),
    Code(
        "ADDRESS_TAKEN",
        "The account service already has an account with this address that is not ours.",
        "Ask the account service's staff to release it, or use another address.",
        can_retry=True,
    ),
    Code(
        "OUTCOME_UNKNOWN",
        "The account service never told us whether the account was made.",
        "Retry: we ask again with the same key, so nobody gets two accounts.",
        can_retry=True,
    ),
    Code(
        "ATTEMPTS_EXHAUSTED",
        "The account service failed too often.",
        "Retry when the account service is well again.",
        can_retry=True,
    ),
    Code(
        "COURSE_ENDED",
        "The course ended before the account was made.",
        "Extend the course, then retry.",
        can_retry=True,
    ),
    Code(
        "TARGET_ERROR",
        "The account service answered in a way we do not understand.",
        "Tell the operators; then retry.",
        can_retry=True,
    ),
)

WAITING_CODES = _catalogue(
    Code(
        "TARGET_UNREACHABLE",
        "The account service cannot be reached.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code("TARGET_BUSY", "The account service asks us to wait.", "Nothing to do: we try again by ourselves."),
    Code(
        "TARGET_UNCERTAIN",
        "The account service broke off before it answered.",
        "Nothing to do: we ask again by ourselves.",
    ),
)

CLOSING_CODES = _catalogue(
    Code(
        "CLOSE_UNREACHABLE",
        "The account is to be closed, but the account service cannot be reached.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code(
        "CLOSE_BUSY",
        "The account is to be closed, but the account service asks us to wait.",
        "Nothing to do: we try again by ourselves.",
    ),
    Code(
        "CLOSE_UNCERTAIN",
        "The account service broke off before it said that the account is closed.",
        "Nothing to do while we try again by ourselves; else ask the account service's staff to close it.",
    ),
    Code(
        "CLOSE_REFUSED",
        "The account service refused to close the account.",
        "Ask the account service's staff why, and to close it.",
    ),
    Code(
        "CANNOT_LOOK_UP",
        "Nobody knows whether the account was made, and the account service cannot be asked.",
        "Ask the account service's staff whether there is an account of this address, and to close it.",
    ),
)


def explain(code: str) -> Code:
    """The catalogue entry of `code`; an unknown one (written by a newer version) explains itself plainly."""
    for catalogue in (
        ROW_CODES,
        FAILURE_CODES,
        WAITING_CODES,
        NOTE_CODES,
        SUGGESTION_CODES,
        CLOSING_CODES,
    ):
        if code in catalogue:
            return catalogue[code]
    return Code(code, f"Code {code}.", "See the documentation of this version.")
