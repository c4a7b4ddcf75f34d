"""Whether a machine sent it, what it reports, and whether a machine may answer.

Headers decide only whether we may *answer*, never whether the mail is read (rules of
RFC 3834, 5230, 2919; reports of RFC 3464, 5965, 8098).
"""

import re
from typing import Final

from inbox_bot.domain.message import Address, Automation, DeliveryReport
from inbox_bot.mime.addresses import addresses
from inbox_bot.mime.body import leaf_text, walk
from inbox_bot.mime.characters import clean_line
from inbox_bot.mime.headers import message_ids
from inbox_bot.mime.structure import Part, read_structure

# A report on a mail to a list has many groups; the first failure is enough.
MAX_REPORT: Final = 262_144

_REPORTS: Final = {
    "delivery-status": Automation.BOUNCE,
    "disposition-notification": Automation.DISPOSITION,
    "feedback-report": Automation.FEEDBACK,
    "tlsrpt": Automation.FEEDBACK,
}
_LIST_FIELDS: Final = ("list-id", "list-post", "list-unsubscribe", "list-help")
_BULK: Final = frozenset({"bulk", "list", "junk"})
_REPLY_FIELDS: Final = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-mail-autoreply",
)
_SUPPRESS: Final = frozenset({"all", "oof", "autoreply"})
_MACHINES: Final = re.compile(
    r"mailer-daemon|postmaster|owner-.*|.*-owner|.*-request|.*-bounces?|bounces?(?:[+=-].*)?"
    r"|(?:.*[._+-])?(?:no|not|do-?not|do_not|ne|ikke|inte|nicht)[._-]?(?:reply|repondre"
    r"|svar|svare|antworten)(?:[._+-].*)?",
    re.IGNORECASE,
)
_DAEMON: Final = re.compile(r"mailer-daemon", re.IGNORECASE)
_AUTO_SUBJECT: Final = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office"
    r"|automatisk svar|autosvar|fraværsmelding|automatische antwort|abwesenheitsnotiz"
    r"|réponse automatique|respuesta automática|risposta automatica"
    r"|automatisch antwoord|resposta automática|odpowiedź automatyczna"
    r"|automatyczna odpowiedź|automaattinen vastaus)\b",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT: Final = re.compile(
    r"\s*(?:undeliver(?:ed|able)|mail delivery (?:failed|system|subsystem)|delivery "
    r"(?:status notification|failure|delayed)|returned mail|failure notice|warning: "
    r"(?:message|could not send)|ikke leverbar|kan ikke leveres|unzustellbar)",
    re.IGNORECASE,
)
_DMARC_SUBJECT: Final = re.compile(
    r"\s*report domain:.{0,300}report-id:", re.IGNORECASE
)
_MESSAGE_ID_LINE: Final = re.compile(
    r"^[ \t>]*Message-ID:[ \t]*(?:\n[ \t]+)?(<[^<>\s]{1,998}>)",
    re.IGNORECASE | re.MULTILINE,
)


def automation(root: Part, sender: Address | None, subject: str) -> Automation:
    """Say what kind of machine the headers and the structure speak of."""
    report = _reported(root, subject)
    if report is not None:
        return report
    if _is_bounce(root, sender, subject):
        return Automation.BOUNCE
    if _replies_by_itself(root, subject):
        return Automation.AUTO_REPLY
    if _is_from_list(root):
        return Automation.LIST
    return Automation.NONE


def answerable(root: Part, sender: Address | None, return_path: str | None) -> bool:
    """Whether an automatic answer may be sent at all (RFC 3834, section 2).

    Whether the sender is ourselves, or had an answer lately, is known elsewhere.
    """
    if sender is None or _MACHINES.fullmatch(sender.local_part):
        return False
    if return_path == "" or root.type == "multipart/report":
        return False
    envelope = (return_path or "").rpartition("@")[0]
    if envelope and _DAEMON.match(envelope):
        return False
    suppressed = {
        word.strip().lower()
        for value in root.all("x-auto-response-suppress")
        for word in value.split(",")
    }
    return not (
        suppressed & _SUPPRESS
        or _is_auto_submitted(root)
        or any(root.all(name) for name in _REPLY_FIELDS)
        or _is_from_list(root)
    )


def delivery_report(root: Part, kind: Automation) -> DeliveryReport | None:
    """Return the gist of a bounce; None for any other message.

    The ids of the returned message are as forgeable as all else in it.
    """
    if kind is not Automation.BOUNCE:
        return None
    status = next((p for p in walk(root) if p.type == "message/delivery-status"), None)
    fields = _status_fields(status) if status is not None else {}
    failed = root.first("x-failed-recipients") if not fields else ""
    recipient = fields.get("final-recipient") or fields.get(
        "original-recipient", failed
    )
    return DeliveryReport(
        action=fields.get("action", "").lower() or ("failed" if failed else None),
        status=fields.get("status", "").partition(" ")[0] or None,
        final_recipient=_recipient(recipient),
        original_message_ids=_returned_ids(root),
    )


def _reported(root: Part, subject: str) -> Automation | None:
    if root.type == "multipart/report":
        kind = root.parameters.get("report-type", "").strip().lower()
        if kind in _REPORTS:
            return _REPORTS[kind]
    # Some servers send reports as multipart/mixed: the parts tell as well.
    types = {part.type for part in root.children}
    for name, automation_kind in _REPORTS.items():
        if f"message/{name}" in types:
            return automation_kind
    if _DMARC_SUBJECT.match(subject):
        return Automation.FEEDBACK
    return Automation.BOUNCE if root.type == "multipart/report" else None


def _is_bounce(root: Part, sender: Address | None, subject: str) -> bool:
    if root.all("x-failed-recipients"):
        return True
    if sender is None or not _MACHINES.fullmatch(sender.local_part):
        return False
    return bool(_DAEMON.match(sender.local_part) or _BOUNCE_SUBJECT.match(subject))


def _replies_by_itself(root: Part, subject: str) -> bool:
    return (
        _is_auto_submitted(root)
        or any(root.all(name) for name in _REPLY_FIELDS)
        or "auto_reply" in _precedences(root)
        or _AUTO_SUBJECT.match(subject) is not None
    )


def _is_auto_submitted(root: Part) -> bool:
    """Whether the first token is anything but "no" (RFC 3834, section 5)."""
    keywords = (
        re.split(r"[;(\s]", value.strip(), maxsplit=1)[0].lower()
        for value in root.all("auto-submitted")
    )
    return any(keyword != "no" for keyword in keywords)


def _precedences(root: Part) -> set[str]:
    return {value.strip().lower() for value in root.all("precedence")}


def _is_from_list(root: Part) -> bool:
    listed = any(name.startswith("list-") for name, _ in root.fields)
    return listed or bool(_precedences(root) & _BULK)


def _status_fields(part: Part) -> dict[str, str]:
    """Return the fields of the recipient that failed, or of the first (RFC 3464, 2.3)."""
    text = part.body[:MAX_REPORT].replace(b"\r\n", b"\n")
    groups = [read_structure(group)[0].fields for group in text.split(b"\n\n")]
    recipients = [dict(reversed(g)) for g in groups if "action" in dict(g)]
    failed = [g for g in recipients if g["action"].strip().lower() == "failed"]
    return next(iter(failed or recipients), {})


def _recipient(value: str) -> str | None:
    found = addresses(value.rpartition(";")[2])
    return found[0].addr_spec if found else clean_line(value) or None


def _returned_ids(root: Part) -> tuple[str, ...]:
    ids: list[str] = []
    for part in walk(root):
        if part.type == "message/rfc822" and part.children:
            ids += message_ids(part.children[0].first("message-id"))
        elif part.type in {"text/rfc822-headers", "message/rfc822-headers"}:
            returned, _ = read_structure(part.body[:MAX_REPORT])
            ids += message_ids(returned.first("message-id"))
    if not ids and not root.children:
        # Old servers quote the returned message as plain text.
        text, _ = leaf_text(root)
        ids += [found[1:-1] for found in _MESSAGE_ID_LINE.findall(text)]
    return tuple(dict.fromkeys(ids))
