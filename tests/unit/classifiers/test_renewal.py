"""A new model takes the old one's place, unless it is worse."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from classifiers import __main__ as commands
from classifiers import corpus
from classifiers.workshop import making, renewal
from classifiers.workshop.renewal import Figures

ROW = {
    "id": "staff-1",
    "language": "en",
    "from": "Alex <alex@example.org>",
    "subject": "Hello",
    "body": "Forget\u2028me.",
    "headers": {},
    "kind": "request",
    "labels": ["deletion"],
    "purposes": {},
    "on_behalf": False,
    "jurisdiction": None,
}


def figures(macro_f1: float = 0.9, wrong: int = 3) -> Figures:
    return Figures(version="v", macro_f1=macro_f1, auto_share=0.7, wrong=wrong)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The place of a model with an old one in it."""
    place = tmp_path / "model"
    place.mkdir()
    (place / "VERSION").write_text("old", "utf-8")
    return place


def build(folder: Path) -> None:
    folder.mkdir()
    (folder / "VERSION").write_text("new", "utf-8")


def renewed(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    **judged: Figures | None,
) -> tuple[bool, list[str]]:
    def judge(place: Path) -> Figures | None:
        version = place / "VERSION"
        return judged[version.read_text("utf-8")] if version.exists() else None

    said: list[str] = []
    monkeypatch.setattr(renewal, "judge", judge)
    return renewal.renew(build, said.append, folder), said


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (figures(), False),
        (figures(macro_f1=0.8951), False),
        (figures(macro_f1=0.894), True),
        (figures(wrong=4), False),
        (figures(wrong=5), True),
        (figures(macro_f1=0.99, wrong=5), True),
    ],
)
def test_worse_is_what_is_worse_by_more_than_chance(new: Figures, *, expected: bool):
    assert expected is renewal.worse(new, figures())


def test_a_better_model_takes_the_old_ones_place(
    monkeypatch: pytest.MonkeyPatch, folder: Path
):
    done, _ = renewed(monkeypatch, folder, new=figures(0.95), old=figures())

    assert done
    assert "new" == (folder / "VERSION").read_text("utf-8")
    assert [folder] == list(folder.parent.iterdir())


def test_a_worse_model_leaves_the_old_one_and_tells_the_figures(
    monkeypatch: pytest.MonkeyPatch, folder: Path
):
    done, said = renewed(monkeypatch, folder, new=figures(0.5), old=figures())

    assert not done
    assert "old" == (folder / "VERSION").read_text("utf-8")
    assert [folder] == list(folder.parent.iterdir())
    assert ["0.5000" in said[0], "0.9000" in said[1]] == [True, True]


def test_where_no_old_one_can_be_loaded_any_new_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    done, _ = renewed(monkeypatch, tmp_path / "model", new=figures(0.1))

    assert done
    assert "new" == (tmp_path / "model" / "VERSION").read_text("utf-8")


def test_a_model_that_cannot_be_loaded_is_not_put_in_place(
    monkeypatch: pytest.MonkeyPatch, folder: Path
):
    with pytest.raises(ValueError, match="can't be loaded"):
        renewed(monkeypatch, folder, new=None, old=figures())

    assert "old" == (folder / "VERSION").read_text("utf-8")


def test_a_folder_without_a_model_has_no_figures(tmp_path: Path):
    assert renewal.judge(tmp_path) is None


# --- the rows that are learned from, too


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "kept.jsonl"
    path.write_text(json.dumps(ROW, ensure_ascii=False) + "\n\n", "utf-8")
    return path


def train(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(commands.app, ["train", *map(str, arguments)])
    return result.exit_code, result.output


def test_rows_of_a_file_are_learned_from(
    monkeypatch: pytest.MonkeyPatch, rows: Path, tmp_path: Path
):
    taken: list[object] = []
    monkeypatch.setattr(making, "make", lambda _, **more: taken.append(more["also"]))
    monkeypatch.setattr(renewal, "renew", lambda make, _: make(tmp_path) is None)

    code, told = train("--with", rows, "--with", rows)

    assert (0, making.version([rows, rows])) == (code, told.strip())
    assert [[rows, rows]] == taken


def test_a_refused_model_is_an_exit_of_one(monkeypatch: pytest.MonkeyPatch, rows: Path):
    monkeypatch.setattr(renewal, "renew", lambda *_: False)

    assert 1 == train("--with", rows)[0]


def test_a_row_of_another_form_is_named_before_anything_is_trained(
    monkeypatch: pytest.MonkeyPatch, rows: Path
):
    monkeypatch.setattr(renewal, "renew", lambda *_: pytest.fail("trained"))
    rows.write_text(f'{json.dumps(ROW)}\n{{"id": 1}}\n', "utf-8")

    code, told = train("--with", rows)

    assert (2, True) == (code, "line 2" in told)


def test_what_was_learned_from_stands_in_the_version(rows: Path):
    assert making.version() != making.version([rows])


def test_lines_end_where_json_lines_do(rows: Path):
    (example,) = corpus.read(rows)

    assert "Forget" in example.message.author_text


@pytest.mark.parametrize("line", ["[]", "1", "{", '{"id": 1}'])
def test_a_line_that_is_no_row_is_refused(tmp_path: Path, line: str):
    path = tmp_path / "rows.jsonl"
    path.write_text(line, "utf-8")

    with pytest.raises(corpus.CorpusError, match=r"rows\.jsonl, line 1"):
        corpus.read(path)
