"""One reader for all tests here: loading the model takes a second."""

import pytest

from classifiers.cascade import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()
