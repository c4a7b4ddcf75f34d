"""What a "stop" covers."""

import pytest

from inbox_bot.domain.suppression import Scope, scopes_of


@pytest.mark.parametrize(
    ("purposes", "scopes"),
    [
        ((), (Scope.MARKETING, Scope.PARTNERS)),
        (("marketing",), (Scope.MARKETING, Scope.PARTNERS)),
        (("something new",), (Scope.MARKETING, Scope.PARTNERS)),
        (("sale_sharing",), (Scope.SALE_SHARING,)),
        (("calls", "surveys"), (Scope.CALLS, Scope.SURVEYS)),
        (("partners", "marketing"), (Scope.PARTNERS, Scope.MARKETING)),
        (("calls", "calls"), (Scope.CALLS,)),
    ],
)
def test_a_purpose_covers_itself_and_marketing_the_partners(purposes, scopes):
    assert scopes == scopes_of(purposes)
