"""Addresses as the house compares and keeps them; nothing is looked up in DNS."""

from email_validator import EmailNotValidError, validate_email


def usable(address: str) -> str:
    """Give the one form under which an address is compared and written to.

    Lower case, Unicode normalised, domain as U-labels; "" where it is no address that
    mail could be sent to.
    """
    try:
        # `.test` is a name for testing (RFC 6761): harmless to accept, never resolved.
        checked = validate_email(
            address, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        return ""
    return checked.normalized.lower()
