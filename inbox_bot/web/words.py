"""The console's words for what the code calls by codes; words only, no logic."""

from typing import Final

RIGHTS: Final = {
    "access": "Access",
    "deletion": "Deletion",
    "correction": "Correction",
    "portability": "Portability",
    "restriction": "Restriction",
    "objection": "Objection",
    "opt_out": "Opt-out",
    "withdraw_consent": "Withdraw consent",
    "agent": "Agent (acts for somebody)",
    "complaint": "Complaint",
    "accessibility": "Accessibility",
    "question": "Question",
}

STATES: Final = {
    "held": "Needs a person",
    "verifying": "Waiting for proof",
    "authorizing": "Waiting for permission",
    "working": "Answer to be written",
    "reviewing": "Draft to be approved",
    "answered": "Answered",
    "closed": "Closed",
}

OUTCOMES: Final = {
    "fulfilled": "Fulfilled",
    "partly": "Fulfilled in part",
    "refused": "Refused",
    "withdrawn": "Withdrawn by the person",
    "unverified": "Could not be verified",
    "not_a_request": "Not a request",
    "forwarded": "Forwarded to somebody else",
    "duplicate": "Duplicate of another case",
}

HOLDS: Final = {
    "uncertain": "The bot is not sure what is asked for.",
    "late": "The mail was old when it was first seen; nothing was answered by itself.",
    "oversize": "The mail is too large: only its headers were taken in, the whole is"
    " still on the mail server.",
    "colleague": "A colleague passed it on: say whose request it is and since when.",
    "repeated": "The sender is not authenticated and has another open case.",
    "possible_link": "It may belong to the linked case, but its sender does not.",
    "same_message_id": "Another mail with other content carries the same Message-ID.",
    "unanswerable": "No automatic answer may go to this sender.",
    "by_hand": "This right is handled by people; the bot has no way of its own for it.",
    "new_mail": "New mail came after the case was answered.",
    "attempts": "The code was wrong too often.",
    "by_staff": "Taken out of the tray or quarantine by a person.",
}

LETTERS: Final = {
    "acknowledge": "Acknowledgement",
    "opt_out_done": "Opt-out done",
    "verify": "Please verify",
    "verify_reminder": "Reminder to verify",
    "verified": "Verified",
    "confirm_deletion": "Confirm the deletion",
    "code_wrong": "Wrong code",
    "code_expired": "Expired code",
    "permission": "Permission needed",
    "confirm_agent": "Question to the consumer",
    "held": "Received, a person reads it",
    "pointer": "Where to write instead",
    "access_answer": "Answer to access",
    "deletion_answer": "Answer to deletion",
    "unverified": "We could not verify",
    "answer": "Answer",
}

KINDS: Final = {
    "request": "Request",
    "follow_up": "Follow-up",
    "verification_reply": "Reply to a verification",
    "auto_reply": "Automatic reply",
    "bounce": "Undelivered mail",
    "spam": "Spam",
    "other": "Something else",
    "feedback": "Abuse report",
    "disposition": "Read receipt",
    "list": "Mailing list",
    "failed": "Reading it failed three times",
    "crashed": "The program ended each time it was taken up",
    "unreadable": "The server could not give the message",
}

DECISIONS: Final = {
    "auto": "The bot was sure enough to act by itself.",
    "hold": "Not sure enough: a person decides.",
}

PURPOSES: Final = {
    "address": "Address",
    "deletion": "Deletion (second step)",
    "agent": "Agent's authority",
}

MAILS: Final = {
    "pending": "Waiting to be sent",
    "claimed": "Being sent",
    "sent": "Sent",
    "dead": "Not delivered",
    "void": "Taken back",
}

DRAFTS: Final = {
    "open": "Open",
    "approved": "Approved",
    "sent": "Sent",
    "rejected": "Rejected",
    "dropped": "Withdrawn",
}

SCOPES: Final = {
    "marketing": "Marketing",
    "partners": "Partners' offers",
    "advertising": "Advertising",
    "calls": "Calls",
    "surveys": "Surveys",
    "sale_sharing": "Sale or sharing",
    "sensitive_use": "Use of sensitive data",
}

LANGUAGES: Final = {"en": "English", "nb": "Norwegian (Bokmål)"}

RESIDENCES: Final = {
    "eu": "EEA",
    "uk": "United Kingdom",
    "us-ca": "California",
    "us": "United States",
    "other": "Elsewhere",
}

EVENTS: Final = {
    "answer_sent": "Answer sent",
    "answer_suppressed": "No automatic answer",
    "approval_voided": "Approval taken back: new mail came",
    "automatic_mail_filed": "Automatic mail filed",
    "case_opened": "Case opened",
    "closed": "Closed by a person",
    "code_expired": "Expired code came back",
    "code_wrong": "Wrong code came back",
    "draft_approved": "Draft approved",
    "draft_prepared": "Draft prepared",
    "draft_rejected": "Draft sent back",
    "draft_saved": "Draft saved",
    "escalated": "Due date is near",
    "identified": "A person said what is asked for",
    "mail_frozen": "Bytes of the answer frozen",
    "mail_joined": "Mail joined the case",
    "mail_queued": "Automatic mail queued",
    "mail_undelivered": "A mail of ours did not arrive",
    "permission_accepted": "Agent's permission accepted",
    "proof_asked": "Proof asked for",
    "proof_given": "Proof given",
    "request_moved": "Request moved on",
    "request_opened": "Request opened",
    "seen": "Seen by a person",
    "staff_reminded": "Staff reminded",
    "suppressed": "Put on the suppression list",
}

DONE: Final = {
    "identified": "Noted what is asked for. The case goes on its way.",
    "permission": "Permission accepted. The consumer is asked once.",
    "closed": "The case is closed.",
    "seen": "Marked as seen.",
    "saved": "Draft saved.",
    "approved": "Approved. The mail leaves with the next dispatch.",
    "rejected": "The draft was sent back and stays open for editing.",
    "promoted": "This is a case now, with its original date of receipt.",
    "retried": "Put back into the queue; it is processed again shortly.",
    "signed_out": "You are signed out.",
}
"""What a page says after an act, by the code that stands in its address."""

PARTS: Final = {
    "ok": "works",
    "lost": "lost",
    "refused": "log-in or certificate refused",
    "unreachable": "can't be reached",
}
