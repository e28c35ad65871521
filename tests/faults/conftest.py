"""One house of each mode for all fault tests: each file finds it at rest, and leaves it so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import house
from tests.faults.house import House


@pytest.fixture(scope="session")
def embedded_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house.embedded(tmp_path_factory.mktemp("embedded")) as one:
        yield one


@pytest.fixture(scope="session")
def scaled_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house.scaled(tmp_path_factory.mktemp("scaled")) as one:
        yield one


@pytest.fixture(scope="module")
def embedded(embedded_house: House) -> Iterator[House]:
    """Two cores have better to do than a house that nobody tests."""
    yield embedded_house
    embedded_house.down()


@pytest.fixture(scope="module")
def scaled(scaled_house: House) -> Iterator[House]:
    yield scaled_house
    scaled_house.down()
