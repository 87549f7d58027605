"""A form is parsed while it arrives, however it is cut."""

import pytest

from services.importer.api.multipart import BadForm, Form, boundary_of

BODY = (
    b'--b\r\nContent-Disposition: form-data; name="project"\r\n\r\nP\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n'
    b"email\r\na@x.org\r\n\r\n--b--\r\n"
)


@pytest.mark.parametrize("size", [1, 7, len(BODY)])
def test_parts_are_told_apart_however_the_bytes_arrive(size: int) -> None:
    """File bytes are handed on exactly; fields are text."""
    file = bytearray()
    form = Form(b"b", file.extend)
    for start in range(0, len(BODY), size):
        form.feed(BODY[start : start + size])
    form.finish()
    assert bytes(file) == b"email\r\na@x.org\r\n"
    assert form.fields == {"project": "P"}
    assert form.file_name == "list.csv"


@pytest.mark.parametrize(
    "body",
    [
        BODY[:-10],
        b"nonsense",
        b"--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' + b"x" * 9_000 + b"\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n' * 2 + b"--b--\r\n",
        b"--b\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n\r\n--b--\r\n",
    ],
    ids=["cut off", "no form", "no file", "long field", "two files", "long header"],
)
def test_bad_forms_are_refused(body: bytes) -> None:
    """Malformed, unfinished or oversized forms end in one sentence."""
    form = Form(b"b", lambda _: None)

    def feed_all() -> None:
        form.feed(body)
        form.finish()

    with pytest.raises(BadForm):
        feed_all()


def test_a_form_without_boundary_is_refused() -> None:
    """The header must name it."""
    with pytest.raises(BadForm):
        boundary_of("multipart/form-data")
