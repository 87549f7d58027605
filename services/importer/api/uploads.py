"""`POST /api/import-drafts/`, and what to know before it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response

from schemas.facts import IfExists
from services.common.http import Problem, SignedIn, Writer
from services.common.http.auditing import tell_audit
from services.importer.api.answers import DraftAnswer, draft_answer, fault_answer
from services.importer.api.choices import DELIMITERS, choices_of
from services.importer.api.deps import Parts
from services.importer.api.finding import check_project
from services.importer.api.upload import MAX_JSON, Upload, receive
from services.importer.api.upload_documented import (
    PATH,
    TEMPLATE,
    TEMPLATE_ANSWER,
    UPLOAD,
    UPLOAD_BODY,
    LimitsAnswer,
)
from services.importer.drafts.model import Draft, SourceFile
from services.importer.limits import MAX_DESCRIPTION, MAX_EMAIL, MAX_LOCAL_PART
from services.importer.reading import ENCODINGS
from services.importer.reading.header import SYNONYMS
from services.importer.reading.sampling import HEADER_WITHIN


def uploads_router(parts: Parts) -> APIRouter:
    """Routes for limits, template and upload."""
    router = APIRouter(prefix=PATH.rstrip("/"), tags=["import drafts"])
    settings = parts.settings

    @router.get("/limits/", operation_id="read_upload_limits", response_model=LimitsAnswer)
    async def limits(
        _: SignedIn, rows: Annotated[int | None, Query(ge=0, le=1_000_000_000)] = None
    ) -> dict[str, Any]:
        """Read what an upload may hold.

        For a number of `rows`, also about how long its accounts will take.
        """
        return {
            "rows": settings.max_rows,
            "bytes": settings.max_bytes,
            "json_bytes": MAX_JSON,
            "record_characters": settings.max_record,
            "email_characters": MAX_EMAIL,
            "email_local_bytes": MAX_LOCAL_PART,
            "description_characters": MAX_DESCRIPTION,
            "encodings": list(ENCODINGS),
            "delimiters": list(DELIMITERS),
            "columns": {column: sorted(names) for column, names in SYNONYMS.items()},
            "header_within_lines": HEADER_WITHIN,
            "blocked_domains": sorted(settings.policy.blocked),
            "unicode_local": settings.policy.unicode_local,
            "draft_days": settings.draft_days,
            "rate": settings.expected_rate,
            "seconds": None if rows is None else round(rows / settings.expected_rate, 1),
        }

    @router.get(
        "/template.csv",
        operation_id="download_upload_template",
        response_class=Response,
        responses={200: TEMPLATE_ANSWER},
    )
    async def template(_: SignedIn) -> Response:
        """Download a file that is accepted as it is."""
        return Response(
            TEMPLATE.encode(),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="template.csv"'},
        )

    @router.post(
        "/",
        status_code=201,
        operation_id="create_draft",
        response_model=DraftAnswer,
        responses=UPLOAD,
        openapi_extra=UPLOAD_BODY,
    )
    async def upload(request: Request, response: Response, principal: Writer) -> DraftAnswer:
        """Upload a file, and see what would become of each row.

        Nothing is created. A large file is answered 202 while it is being read: poll the draft.
        """
        parts.workers.warm()
        received = await receive(request, max_bytes=settings.max_bytes, directory=settings.spool_dir)
        try:
            project_id = _project_id(received)
            choices = choices_of(received.fields)
            await check_project(parts, principal, project_id)
        except BaseException:
            received.spool.close()
            raise
        tell_audit(request, project_id=project_id)
        now = parts.clock()
        draft = Draft(
            draft_id=uuid4(),
            state="reading",
            project_id=project_id,
            created_at=now,
            created_by=principal.user_id,
            expires_at=now + timedelta(days=settings.draft_days),
            file=SourceFile(received.name, received.spool.size, received.spool.sha256()),
            source=received.source,
            choices=choices,
        )
        await parts.readings.start(draft, received.spool)
        stored = await parts.drafts.find(draft.draft_id) or draft
        raise_rejected(stored)
        response.status_code = 202 if stored.state == "reading" else 201
        response.headers["Location"] = f"{PATH}{stored.draft_id.hex}/"
        return draft_answer(stored, IfExists())

    return router


def raise_rejected(draft: Draft) -> None:
    """Answer with what is wrong with the file.

    Raises:
        Problem: 422; `choices` is there where another choice may help.
    """
    if draft.fault is None:
        return
    shown = fault_answer(draft.fault)
    extra: dict[str, Any] = {} if shown.choices is None else {"choices": shown.choices}
    raise Problem(422, shown.code, shown.detail, line=shown.line, draft=draft.draft_id.hex, **extra)


def _project_id(received: Upload) -> UUID:
    text = received.fields.get("project", "").strip()
    if not text:
        sentence = "Say which project the accounts are for."
        raise Problem(400, "PROJECT_MISSING", sentence, errors={"project": [sentence]})
    try:
        return UUID(text)
    except ValueError:
        sentence = "This is not the id of a project: 32 hexadecimal digits are needed."
        raise Problem(400, "PROJECT_UNKNOWN", sentence, errors={"project": [sentence]}) from None
