"""Writes MODEL_CARD.md from the measured figures, so that it can't drift from them."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers import corpus, pipeline
from classifiers.concepts import LANGUAGES
from classifiers.pipeline import HOME, MODEL
from classifiers.workshop import (
    compare,
    evaluation,
    fitting,
    generator,
    tables,
    training,
)

CARD = HOME / "MODEL_CARD.md"
# In the order of the card; what comes first is what the model was chosen by.
SETS = (corpus.DEVELOPMENT, corpus.CALIBRATION, corpus.HELD_OUT)
_ROWS = (
    "mails",
    "macro_f1",
    "exact_match",
    "kind_accuracy",
    "auto_share",
    "auto_wrong",
    "auto_wrong_labels",
    "auto_wrong_kind",
    "auto_harmful",
)
_PARTS = _ROWS[:6]
_TEXT = """# Model card

Written by `python -m classifiers card` from `metrics/`; do not edit.

**What it is.** `{model}`, for {languages} languages, trained here from nothing: no
pretrained weights, no network.

1. Quotations, forwarded mails, signatures and footers are set aside by the parser, words
   addressed to the machine by `rules/injection.py`.
2. Words become meanings: {concepts} concepts, found by {entries} hand-written entries
   (`lexicon/*.toml`), each denied or not, in pairs and in threes (`features.py`).
3. Three spaCy pipelines (`textcat_multilabel`, architecture `{architecture}`,
   `configs/reading.cfg`) score them: one reads the whole mail, one the pieces of its
   words, one each sentence. Every output is a logistic regression (docs/adr/0006).
4. A logistic curve for each label joins their scores into a probability, and one for
   each kind joins these with what is said of kinds; both are decided together, since a
   request has a label and a bounce has none (`opinion.py`). Evidence is the sentence that speaks for a label most.
5. A judge says how far the whole reading is to be trusted; `holding.py` names what a
   person must see however sure the numbers are.

**What it is for.** Reading a company's privacy mailbox. It proposes; `policy` decides,
and whatever is not `auto` waits for a person.

**Data.** Mails written by hand for this project about invented people; no mail of a real
person was used. {training} to learn from ({per_set}), {composed} more composed from
{sentences} hand-written sentences (`corpus/clauses/`), each of which all three learn
from as well; {calibration} for calibration, {development} for development, {heldout}
held out. Probabilities and the judge are fitted on training mails scored by
models that had not seen them ({folds} folds). How much trust is enough is chosen
so that of what is acted on at most {allowed:.1%} is wrong on the calibration mails, and
at most {unseen:.1%} on training mails scored so (by models with a third fewer mails, but
judged by a judge that was fitted on these very mails).

**Two labellings.** {agreement}

**When a person must look.** A label set or kind that the judge does not trust; words addressed to the machine; a language outside the {languages}; empty or
cut text; a follow-up whose quotation may name the right; a right in a mail that was
passed on.

## Figures

{figures}

`macro_f1` is the mean over the labels that occur. `auto_wrong` counts readings acted on
with a wrong label set, or spam, bounces and auto-replies taken for a person's wish
(`auto_harmful` counts these alone); `auto_wrong_kind` counts any other kind than the
right one.

{sources}

## By language ({first})

{by_language}

## By label (F1)

{by_label}

## What else is read (share that is right)

{facts}

## Other ways to read the same mails

{comparison}

## Reliability ({first})

How often a label was true that was said to be so probable.

{reliability}

## Limits

- The writers of the corpora knew the label set; a real mailbox will be stranger.
- English and Norwegian have by far the most mails to learn from. Mails of one round of
  writing tell of like situations in several languages: they are fewer than they seem.
- What no entry of the word lists means, the models know by its letters only, and only
  if training mails had it.
- A sentence that asks for two things gives one piece of evidence for both.
- Rules know places, laws and phone prefixes by list; what is missing there is no
  jurisdiction, never a wrong one.
- Errors with their ids stand in `metrics/*.json`.
"""
_SOURCES = {
    corpus.DEVELOPMENT: (
        "The development set was written by other hands than the training mails, under"
        " briefs of its own, and frozen; nothing is learned from it, but model, rules and"
        " the rule for trust were chosen with its figures in view, and the English errors"
        " of one interim model were read: its figures are somewhat optimistic."
    ),
    corpus.CALIBRATION: (
        "The calibration column is optimistic: trust was chosen with its help, and it"
        " was read while earlier rules were made."
    ),
    corpus.HELD_OUT: (
        "No held-out mail was read while anything was made. Its figures were seen for two"
        " interim models, and one choice followed from them: the language of short mails"
        " is found more thoroughly again, since bokmål was taken for Danish."
    ),
}
_COMPARED = """Learned from the same {learned} mails, composed ones included, and measured on the
development set by `python -m classifiers compare`; `sentences` and `shipped` learn from the
hand-written sentences by themselves as well, so what they do better is not all theirs.
So few epochs are too few for spaCy's networks, which learn slowly. Labels are given from
0.5 on in the first column, in all others from the threshold that gave the best macro F1 on
the calibration mails. Speed is that of one core's time from parsed message to scores; size
is that of the weights, of `shipped` that of the whole folder.

{whole}

By language (macro F1):

{languages}

By label (F1):

{labels}"""

Figures = dict[str, dict[str, Any]]


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _figures(folder: Path, model: str) -> Figures:
    """Give the figures of this model; those of another one tell nothing of it."""
    found = {name: _json(folder / f"{name}.json") for name in SETS}
    return {name: one for name, one in found.items() if one.get("model") == model}


def _lines(name: str) -> int:
    path = corpus.FOLDER / f"{name}.jsonl"
    return len(path.read_text("utf-8").splitlines()) if path.exists() else 0


def _columns(figures: Figures, keys: Sequence[str], *path: str) -> str:
    """Give one column for each set, and one row for each key under a path."""

    def under(one: Mapping[str, Any]) -> Mapping[str, Any]:
        for step in path:
            one = one[step]
        return one

    rows = ((key, *(under(one)[key] for one in figures.values())) for key in keys)
    return tables.table(["", *figures], rows)


def _by_label(figures: Figures) -> str:
    first = next(iter(figures.values()))
    rows = (
        (label, *(f"{one['labels'][label]['f1']:.2f}" for one in figures.values()))
        for label in first["labels"]
    )
    return tables.table(["label", *figures], rows)


def _by_language(figures: Mapping[str, Any]) -> str:
    parts = {
        **figures["languages"],
        "English": figures["groups"].get("en"),
        "all but English": figures["groups"].get("other"),
    }
    rows = ((name, *(one[key] for key in _PARTS)) for name, one in parts.items() if one)
    return tables.table(["", *_PARTS], rows)


def _agreement(folder: Path) -> str:
    sets = _json(folder / "agreement.json").get("sets")
    if not sets:
        return "Not measured."
    rows = ((n, one["mails"], one["labels"], one["kinds"]) for n, one in sets.items())
    return (
        "Mails were labelled twice, by separate hands of the same kind, and differences"
        " settled by the rules of the label set. They agree more than careful people do,"
        " so this is no measure of how certain the labels are. Share of mails with the"
        " same answer at first:\n\n"
        + tables.table(["set", "mails", "labels", "kind"], rows)
    )


def _comparison(folder: Path, model: str) -> str:
    found = _json(folder / compare.FILE)
    if found.get("model") != model:
        return "Not measured."
    rows = found["rows"]
    return _COMPARED.format(
        learned=found["learned"],
        whole=tables.comparison(rows),
        languages=tables.comparison_by("languages", rows),
        labels=tables.comparison_by("labels", rows),
    )


def _entries() -> int:
    return sum(
        len(texts)
        for code in LANGUAGES
        for texts in tomllib.loads(
            (HOME / "lexicon" / f"{code}.toml").read_text("utf-8")
        ).values()
    )


def _concepts() -> int:
    lexicon = HOME / "lexicon" / "concepts.toml"
    return sum(map(len, tomllib.loads(lexicon.read_text("utf-8")).values()))


def _sentences() -> int:
    return sum(len(s) for code in LANGUAGES for s in generator.bank(code).values())


def text(folder: Path = evaluation.METRICS) -> str:
    """Give the card for the figures as they are; ValueError where there are none."""
    model = (MODEL / "VERSION").read_text("utf-8").strip()
    figures = _figures(folder, model)
    if not figures:
        raise ValueError("no figures of this model: evaluate first")
    first, best = next(iter(figures.items()))
    per_language = pipeline.recipe()["training"]["composed"]
    return _TEXT.format(
        model=model,
        languages=len(LANGUAGES),
        concepts=_concepts(),
        entries=_entries(),
        architecture=pipeline.ARCHITECTURE,
        training=sum(map(_lines, corpus.TRAINING)),
        per_set=", ".join(f"{name} {_lines(name)}" for name in corpus.TRAINING),
        composed=per_language * len(LANGUAGES),
        sentences=_sentences(),
        calibration=_lines(corpus.CALIBRATION),
        development=_lines(corpus.DEVELOPMENT),
        heldout=_lines(corpus.HELD_OUT),
        folds=training.FOLDS,
        allowed=fitting.MAX_WRONG,
        unseen=fitting.MAX_WRONG_UNSEEN,
        agreement=_agreement(folder),
        figures=_columns(figures, _ROWS),
        sources=" ".join(_SOURCES[name] for name in figures),
        first=first,
        by_language=_by_language(best),
        by_label=_by_label(figures),
        facts=_columns(figures, list(best["facts"]), "facts"),
        comparison=_comparison(folder, model),
        reliability=tables.table(
            ["probability said", "true", "labels"],
            ((row["said"], row["true"], row["count"]) for row in best["reliability"]),
        ),
    )
