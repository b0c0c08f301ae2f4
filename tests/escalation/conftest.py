"""The two other sides of delivery."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.escalation.receiver import Receiver
from tests.escalation.ways import Postbox


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def there() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made
