"""Comparisons speak of people by their names, as every other page does."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import escape

from tests.webadmin.conftest import MakeApp
from tests.webadmin.reassigning import crew
from tests.webadmin.signing import signed_in
from webadmin.decisions.service import clock, today
from webadmin.store.revisions import Act


def test_whom_each_revision_assigns_stands_by_name(rules: Path, make_app: MakeApp) -> None:
    site = make_app(rules=rules)
    act = Act("cli:test", clock(), today(clock()))
    crew.fill(site.extensions["record"], act)
    sides = f"policy={crew.POLICY}&one=live&other=day&other_day={act.today}"

    text = signed_in(site).get(f"/simulations/compare?{sides}&customer=c-2", headers={"Accept-Language": "en"}).text

    assigned = re.search(r'<tr[^>]*><th scope="row">Assigned to</th>(.*?)</tr>', text)
    assert assigned is not None
    for side in ("A", "B"):
        assert re.search(rf'data-label="{side}">{escape("<b>am-1</b>")} <code class="id">am-1</code>', assigned[1])
