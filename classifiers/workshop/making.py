"""Makes the shipped model folder: trains, calibrates, chooses the trust, saves."""

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from classifiers import corpus, pipeline
from classifiers.pipeline import HOME, MODEL
from classifiers.workshop import fitting, training
from classifiers.workshop.training import Lesson


def version() -> str:
    """Name the model by a hash of the recipe, the rules and the mails learned from."""
    digest = hashlib.sha256()
    parts = [
        pipeline.RECIPE,
        *sorted((HOME / "rules").iterdir()),
        *(corpus.FOLDER / f"{name}.jsonl" for name in corpus.TRAINING),
    ]
    for path in parts:
        if path.suffix in {".cfg", ".toml", ".py", ".jsonl"} and path.exists():
            digest.update(path.read_bytes())
    return f"reading-{digest.hexdigest()[:12]}"


def lessons(*names: str) -> list[Lesson]:
    """Load corpora as lessons."""
    return [training.lesson(example) for example in corpus.load(*names)]


def make(folder: Path = MODEL) -> None:
    """Train from the corpora and write the model folder anew."""
    config = pipeline.recipe()
    learned, kept = lessons(*corpus.TRAINING), lessons(corpus.CALIBRATION)
    unseen = training.out_of_fold(config, learned)
    scored = list(zip(learned, unseen, strict=True))
    labels = fitting.fit_labels(scored)
    nlp = training.train(config, learned)
    scores = pipeline.score(nlp, [given.tokens for given in kept])
    measured = list(zip(kept, scores, strict=True))
    judge = fitting.fit_judge(scored, labels)
    judged = replace(labels, judge=judge)
    trust = fitting.choose_trust(measured, judged)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nlp.to_disk(folder / "pipeline")
    replace(judged, trust=trust).save(folder / "calibration.json")
    (folder / "VERSION").write_text(version() + "\n", "utf-8")
