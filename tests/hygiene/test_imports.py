"""The import directions of the design hold, and each contract can be broken."""

import sys
from copy import deepcopy

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.hygiene.repository import ROOT

KINDS = {"forbidden": ForbiddenContract, "layers": LayersContract}
CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
CONTRACTS = {options["id"]: options for options in CONFIGURATION["contracts_options"]}

VIOLATIONS = [
    ("layers", "inbox_bot.domain.case", "inbox_bot.services.intake"),
    ("layers", "inbox_bot.adapters.imap", "inbox_bot.web.app"),
    ("domain", "inbox_bot.domain.case", "sqlalchemy"),
    ("domain", "inbox_bot.domain.clocks", "time"),
    ("mime", "inbox_bot.mime.parser", "socket"),
    ("use-cases", "inbox_bot.services.intake", "imapclient"),
    ("web", "inbox_bot.web.app", "sqlmodel"),
    ("classifiers", "classifiers.rules", "inbox_bot.adapters.smtp"),
    ("one-root", "inbox_bot.services.intake", "classifiers.cascade"),
]


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(
        *CONFIGURATION["session_options"]["root_packages"],
        include_external_packages=True,
        cache_dir=None,
    )


def is_kept(contract_id, graph):
    options = CONTRACTS[contract_id]
    contract = KINDS[options["type"]](
        name=options["name"],
        session_options=CONFIGURATION["session_options"],
        contract_options=options,
    )
    return contract.check(deepcopy(graph), verbose=False).kept


@pytest.mark.parametrize("contract_id", CONTRACTS)
def test_every_contract_is_kept(contract_id, graph):
    assert is_kept(contract_id, graph)


@pytest.mark.parametrize(("contract_id", "importer", "imported"), VIOLATIONS)
def test_a_forbidden_import_breaks_its_contract(contract_id, importer, imported, graph):
    worse = deepcopy(graph)
    worse.add_import(importer=importer, imported=imported)

    assert not is_kept(contract_id, worse)


def test_every_contract_has_a_violating_example():
    assert set(CONTRACTS) == {contract_id for contract_id, *_ in VIOLATIONS}


def test_a_module_outside_the_layers_is_noticed(graph):
    worse = deepcopy(graph)
    worse.add_module("inbox_bot.utilities")

    assert not is_kept("layers", worse)


def test_the_domain_imports_the_standard_library_alone(graph):
    inside = graph.find_descendants("inbox_bot.domain") | {"inbox_bot.domain"}
    imported = {
        name.split(".")[0]
        for module in inside
        for name in graph.find_modules_directly_imported_by(module)
    }

    assert set() == imported - sys.stdlib_module_names - {"inbox_bot"}
