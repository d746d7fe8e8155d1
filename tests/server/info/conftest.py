"""The network of the console's tests, for those who are not signed in too."""

import re

import pytest

from tests.server.console.conftest import coordinator, network

__all__ = ["coordinator", "network"]


@pytest.fixture
def reader(network):
    return network.browser()


@pytest.fixture
def national(network):
    return network.browser("keskus")


def reply_code(answer) -> str:
    """The code that was shown after sending."""
    found = re.search(r'<p class="code big">([^<]+)</p>', answer.text)
    assert found
    return found[1]


def alerted(answer) -> str:
    """What the page says went wrong."""
    found = re.search(r'role="alert".*?<ul>(.*?)</ul>', answer.text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""
