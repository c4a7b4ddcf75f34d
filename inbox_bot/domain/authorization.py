"""Agents: what somebody who speaks for another may set off, and whom we may write to.

Nothing in a permission is judged here; a person accepts it. Sources: 11 CCR §7063 and
§7026(j); EDPB Guidelines 01/2022 §§80-81.
"""

from inbox_bot.domain.case import Agency, Case
from inbox_bot.errors import RefusalError


def agency_of(agent: str, mentioned: tuple[str, ...]) -> Agency:
    """Note which other addresses an agent named as the consumer's."""
    named = tuple(address for address in mentioned if address != agent)
    return Agency(named=named)


def opt_out_addresses(case: Case) -> tuple[str, ...]:
    """Tell whose address an opt-out stops: the writer's, or those an agent named.

    An agent who named none gets it done for the consumer whom a person accepted.
    """
    agency = case.agency
    if agency is None:
        return (case.requester,)
    return agency.named or ((agency.consumer,) if agency.consumer else ())


def check_consumer(agent: str, consumer: str, *, despite_domain: bool) -> None:
    """Refuse to write to an agent in the consumer's place.

    Raises RefusalError for the agent's own address, and for one in the agent's domain
    unless a person has said that it is the consumer's all the same.
    """
    if consumer == agent:
        raise RefusalError("The consumer's address can't be the agent's own.")
    same_domain = consumer.rpartition("@")[2] == agent.rpartition("@")[2]
    if same_domain and not despite_domain:
        raise RefusalError(
            "The consumer's address is in the agent's own domain; confirm that it"
            " belongs to the consumer."
        )
