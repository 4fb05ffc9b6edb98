"""These tests run on a cluster, if TEST_CITUS names a folder that deploy/citus/build has filled."""

import pytest

from tests.scaling.citus import Cluster, is_citus, running_cluster


@pytest.fixture(autouse=True)
def cluster() -> Cluster:
    if not is_citus():
        pytest.skip("needs Citus: scripts/test-citus runs it where the source archive is at hand")
    return running_cluster()
