"""Codes of parked records: why a service could not take one. `can_retry`: redriving may help, once that is mended."""

from schemas.codes.base import Code, catalogue

PARKED_CODES = catalogue(
    Code(
        "NO_VALUE",
        "The record has no value.",
        "Nothing can be read from it: ask its writer what it was meant to be, then drop it.",
    ),
    Code(
        "TOO_LARGE",
        "The record is larger than any of ours.",
        "Ask its writer to send smaller ones, then drop it.",
    ),
    Code(
        "NO_TYPE",
        "The record does not say which type of event it is (header ce_type).",
        "Somebody wrote to the topic who is not one of ours: find out who, ask for it properly, then drop it.",
    ),
    Code(
        "UNKNOWN_TYPE",
        "No reader of this version knows the type of event.",
        "If its writer is newer than this service, upgrade and redrive it; else find out who writes here, and drop it.",
        can_retry=True,
    ),
    Code(
        "BAD_ENVELOPE",
        "A CloudEvents header is missing or malformed.",
        "Ask its writer to send it again with the headers as documented, then drop it.",
    ),
    Code(
        "BAD_FACT",
        "The value does not fit its schema.",
        "If its writer is newer than this service, upgrade and redrive; else have it sent again, and drop it.",
        can_retry=True,
    ),
    Code(
        "TOO_MANY_ROWS",
        "The request has more rows than one import may have.",
        "Ask the sender to split it; or raise MAX_ROWS of the importer, then redrive it.",
        can_retry=True,
    ),
    Code(
        "SOURCE_NOT_ALLOWED",
        "The sender may not ask for accounts in this project.",
        "If it should, allow it in REQUEST_SOURCES of the importer, then redrive; else drop it.",
        can_retry=True,
    ),
    Code(
        "IMPORT_ID_TAKEN",
        "The import's id is in use by somebody else, for another key, or for another project.",
        "Ask the sender for another id; then drop it.",
    ),
    Code(
        "NOT_JUDGED",
        "The request could not be judged because of a mistake on our side.",
        "Look for request_not_judged in the importer's log, upgrade, then redrive it.",
        can_retry=True,
    ),
    Code(
        "PROJECT_UNKNOWN",
        "There was no such project when the request came.",
        "Have the project published, then redrive; if it will never be, drop it.",
        can_retry=True,
    ),
    Code(
        "PROJECT_NOT_A_COURSE",
        "The project is not a course.",
        "If it should be one, have it published as one, then redrive; else drop it.",
        can_retry=True,
    ),
    Code(
        "PROJECT_WITHOUT_END",
        "The course has no end date.",
        "Have it published with an end, then redrive it.",
        can_retry=True,
    ),
    Code(
        "PROJECT_ENDED",
        "The course was over when the request came.",
        "Extend the course, then redrive; or drop it.",
        can_retry=True,
    ),
    Code(
        "TOPIC_NOT_READ",
        "This service does not read the record's topic any more.",
        "Check its settings for topics; redrive once it reads that one again, or drop the record.",
        can_retry=True,
    ),
    Code(
        "REDRIVE_BROKE",
        "Taking the record failed because of a mistake on our side.",
        "Look for redrive_broke in the service's log, upgrade, then redrive it.",
        can_retry=True,
    ),
)
