"""From a post to finished bytes: render, put in secrets, compose, freeze.

What to write and to whom was decided before; nothing here chooses.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from inbox_bot.domain.case import Case, Thread
from inbox_bot.domain.effects import Post
from inbox_bot.domain.jurisdictions import Regime
from inbox_bot.domain.message import Address
from inbox_bot.domain.records import Draft, Outgoing
from inbox_bot.mime.composer import OutgoingMail, compose
from inbox_bot.mime.markdown import to_html, to_text
from inbox_bot.ports import Written
from inbox_bot.services.house import House

LINK, CODE = "⟦link⟧", "⟦code⟧"
"""Where a letter's source waits for the secrets that only the receiver may see."""

MASK = "••••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """The clear token and code of one challenge; never stored."""

    token: str
    code: str


def write(house: House, case: Case | None, post: Post) -> Written:
    """Render a post's letters in the case's language, secrets as markers."""
    language = case.language if case else house.policy.languages[0]
    return house.renderer.write(post.letters, language, _values(house, case, post))


def freeze(
    house: House,
    case: Case | None,
    written: Written,
    post: Post,
    *,
    secret: Secret | None = None,
    draft: Draft | None = None,
) -> Outgoing:
    """Make the bytes that will be sent, and the masked form that the house may see.

    Without a draft it is a mail that the bot sends by itself.
    """
    now = house.clock.now()
    domain = house.post.sender.rpartition("@")[2]
    message_id = f"{house.randomness.token()}@{domain}"
    content = _bytes(
        house,
        case,
        replace(written, source=_with_secret(house, written.source, secret)),
        post,
        message_id=message_id,
        auto_submitted=None if draft else _auto_submitted(post),
    )
    bounce_token = house.randomness.token()
    return Outgoing(
        id=house.randomness.new_id(),
        case_id=case.id if case else None,
        to=post.to,
        mail_from=house.post.bounce_address.replace("{token}", bounce_token),
        message_id=message_id,
        subject=written.subject,
        shown=to_text(_masked(house, written.source)),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=now,
        next_attempt_at=now,
        letters=post.letters,
        request_ids=post.request_ids,
        draft_id=draft.id if draft else None,
        outcome=draft.outcome if draft else None,
        automatic=draft is None,
        counts=post.counts,
        secret=secret is not None,
    )


def _bytes(
    house: House,
    case: Case | None,
    written: Written,
    post: Post,
    *,
    message_id: str,
    auto_submitted: str | None,
) -> bytes:
    """Compose both parts from the one source, in the thread that the receiver knows."""
    language = case.language if case else house.policy.languages[0]
    thread = case.thread if case and case.thread.author == post.to else Thread()
    sender = Address(addr_spec=house.post.sender, display_name=house.company.name)
    return compose(
        OutgoingMail(
            sender=sender,
            recipient=post.to,
            subject=written.subject,
            text=to_text(written.source),
            html=to_html(written.source, language=language, title=written.subject),
            message_id=message_id,
            in_reply_to=thread.message_id,
            references=thread.references,
            date=house.clock.now(),
            auto_submitted=auto_submitted,
        )
    )


def _auto_submitted(post: Post) -> str:
    # RFC 3834, section 5; a text that a person wrote carries no such field.
    return "auto-replied" if post.is_reply else "auto-generated"


def _with_secret(house: House, source: str, secret: Secret | None) -> str:
    if secret is None:
        return source
    code = f"{secret.code[:3]} {secret.code[3:]}"
    return source.replace(LINK, _link(house, secret.token)).replace(CODE, code)


def _masked(house: House, source: str) -> str:
    return source.replace(LINK, _link(house, "hidden")).replace(CODE, MASK)


def _link(house: House, token: str) -> str:
    return f"{house.post.base_url.rstrip('/')}/verify/{token}"


def _values(house: House, case: Case | None, post: Post) -> Mapping[str, object]:
    company = house.company
    requests = [r for r in case.requests if r.id in post.request_ids] if case else []
    zone = company.zones.controller
    today = house.clock.now().astimezone(zone).date()
    # A letter never promises a day that has passed.
    dues = [r.dates.due for r in requests if r.is_open and r.dates.due >= today]
    receipt = min((r.receipt for r in requests), default=house.clock.now())
    challenge = None
    if case and post.challenge_id:
        challenge = case.challenge(post.challenge_id)
    proven = next((r.proven_address for r in requests if r.proven_address), "")
    return {
        "company_name": company.name,
        "mailbox": company.mailbox,
        "policy_url": company.policy_url,
        "authority_name": company.authority_name,
        "authority_address": company.authority_address,
        "reference": case.reference if case else "",
        "receipt": receipt.astimezone(zone).date(),
        "due": min(dues, default=None),
        "rights": tuple(dict.fromkeys(r.right for r in requests if r.right)),
        "scopes": post.scopes,
        "purposes": tuple(dict.fromkeys(p for r in requests for p in r.purposes)),
        "link": LINK,
        "code": CODE,
        "expires": challenge.expires_at.astimezone(zone).date() if challenge else None,
        "address": proven or (challenge.address if challenge else ""),
        "california": any(Regime.CCPA in r.dates.regimes for r in requests),
        "agent": bool(case and case.agency),
    }
