"""What the database promises, once more on the operating system's own PostgreSQL (15 where there are several).

The other tests run on the embedded server. Here a part of them that looks at schema, privileges, injected SQL, row
security, the law of invoices, the erased and the search is run by a second pytest on a server of the system's programs.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from register.embedded import Cluster
from tests.cluster import FAST, ROOT, system_programs

CHOSEN = (
    "tests/register/test_access.py",
    "tests/register/test_grants.py",
    "tests/hostile/test_injection.py",
    "tests/derived/test_roles.py::test_a_login_reads_the_tables_that_the_inventory_gives_it_and_no_other",
    "tests/billing/test_law.py",
    "tests/customers/test_search.py",
    "tests/customers/test_erased.py",
    *(
        f"tests/privacy/test_link_rows.py::{name}"
        for name in (
            "test_a_link_opens_the_rows_of_its_person_and_no_others",
            "test_without_a_link_the_public_login_sees_nobody",
            "test_a_forged_setting_opens_nothing",
            "test_a_link_holder_changes_nothing_and_reads_no_further",
            "test_a_case_for_somebody_else_is_refused_by_the_database",
        )
    ),
)
AT_LEAST = 200


@pytest.mark.slow
def test_a_part_of_the_tests_holds_on_the_systems_server(tmp_path: Path) -> None:
    programs = system_programs()
    cluster = Cluster(tmp_path / "server", binaries=programs, settings=FAST)
    cluster.start()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *CHOSEN],
            cwd=ROOT,
            env=_surroundings(tmp_path / "home", cluster),
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
    finally:
        cluster.remove()
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed is not None
    assert int(passed[1]) >= AT_LEAST


def _surroundings(home: Path, cluster: Cluster) -> dict[str, str]:
    """Nothing of this process's register: another home, another server."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REGISTER_", "DATABASE_URL", "PYTEST_", "DJANGO_"))
    }
    return kept | {"REGISTER_HOME": str(home), "REGISTER_TEST_ADMIN_URL": cluster.admin_url()}
