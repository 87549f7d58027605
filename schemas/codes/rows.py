"""Codes of rows: why one cannot be taken, what is noted on it, what is suggested."""

from schemas.codes.base import Code, catalogue

ROW_CODES = catalogue(
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

NOTE_CODES = catalogue(
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

SUGGESTION_CODES = catalogue(
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
