"""The classifier: corpora, rules, training, calibration and the reader of mails."""
