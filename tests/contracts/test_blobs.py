"""Blobs are kept the same in a folder and in the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox_bot.adapters.blobs import DatabaseBlobs, FileBlobs
from inbox_bot.errors import StorageError
from inbox_bot.ports import Blobs
from tests.builders import house_at

NAME = "0a1b2c3d"


@pytest.fixture(
    params=["files", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if request.param == "files":
        yield FileBlobs(tmp_path / "blobs")
        return
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with house_at(url) as house:
        yield DatabaseBlobs(house.engine)


def test_a_blob_comes_back_as_it_went_in(blobs: Blobs):
    content = bytes(range(256)) * 1000
    blobs.put(NAME, content)
    blobs.put("0a1bffff", b"")

    assert content == blobs.get(NAME)
    assert b"" == blobs.get("0a1bffff")


def test_the_same_name_again_is_no_error(blobs: Blobs):
    blobs.put(NAME, b"first")
    blobs.put(NAME, b"second")

    assert b"second" == blobs.get(NAME)


def test_a_deleted_blob_is_gone(blobs: Blobs):
    blobs.put(NAME, b"sealed")
    blobs.delete(NAME)
    blobs.delete(NAME)

    with pytest.raises(StorageError):
        blobs.get(NAME)


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "ab/cd", "ab\x00cd"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str):
    with pytest.raises(StorageError, match="name"):
        FileBlobs(tmp_path).put(name, b"sealed")


def test_a_file_lies_two_folders_deep_for_its_owner_only(tmp_path: Path):
    FileBlobs(tmp_path / "blobs").put(NAME, b"sealed")
    file = tmp_path / "blobs" / "0a" / "1b" / NAME

    assert ("0o600", [NAME]) == (
        oct(file.stat().st_mode & 0o777),
        [each.name for each in file.parent.iterdir()],
    )


def test_a_folder_that_cannot_be_used_is_a_storage_error(tmp_path: Path):
    (tmp_path / "blobs").write_text("a file stands in the way")
    blobs = FileBlobs(tmp_path / "blobs")

    with pytest.raises(StorageError, match="written"):
        blobs.put(NAME, b"sealed")
    with pytest.raises(StorageError, match="read"):
        blobs.get(NAME)
    with pytest.raises(StorageError, match="removed"):
        blobs.delete(NAME)


def test_a_failed_write_leaves_the_old_blob_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    blobs = FileBlobs(tmp_path)
    blobs.put(NAME, b"old")

    def full_disk(descriptor: int) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        with pytest.raises(StorageError):
            blobs.put(NAME, b"new")

    assert b"old" == blobs.get(NAME)
    assert [NAME] == [each.name for each in (tmp_path / "0a" / "1b").iterdir()]
