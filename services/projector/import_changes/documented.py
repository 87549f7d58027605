"""The stream of events of an import, for the API document: what `push.events` sends."""

from typing import Any, Final

import orjson

from services.common.http.documented import answer_headers, file_answer
from services.common.http.problem_answer import problems
from services.projector.import_progress.documented import EXAMPLE as STATUS
from services.projector.import_rows.documented import EXAMPLE as ROW
from services.projector.push.events import event, rows_event

_SAYS: Final = """Server-sent events, until the client goes. `id` is the version of the import.

* `status`: the data is that of the status endpoint; the first event, and then only the newest.
* `rows`: `{"version", "many": false, "rows"}`, up to 100 changed rows as the list of rows shows them; or
  `{"version", "many": true, "ranges"}`, row numbers from and to between which many changed, null for anywhere.
* `reset`: as `status`; something was missed, so read again what you show.

A comment every 15 seconds shows that the connection lives. Who may no longer see the import is let go.
"""
_EXAMPLE: Final = (
    b"retry: 1500\n\n" + rows_event(571, [ROW]) + event("status", 571, orjson.dumps(STATUS))
).decode()

EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: file_answer(_SAYS, example=_EXAMPLE, media_type="text/event-stream")
    | {"headers": answer_headers(Cache_Control="no-cache")},
    **problems(400, 404),
}
