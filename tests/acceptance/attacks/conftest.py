"""One besieged house for all attacks of a run that do it no harm."""

from collections.abc import Iterator

import pytest

from tests.acceptance.attacks.besieged import House, besieged, populate


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with besieged(tmp_path_factory.mktemp("besieged")) as found:
        populate(found)
        yield found
