"""Pages for staff, behind the sign-in."""

from inbox_bot.web.console import (
    acts,
    cases,
    drafts,
    messages,
    service,
    sign_in,
    suppression,
)

routers = (
    sign_in.router,
    cases.router,
    acts.router,
    drafts.router,
    messages.router,
    suppression.router,
    service.router,
)
metrics = service.metrics
