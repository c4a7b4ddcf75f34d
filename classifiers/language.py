"""Says in which language a mail is written; the only place that knows lingua."""

from functools import cache

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

# Swedish, Danish and German stand here only so that they are not taken for ours.
_LANGUAGES = (
    Language.ENGLISH,
    Language.BOKMAL,
    Language.NYNORSK,
    Language.SWEDISH,
    Language.DANISH,
    Language.GERMAN,
)
HANDLED = frozenset({"en", "nb", "nn"})
# Below this, detection is guessing.
_MIN_LETTERS = 12


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()


def _code(code: IsoCode639_1) -> str:
    return code.name.lower()


def detect(text: str) -> str | None:
    """Give the ISO 639-1 code of the likeliest language, None for too few letters."""
    if sum(char.isalpha() for char in text) < _MIN_LETTERS:
        return None
    language = _detector().detect_language_of(text)
    return None if language is None else _code(language.iso_code_639_1)
