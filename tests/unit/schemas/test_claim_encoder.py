"""The fast way to write requests says what the codec says, to the byte."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schemas.claim_encoder import ClaimEncoder
from schemas.codec import encode
from schemas.facts import AccountRequested, ClaimRef, IfExists, ProjectSnapshot, RequestedPersonal
from schemas.ids import request_id

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ['%b"row":1', "\\u0000", '"', "100 % {ok}", "Jörg 用户"]
)
_ROWS = st.integers(1, 2**31 - 1)


@given(
    import_id=st.uuids(),
    account=st.uuids(),
    cause=st.uuids(),
    row=_ROWS,
    line=_ROWS,
    texts=st.tuples(_TEXTS, _TEXTS, _TEXTS, _TEXTS, _TEXTS),
    end=st.none() | st.dates(),
    choices=st.builds(
        IfExists, erred=st.sampled_from(["retry", "leave"]), closed=st.sampled_from(["reopen", "leave"])
    ),
    time=st.datetimes(timezones=st.just(UTC)),
)
def test_the_same_bytes_as_the_codec(
    import_id: UUID,
    account: UUID,
    cause: UUID,
    row: int,
    line: int,
    texts: tuple[str, str, str, str, str],
    end: object,
    choices: IfExists,
    time: datetime,
) -> None:
    """Key, value and headers, in their order, whatever the names and cells hold."""
    name, author, email, canonical, description = texts
    project = ProjectSnapshot(project_id=cause, name=name, slug=name, end_date=end)  # type: ignore[arg-type]
    encoder = ClaimEncoder(
        import_id,
        project=project,
        if_exists=choices,
        requested_by=author,
        source="course-accounts/importer",
        time=time,
        causation_id=cause,
    )
    fact = AccountRequested(
        account_id=account,
        claim=ClaimRef(request_id=request_id(import_id, row, 0), import_id=import_id, row=row),
        line=line,
        if_exists=choices,
        project=project,
        requested_by=author,
        personal=RequestedPersonal(email=email, canonical_email=canonical, description=description),
    )
    slow = encode(fact, source="course-accounts/importer", time=time, causation_id=cause)
    assert encoder.encode(row, line, account, email, canonical, description) == slow
