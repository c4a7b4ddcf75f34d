"""Agents: whose address is stopped, and whom we may write to."""

import pytest

from inbox_bot.domain.authorization import (
    agency_of,
    check_consumer,
    opt_out_addresses,
)
from inbox_bot.domain.case import Agency
from inbox_bot.errors import RefusalError
from tests.builders import KARI, OLA, a_case

AGENT = "agent@agency.example"


def test_an_agent_does_not_name_himself():
    assert (OLA,) == agency_of(AGENT, (AGENT, OLA)).named


def test_without_an_agent_the_writers_own_address_is_stopped():
    assert (KARI,) == opt_out_addresses(a_case())


@pytest.mark.parametrize(
    ("agency", "addresses"),
    [
        (Agency(named=(OLA,)), (OLA,)),
        (Agency(named=(OLA,), consumer=KARI), (OLA,)),
        (Agency(consumer=KARI), (KARI,)),
        (Agency(), ()),
    ],
)
def test_an_agent_stops_what_he_named_or_what_a_person_accepted(agency, addresses):
    assert addresses == opt_out_addresses(a_case(agency=agency))


def test_any_other_consumer_may_be_asked():
    check_consumer(AGENT, OLA, despite_domain=False)


@pytest.mark.parametrize("despite_domain", [False, True])
def test_the_agents_own_address_is_always_refused(despite_domain):
    with pytest.raises(RefusalError):
        check_consumer(AGENT, AGENT, despite_domain=despite_domain)
