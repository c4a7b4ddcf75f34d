"""Transactions, locks, and what is left on disk."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from inbox_bot.adapters.db import engine as engine_module
from inbox_bot.adapters.db import schema
from inbox_bot.adapters.db.engine import make_engine
from inbox_bot.adapters.db.unit_of_work import SqlUnitOfWork
from inbox_bot.adapters.keys import KeyStore
from inbox_bot.domain.records import InboundContent
from inbox_bot.domain.suppression import Scope, Suppression
from inbox_bot.errors import (
    ConflictError,
    DatabaseError,
    NotFoundError,
    SettingsError,
    StorageError,
)
from inbox_bot.ports import UnitOfWork
from tests.builders import (
    KARI,
    NOW,
    House,
    a_case,
    a_draft,
    an_inbound,
    an_outgoing,
    house_at,
    sqlite_house,
)


def test_leaving_without_commit_rolls_back(house: House):
    house.keys.create(["case-1", "case-2"])
    with house.unit() as uow:
        uow.cases.add(a_case("case-1"))
        uow.commit()
        uow.cases.add(a_case("case-2"))

    with house.unit() as uow:
        assert "case-1" == uow.cases.get("case-1").id
        with pytest.raises(NotFoundError):
            uow.cases.get("case-2")


def test_an_error_rolls_back_and_passes_through(house: House):
    house.keys.create(["case-1"])

    def fail() -> None:
        with house.unit() as uow:
            uow.cases.add(a_case("case-1"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with house.unit() as uow, pytest.raises(NotFoundError):
        uow.cases.get("case-1")


def test_it_is_a_unit_of_work(house: House):
    unit: UnitOfWork = house.unit()

    with unit as uow:
        assert () == uow.staff.listing()


def test_a_draft_needs_its_case(house: House):
    house.keys.create(["case-1"])
    with house.unit() as uow:
        uow.drafts.add(a_draft())
        with pytest.raises(IntegrityError):
            uow.commit()


def test_effects_may_be_stored_before_their_case(house: House):
    house.keys.create(["case-1"])
    with house.unit() as uow:
        uow.drafts.add(a_draft())
        uow.cases.add(a_case())
        uow.commit()

    with house.unit() as uow:
        assert a_draft() == uow.drafts.get("draft-1")


def test_of_two_writers_of_one_case_one_must_load_again(house: House):
    house.holds(a_case())
    together = Barrier(2)
    outcomes: list[str] = []

    def work(language: str) -> None:
        with house.unit() as uow:
            seen = uow.cases.get("case-1")
        together.wait()
        try:
            with house.unit() as uow:
                uow.cases.save(replace(seen, language=language))
                uow.commit()
        except ConflictError:
            outcomes.append("conflict")
        else:
            outcomes.append("saved")

    threads = [Thread(target=work, args=(language,)) for language in ("en", "da")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ["conflict", "saved"] == sorted(outcomes)


def test_writers_on_sqlite_queue_up(tmp_path: Path):
    with sqlite_house(tmp_path) as house:
        house.holds(a_case())
        together = Barrier(4)

        def work() -> None:
            together.wait()
            for _ in range(5):
                with house.unit() as uow:
                    case = uow.cases.get("case-1")
                    uow.cases.save(replace(case, attention=not case.attention))
                    uow.commit()

        threads = [Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with house.unit() as uow:
            assert 20 == uow.cases.get("case-1").version


def test_a_database_that_stays_locked_is_a_database_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    with (
        sqlite_house(tmp_path) as house,
        house.unit(),
        pytest.raises(DatabaseError),
        house.unit(),
    ):
        pytest.fail("two writers at once")


def test_a_server_that_is_gone_is_a_database_error(tmp_path: Path):
    nowhere = make_engine("postgresql://inbox_bot@127.0.0.1:1/nowhere")
    with (
        sqlite_house(tmp_path) as house,
        pytest.raises(DatabaseError),
        SqlUnitOfWork(nowhere, house.keys, house.hashing),
    ):
        pytest.fail("connected to nothing")


@pytest.mark.postgres
def test_a_connection_that_breaks_is_a_database_error(postgres_house: House):
    with postgres_house.unit() as uow:
        with postgres_house.engine.begin() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        with pytest.raises(DatabaseError):
            uow.staff.listing()

    with postgres_house.unit() as uow:
        assert () == uow.staff.listing()


def test_a_file_that_is_no_database_is_a_database_error(tmp_path: Path):
    (tmp_path / "inbox.db").write_text("This is a letter." * 100)
    (tmp_path / "inbox.keys.db").write_text("This is a letter." * 100)

    with pytest.raises(DatabaseError):
        schema.check(f"sqlite:///{tmp_path / 'inbox.db'}")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://a/b", "not a url"]
)
def test_a_url_that_cannot_be_used_is_a_settings_error(url: str):
    with pytest.raises(SettingsError):
        make_engine(url)


def test_a_folder_that_cannot_be_made_is_a_database_error(tmp_path: Path):
    (tmp_path / "var").write_text("a file stands in the way")

    with pytest.raises(DatabaseError, match=r"inbox\.db can't be opened"):
        make_engine(f"sqlite:///{tmp_path / 'var' / 'inbox.db'}")


def test_nothing_that_names_or_quotes_a_person_stands_in_clear(tmp_path: Path):
    with sqlite_house(tmp_path) as house:
        house.holds(
            a_case(),
            an_inbound(
                content=InboundContent(
                    sender=KARI,
                    sender_name="Kari Nordmann",
                    subject="Innsyn-i-alt",
                    author_text="Hva-har-dere",
                )
            ),
            a_draft(subject="Svar-til-deg", source="Dette-har-vi"),
            an_outgoing(
                subject="Mottatt-sak", shown="Takk-for-sist", content=b"Raw-bytes"
            ),
        )
        with house.unit() as uow:
            entry = Suppression(address=KARI, scope=Scope.MARKETING, source="mail")
            uow.suppression.add(entry, at=NOW, case_id="case-1")
            uow.commit()

        # The log is read too: it is there as long as the store is open.
        on_disk = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    assert {"inbox.db", "inbox.db-wal", "inbox.keys.db"} <= set(on_disk)
    assert b"REF-case-1" in on_disk["inbox.db-wal"]
    for secret in (
        b"kari",
        b"Nordmann",
        b"Innsyn-i-alt",
        b"Hva-har-dere",
        b"Svar-til-deg",
        b"Dette-har-vi",
        b"Mottatt-sak",
        b"Takk-for-sist",
        b"Raw-bytes",
        b"bounce+mail-1",
        b"<mail-1@",
    ):
        assert [] == [
            name
            for name, content in on_disk.items()
            if secret.lower() in content.lower()
        ], secret


def test_another_master_key_opens_nothing(tmp_path: Path):
    with sqlite_house(tmp_path) as house:
        house.holds(a_case())
        with (
            closing(KeyStore(house.url, bytes(32))) as keys,
            SqlUnitOfWork(house.engine, keys, house.hashing) as uow,
            pytest.raises(StorageError),
        ):
            uow.cases.get("case-1")


def test_what_was_stored_is_there_after_opening_again(database_url: str):
    with house_at(database_url) as house:
        house.holds(a_case())

    with house_at(database_url) as house, house.unit() as uow:
        assert a_case() == uow.cases.get("case-1")
