"""Tells monitoring whether the service works: codes only, nothing about anybody."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from inbox_bot.errors import DatabaseError
from inbox_bot.services import queries
from inbox_bot.web.dependencies import TheHouse

router = APIRouter()


@router.api_route("/healthz", methods=["GET", "HEAD"])
def healthz(house: TheHouse) -> JSONResponse:
    """Answer 200 while everything works, else 503; each part with its state."""
    try:
        parts = {"database": "ok", **queries.notices(house)}
    except DatabaseError:
        parts = {"database": "lost"}
    well = all(state == "ok" for state in parts.values())
    known = {"mailbox": "unknown", **dict(sorted(parts.items()))}
    status = "ok" if well else "failing"
    return JSONResponse({"status": status, **known}, 200 if well else 503)
