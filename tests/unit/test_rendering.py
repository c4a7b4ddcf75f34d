"""The renderer: strict about names, deaf to markup in values, safe in its sandbox."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import inbox_bot
from inbox_bot.adapters.rendering import MARKERS, TemplateRenderer, templates_root
from inbox_bot.domain.effects import Letter
from inbox_bot.domain.reading import Right
from inbox_bot.domain.records import PLACEHOLDER
from inbox_bot.domain.suppression import Scope
from inbox_bot.errors import SettingsError
from inbox_bot.mime.markdown import to_html, to_text

HELD = (Letter.HELD,)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a copy of one real language, with a frame that adds nothing."""
    copied = tmp_path / "templates"
    shutil.copytree(templates_root() / "mail" / "en", copied / "mail" / "en")
    (copied / "mail/en/_frame.md").write_text("{{ body }}")
    return copied


def write(root: Path, body: str, *, subject: str = "Re: it", language="en", **values):
    """Write the letter `held` with this body and subject in the place of its own."""
    folder = root / "mail/en/held"
    (folder / "body.md").write_text(body)
    (folder / "subject.txt").write_text(subject)
    return TemplateRenderer(root).write(HELD, language, values)


# --- names and files


def test_an_unknown_variable_is_an_error_that_names_the_template(root):
    with pytest.raises(SettingsError, match=r"en/held/body\.md.*shoe_size"):
        write(root, "{{ shoe_size }}")


def test_an_unknown_variable_in_a_subject_is_an_error_too(root):
    with pytest.raises(SettingsError, match=r"en/held/subject\.txt.*shoe_size"):
        write(root, "x", subject="{{ shoe_size }}")


def test_an_unknown_variable_in_a_condition_is_an_error(root):
    with pytest.raises(SettingsError, match="shoe_size"):
        write(root, "{% if shoe_size %}x{% endif %}")


def test_values_that_are_no_variables_of_letters_stay_out_of_reach(root):
    with pytest.raises(SettingsError, match="sender_name"):
        write(root, "{{ sender_name }}", sender_name="Mallory")


def test_a_missing_template_is_an_error_that_names_it(root):
    (root / "mail/en/held/body.md").unlink()

    with pytest.raises(SettingsError, match=r"en/held/body\.md"):
        TemplateRenderer(root).write(HELD, "en", {})


def test_a_broken_template_is_an_error_that_names_it(root):
    with pytest.raises(SettingsError, match=r"en/held/body\.md"):
        write(root, "{% if %}")


@pytest.mark.parametrize("body", ["{{ 1 + receipt }}", "{{ 1 // 0 }}"])
def test_a_template_that_miscalculates_is_an_error_that_names_it(root, body):
    with pytest.raises(SettingsError, match=r"en/held/body\.md"):
        write(root, body, receipt="x")


def test_a_language_without_letters_is_an_error(root):
    with pytest.raises(SettingsError, match="'sv'"):
        write(root, "x", language="sv")


def test_no_language_leads_out_of_the_folder(root):
    with pytest.raises(SettingsError, match="language"):
        write(root, "x", language="../en")


def test_check_finds_the_one_broken_letter(root):
    (root / "mail/en/answer/body.md").write_text("{{ nobody }}")

    with pytest.raises(SettingsError, match=r"en/answer/body\.md.*nobody"):
        TemplateRenderer(root).check()


def test_check_finds_a_letter_that_breaks_only_when_a_value_is_missing(root):
    (root / "mail/en/answer/body.md").write_text("{{ due | day }}")

    with pytest.raises(SettingsError, match=r"en/answer/body\.md.*no date"):
        TemplateRenderer(root).check()


def test_check_refuses_a_folder_without_any_language(tmp_path):
    with pytest.raises(SettingsError, match="no language"):
        TemplateRenderer(tmp_path).check()


def test_a_language_is_listed_once_it_has_a_frame(root):
    shutil.copytree(root / "mail/en", root / "mail/da")
    (root / "mail/notes").mkdir()

    assert ("da", "en") == TemplateRenderer(root).languages()


# --- words


def test_missing_words_are_an_error_that_names_the_file(root):
    (root / "mail/en/words.toml").unlink()

    with pytest.raises(SettingsError, match=r"words\.toml"):
        TemplateRenderer(root)


def test_a_right_without_a_word_is_an_error_that_names_it(root):
    path = root / "mail/en/words.toml"
    path.write_text(path.read_text().replace("portability =", "portable ="))

    with pytest.raises(SettingsError, match=r"words\.toml has no 'portability'"):
        TemplateRenderer(root)


@pytest.mark.parametrize("locale", ['"tlh_XX"', '"?"', "4"])
def test_a_locale_that_does_not_exist_is_an_error(root, locale):
    path = root / "mail/en/words.toml"
    path.write_text(path.read_text().replace('"en_GB"', locale))

    with pytest.raises(SettingsError, match=r"words\.toml"):
        TemplateRenderer(root)


@pytest.mark.parametrize(
    ("language", "filtered", "expected"),
    [
        ("en", "{{ receipt | day }}", "on 5 March 2026"),
        ("nb", "{{ receipt | day }}", "on 5. mars 2026"),
        (
            "en",
            "{{ scopes | scopes_list }}",
            "on marketing, surveys and marketing calls",
        ),
        (
            "nb",
            "{{ rights | rights_list }}",
            "on en klage og et spørsmål om personvern",
        ),
        ("en", "{{ purposes | purposes_list }}", "on cookies"),
    ],
)
def test_filters_speak_the_language(tmp_path, language, filtered, expected):
    root = tmp_path / "templates"
    shutil.copytree(templates_root(), root)
    (root / "mail" / language / "_frame.md").write_text("{{ body }}")
    (root / "mail" / language / "held/body.md").write_text(f"on {filtered}")
    values = {
        "receipt": date(2026, 3, 5),
        "reference": "K7QF-2M9D",
        "rights": (Right.COMPLAINT, Right.QUESTION, Right.COMPLAINT),
        "scopes": (Scope.MARKETING, Scope.SURVEYS, Scope.CALLS),
        "purposes": ("cookies", "whatever somebody wrote"),
    }

    assert (
        f"{expected}\n" == TemplateRenderer(root).write(HELD, language, values).source
    )


@pytest.mark.parametrize("value", [date(2026, 3, 5), None, ("a", "b"), 7, True])
def test_only_text_can_be_inserted_without_a_filter(root, value):
    with pytest.raises(SettingsError, match="is no text"):
        write(root, "x {{ due }}", due=value)


# --- hostile values

HOSTILE = (
    "[click](https://evil.example)",
    "<https://evil.example>",
    "<script>alert(1)</script>",
    "**bold** _it_ `code` ~~s~~",
    "[[fill me in]]",
    "# heading",
    "- point",
    "+ point",
    "1. point",
    "12) point",
    "=====",
    "> quote",
    "| a | b |",
    "    code",
    "![x](https://evil.example/x.png)",
    "[x]: https://evil.example",
    "&lt;b&gt; &#91;",
    "a\n\n# b\r\n\u2028- c",
    "back\\slash\\",
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "body", ["{{ address }}", "say {{ address }} now", "[{{ address }}"]
)
def test_a_value_reads_as_it_is_and_marks_up_nothing(root, value, body):
    written = write(root, body, address=value)
    expected = body.replace("{{ address }}", " ".join(value.split()))
    html = to_html(written.source, language="en", title="x")
    inside = html.partition('">\n<p>')[2].partition("</p>\n</main>")[0]

    assert f"{expected}\n" == " ".join(to_text(written.source).split()) + "\n"
    assert inside
    assert "<" not in inside
    assert PLACEHOLDER not in written.source


@pytest.mark.parametrize("value", [*HOSTILE, "a>b", ") [x](https://evil.example"])
def test_a_value_inside_a_links_address_stays_inside(root, value):
    source = write(root, "see [it](<{{ policy_url }}>)", policy_url=value).source
    html = to_html(source, language="en", title="x")

    assert 'href="https://evil.example"' not in html
    assert html.count("<a ") <= 1


def test_an_address_looks_like_one_in_the_source_that_staff_edit(root):
    source = write(root, "for {{ address }}", address="kari.n-o+x@example.org").source

    assert "for kari.n-o+x@example.org\n" == source


def test_control_and_direction_characters_are_left_out(root):
    source = write(root, "for {{ address }}", address="a\u202eb\x00c\x1bd").source

    assert "for abcd\n" == source


def test_markers_pass_where_they_belong(root):
    body = "[Go]({{ link }}) **{{ code }}**"

    assert (
        f"[Go]({MARKERS['link']}) **{MARKERS['code']}**\n"
        == write(root, body, **MARKERS).source
    )


@pytest.mark.parametrize("value", ["\u27e6link\u27e7", "a\u27e6code\u27e7b"])
def test_a_value_cannot_pose_as_a_marker(root, value):
    source = write(root, "x {{ address }} {{ code }}", address=value, code=value).source

    assert not any(marker in source for marker in MARKERS.values())


def test_a_marker_that_a_filter_touched_is_none_any_more(root):
    source = write(root, "x {{ (link ~ '') }} {{ link | upper }}", **MARKERS).source

    assert "x link LINK\n" == source


def test_a_subject_is_one_plain_line(root):
    written = write(
        root,
        "x",
        subject="Re: {{ company_name }}\n({{ reference }})\n",
        company_name="Fjord & [Sønn]_AS\r\nBcc: ola@example.org",
        reference="K7QF-2M9D",
    )

    assert "Re: Fjord & [Sønn]_AS Bcc: ola@example.org (K7QF-2M9D)" == written.subject


def test_the_subject_is_that_of_the_first_piece(root):
    (root / "mail/en/held/subject.txt").write_text("first")
    (root / "mail/en/verified/subject.txt").write_text("second")
    (root / "mail/en/verified/body.md").write_text("two\n")
    (root / "mail/en/held/body.md").write_text("\none\n")
    written = TemplateRenderer(root).write((Letter.HELD, Letter.VERIFIED), "en", {})

    assert "first" == written.subject
    assert "one\n\ntwo\n" == written.source


def test_conditions_leave_no_holes(root):
    body = "a\n\n{% if agent %}\nno\n{% endif %}\n   \n\n{% if not agent %}\nb\n{% endif %}"

    assert "a\n\nb\n" == write(root, body, agent=False).source


# --- the sandbox


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ address.__class__ }}",
        "{{ address.format.__globals__ }}",
        "{{ '{0.__class__}'.format(address) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% set _ = purposes.append('x') %}",
        "{% include '../nb/_frame.md' %}",
        "{% include '/etc/hostname' %}",
        "{% for _ in range(10000000) %}x{% endfor %}",
    ],
)
def test_the_sandbox_holds(root, body):
    with pytest.raises(SettingsError, match=r"en/held/body\.md"):
        write(root, body, address="x", purposes=["a"])


# --- where templates lie


def test_templates_are_found_beside_the_package_in_a_checkout():
    assert (templates_root() / "mail" / "en" / "_frame.md").is_file()


def test_templates_packed_into_the_wheel_come_first(tmp_path, monkeypatch):
    packed = tmp_path / "inbox_bot" / "_templates"
    packed.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    package = tmp_path / "inbox_bot" / "__init__.py"
    monkeypatch.setattr(inbox_bot, "__file__", str(package))

    assert packed == templates_root()


def test_a_package_without_templates_says_so(tmp_path, monkeypatch):
    package = tmp_path / "inbox_bot" / "__init__.py"
    monkeypatch.setattr(inbox_bot, "__file__", str(package))

    with pytest.raises(SettingsError, match="templates"):
        templates_root()
