"""AccountRequested of one import, encoded as `schemas.codec` would, at a fraction of the time.

An import may ask for hundreds of thousands of accounts, and all but eight values are the same in each request.
Part of the codec: what is personal passes here as it does there.
"""

from datetime import datetime
from hashlib import sha1
from typing import Final
from uuid import UUID, uuid4

import msgspec

from schemas.codec import Encoded, encode
from schemas.facts import AccountRequested, ClaimRef, IfExists, ProjectSnapshot, RequestedPersonal

_JSON: Final = msgspec.json.Encoder().encode
_ROW, _REVISION, _LINE = 2_147_483_646, 2_147_483_645, 2_147_483_644
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


class ClaimEncoder:
    """Encodes the requests of one import at revision 0. What differs between rows is given to each call."""

    def __init__(
        self,
        import_id: UUID,
        *,
        project: ProjectSnapshot,
        if_exists: IfExists,
        requested_by: str,
        source: str,
        time: datetime,
        causation_id: UUID,
    ) -> None:
        account, request = uuid4(), uuid4()
        email, canonical, description = (uuid4().hex for _ in range(3))
        sample = encode(
            AccountRequested(
                account_id=account,
                claim=ClaimRef(request_id=request, import_id=import_id, row=_ROW, revision=_REVISION),
                line=_LINE,
                if_exists=if_exists,
                project=project,
                requested_by=requested_by,
                personal=RequestedPersonal(email=email, canonical_email=canonical, description=description),
            ),
            source=source,
            time=time,
            causation_id=causation_id,
        )
        self._request = sha1(import_id.bytes, usedforsecurity=False)
        self._value = _template(
            sample.value,
            (
                (f'"{account}"', b'"%b"'),
                (f'"{request}"', b'"%b"'),
                (f'"row":{_ROW}', b'"row":%d'),
                (f'"revision":{_REVISION}', b'"revision":0'),
                (f'"line":{_LINE}', b'"line":%d'),
                (f'"{email}"', b"%b"),
                (f'"{canonical}"', b"%b"),
                (f'"{description}"', b"%b"),
            ),
        )
        self._headers = sample.headers
        self._id_at = sample.headers.index(("ce_id", str(request).encode()))
        self._subject_at = sample.headers.index(("ce_subject", str(account).encode()))

    def encode(
        self, row: int, line: int, account_id: UUID, email: str, canonical_email: str, description: str
    ) -> Encoded:
        """One row's request. `account_id` may be any object whose text is that of the UUID."""
        account = str(account_id).encode()
        request = self._request_id(row)
        address = _JSON(email)
        value = self._value % (
            account,
            request,
            row,
            line,
            address,
            address if canonical_email == email else _JSON(canonical_email),
            _JSON(description),
        )
        headers = self._headers.copy()
        headers[self._id_at] = ("ce_id", request)
        headers[self._subject_at] = ("ce_subject", account)
        return Encoded(account, value, headers)

    def _request_id(self, row: int) -> bytes:
        """The text of `schemas.ids.request_id` at revision 0, without the object between."""
        name = self._request.copy()
        name.update(b"%d/0" % row)
        hex_ = name.hexdigest()
        return (
            f"{hex_[:8]}-{hex_[8:12]}-5{hex_[13:16]}-{_VARIANT[hex_[16]]}{hex_[17:20]}-{hex_[20:32]}".encode()
        )


def _template(sample: bytes, places: tuple[tuple[str, bytes], ...]) -> bytes:
    """The sample as a format of bytes, with each place, in order, replaced by its directive."""
    rest = sample.replace(b"%", b"%%")
    done = b""
    for place, directive in places:
        before, _, rest = rest.partition(place.encode())
        done += before + directive
    return done + rest
