"""These tests need a cluster: TEST_CITUS=FOLDER, with Citus as deploy/citus/build has put it there."""

import pytest

from tests.scaling.citus import Cluster, is_citus, running_cluster


@pytest.fixture(autouse=True)
def cluster() -> Cluster:
    if not is_citus():
        pytest.skip("needs Citus: scripts/test-citus runs it where the source archive is at hand")
    return running_cluster()
