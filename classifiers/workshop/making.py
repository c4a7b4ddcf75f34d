"""Makes the shipped model folder: trains, calibrates, chooses the trust, saves."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from classifiers import corpus, pipeline
from classifiers.pipeline import HOME, MODEL
from classifiers.workshop import fitting, generator, training
from classifiers.workshop.training import Lesson


def version(also: Sequence[Path] = ()) -> str:
    """Name the model by a hash of recipe, rules, words and mails; not of the code."""
    digest = hashlib.sha256()
    parts = [
        pipeline.RECIPE,
        *sorted((HOME / "rules").iterdir()),
        *sorted((HOME / "lexicon").iterdir()),
        *sorted(generator.CLAUSES.iterdir()),
        *(corpus.FOLDER / f"{n}.jsonl" for n in (*corpus.TRAINING, corpus.CALIBRATION)),
        *also,
    ]
    for path in parts:
        known = path.suffix in {".cfg", ".toml", ".py", ".jsonl"} and path.exists()
        if known or path in also:
            digest.update(path.read_bytes())
    return f"reading-{digest.hexdigest()[:12]}"


def lessons(*names: str) -> list[Lesson]:
    """Load corpora as lessons."""
    return [training.lesson(example) for example in corpus.load(*names)]


def composed(count: int) -> list[Lesson]:
    """Compose so many mails for each language, as lessons."""
    rows = generator.generate(count)
    return [training.lesson(corpus.example(row)) for row in rows]


def make(
    folder: Path = MODEL,
    say: Callable[[str], object] = lambda _: None,
    also: Sequence[Path] = (),
) -> None:
    """Train from the corpora and write the model folder anew; `say` tells progress.

    `also` names files with more mails to learn from, such as staff's corrections.
    """
    config = pipeline.recipe()
    say("Looking at the mails ...")
    learned, kept = lessons(*corpus.TRAINING), lessons(corpus.CALIBRATION)
    learned += [training.lesson(one) for path in also for one in corpus.read(path)]
    extra = composed(config["training"]["composed"])
    say(f"Scoring {len(learned)} mails by models that have not seen them ...")
    unseen = training.out_of_fold(config, learned, extra)
    scored = list(zip(learned, unseen, strict=True))
    labels = fitting.fit_labels(scored)
    say("Training the models ...")
    models = training.train(config, learned, extra)
    measured = list(
        zip(kept, models.score([given.sight for given in kept]), strict=True)
    )
    judged = replace(labels, judge=fitting.fit_judge(scored, labels))
    trust = max(
        fitting.choose_trust(measured, judged, fitting.MAX_WRONG),
        fitting.choose_trust(scored, judged, fitting.MAX_WRONG_UNSEEN),
    )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    models.save(folder)
    replace(judged, trust=trust).save(folder / "calibration.json")
    (folder / "VERSION").write_text(version(also) + "\n", "utf-8")
