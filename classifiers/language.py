"""Says in which language a mail is written; the only place that knows lingua."""

from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from classifiers.concepts import LANGUAGES

HANDLED = frozenset(LANGUAGES)
# Languages that stand here only so that they are named, and not taken for ours.
_OTHERS = (
    Language.ALBANIAN, Language.ARABIC, Language.BULGARIAN, Language.CATALAN,
    Language.CHINESE, Language.CROATIAN, Language.CZECH, Language.ESTONIAN,
    Language.GREEK, Language.HEBREW, Language.HUNGARIAN, Language.ICELANDIC,
    Language.IRISH, Language.JAPANESE, Language.KOREAN, Language.LATVIAN,
    Language.LITHUANIAN, Language.ROMANIAN, Language.RUSSIAN, Language.SLOVAK,
    Language.SLOVENE, Language.TURKISH, Language.UKRAINIAN,
)  # fmt: skip
# Whose words are so alike that a mail in one is read with the words of both.
_ALIKE = {
    "nb": ("nb", "nn", "da"),
    "nn": ("nn", "nb"),
    "da": ("da", "nb"),
    "es": ("es", "pt"),
    "pt": ("pt", "es"),
}
# Below this, detection is guessing; of a long mail its beginning tells enough.
_MIN_LETTERS = 12
_ENOUGH = 300
_SHORT = 120


def _code(language: Language) -> str:
    return language.iso_code_639_1.name.lower()


@cache
def _detector(*, others: bool = False, thorough: bool = False) -> LanguageDetector:
    """Build a detector; trigrams alone load in a twentieth of the time."""
    ours = [language for language in Language.all() if _code(language) in HANDLED]
    languages = [*ours, *_OTHERS] if others else ours
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return (builder if thorough else builder.with_low_accuracy_mode()).build()


def _found(detector: LanguageDetector, text: str) -> str | None:
    language = detector.detect_language_of(text[:_ENOUGH])
    return None if language is None else _code(language)


def detect(text: str, *, others: bool = False) -> str | None:
    """Give the ISO 639-1 code of the likeliest language, None for too few letters.

    Only the languages that are handled are thought of, which takes a third of the
    time, unless `others` says that the words are of none of them. Short texts and
    languages that are much alike are looked at more thoroughly.
    """
    if sum(map(str.isalpha, text)) < _MIN_LETTERS:
        return None
    found = _found(_detector(others=others), text)
    if others or (found not in _ALIKE and len(text) >= _SHORT):
        return found
    return _found(_detector(thorough=True), text)


@cache
def readable(spoken: str | None) -> tuple[str, ...]:
    """Give the languages whose words to look for; English words stand everywhere."""
    if spoken is None:
        return LANGUAGES
    alike = _ALIKE.get(spoken, (spoken,) if spoken in HANDLED else ())
    return tuple(dict.fromkeys((*alike, "en")))
