"""Rows of a file whose cell for the day is empty are for the day that was typed."""

from __future__ import annotations

import csv
import io

from tests.webadmin.comparing.conftest import Place, draft
from tests.webadmin.comparing.test_many import HEADER, previewed, rows_of, uploaded, worked
from tests.webadmin.signing import signed_in


def test_rows_without_a_day_are_for_the_day_chosen(place: Place) -> None:
    client = signed_in(place.app)
    content = (
        f"as_of,{HEADER}\n3/13/2026,f-1,600000,0.02,c-1,B,am-03,t-x\n,f-2,600000,0.02,c-1,B,am-03,t-x\n"
    ).encode()

    assert "does not fit" not in previewed(client, content)
    rows = rows_of(place, worked(place, client, content))
    assert [each.body["as_of"] for each in rows] == ["2026-03-13", "2026-03-01"], "the day of the form"
    assert all("problems" not in each.body for each in rows)


def test_items_of_rows_without_a_day_belong_together(place: Place) -> None:
    client = signed_in(place.app)
    policy = "incentive.quarterly"
    draft(place.record, policy, ("title:", "title:"))
    sides = {"side-policy": policy, "side-one": "live", "side-other": "draft"}
    address = f"/simulations/many/template.csv?policy={policy}&one=live&other=draft"
    lines = list(csv.reader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))
    day = lines[1][0]
    written = io.StringIO()
    csv.writer(written).writerows([lines[0], *(["" if line[0] == day else line[0], *line[1:]] for line in lines[1:])])

    answer = uploaded(client, written.getvalue().encode(), **{**sides, "as_of": day})
    place.work()

    assert place.job(answer.location.rpartition("/")[2]).result["counts"] == {"same": 3}
