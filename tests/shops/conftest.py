"""With `-n 2 --dist loadgroup`, the tests of a shop share its builds."""

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        shop = item.callspec.params["shop"]
        item.add_marker(pytest.mark.xdist_group(shop))
