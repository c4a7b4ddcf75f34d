"""Members of staff: adding, signing in, sessions."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash

from inbox_bot.domain.records import Staff
from inbox_bot.errors import NotFoundError, RefusalError
from inbox_bot.services.house import House

SESSION = timedelta(hours=10)
"""A working day; signing in again in the morning is no burden."""

SHORTEST_PASSWORD = 12


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _nobody() -> str:
    """Give what to compare with where there is no member: the answer takes as long."""
    return _hasher().hash("nobody has this password")


def add(house: House, name: str, password: str) -> Staff:
    """Add a member of staff; RefusalError for a short password or a taken name."""
    if len(password) < SHORTEST_PASSWORD:
        raise RefusalError(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    member = Staff(
        id=house.randomness.new_id(),
        name=name.strip(),
        password_hash=_hasher().hash(password),
    )
    if not member.name:
        raise RefusalError("A member of staff needs a name.")
    with house.unit_of_work() as uow:
        uow.staff.add(member)
        uow.commit()
    return member


def disable(house: House, name: str) -> None:
    """Keep a member from signing in, open sessions included; NotFoundError."""
    with house.unit_of_work() as uow:
        member = uow.staff.by_name(name)
        if member is None:
            raise NotFoundError(f"There is no member of staff named {name}.")
        uow.staff.save(replace(member, disabled=True))
        uow.commit()


def listing(house: House) -> tuple[Staff, ...]:
    """Give all members, by name."""
    with house.unit_of_work() as uow:
        return uow.staff.listing()


def sign_in(house: House, name: str, password: str) -> str | None:
    """Open a session; give its token, or None where name or password is wrong."""
    with house.unit_of_work() as uow:
        member = uow.staff.by_name(name.strip())
        known = member.password_hash if member else _nobody()
        right = _hasher().verify(password, known)
        if member is None or member.disabled or not right:
            return None
        token = house.randomness.token()
        until = house.clock.now() + SESSION
        uow.staff.open_session(_session_hash(house, token), member.id, until)
        uow.commit()
    return token


def who(house: House, token: str) -> Staff | None:
    """Give the member whose session this is."""
    with house.unit_of_work() as uow:
        return uow.staff.session(_session_hash(house, token), house.clock.now())


def sign_out(house: House, token: str) -> None:
    """End a session."""
    with house.unit_of_work() as uow:
        uow.staff.close_session(_session_hash(house, token))
        uow.commit()


def _session_hash(house: House, token: str) -> str:
    return house.hashing.keyed_hash("session", token)
