"""Pages without sign-in: reached from a link in a mail, or by monitoring."""

from inbox_bot.web.public import healthz, verify

routers = (verify.router, healthz.router)
