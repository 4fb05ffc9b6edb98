"""ETag, If-Match and If-None-Match: what has not changed is not sent, and nobody overwrites what they have not seen."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api import Api
from tests.history.scene import NOWHERE, PREFIXES, Body, Scene, refused, shown, unknown

UNREADABLE = ["", " ", "1", '"1', '1"', '"1" "2"', '"1";"2"', "*, *", '"1", *', "W/1", 'w/"1"', '"é"', '"1",', ","]
# Each write of an item that takes If-Match, with a body that has an effect.
WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"input": "new"}),
    ("PATCH", "", {}),
    ("PUT", "", {"input": "new"}),
    ("POST", "archive/", None),
    ("POST", "restore/", {"source_version": 1}),
]


def each_write(test: Any) -> Any:
    ids = [f"{method} {rest}{'' if body else 'without effect'}".strip() for method, rest, body in WRITES]
    return pytest.mark.parametrize("write", WRITES, ids=ids)(test)


@pytest.fixture
def item(scene: Scene) -> Body:
    """At version 2, of a dataset at revision 3."""
    return scene.patch(scene.new_item(input="first"), input="second")


def send(scene: Scene, item: Body, write: tuple[str, str, Any], if_match: str) -> Any:
    method, rest, body = write
    if method == "PUT":
        body = {"dataset": scene.dataset["id"], **body}
    return scene.api.ask(method, scene.item_path(item, rest), body, headers={"If-Match": if_match})


# --- ETags -----------------------------------------------------------------------------------------------------------


def test_the_etag_of_an_item_is_its_version(scene: Scene) -> None:
    answer = scene.api.post(scene.items, {"dataset": scene.dataset["id"]})
    made = answer.json()
    path = scene.item_path(made)

    tags = [answer.headers["ETag"]]
    for method, rest, body in (
        ("PATCH", "", {"input": 1}),
        ("PUT", "", {"dataset": scene.dataset["id"], "input": 2}),
        ("POST", "archive/", None),
        ("POST", "restore/", None),
        ("POST", "restore/", {"source_version": 1}),
        ("PATCH", "", {"dataset": scene.new_dataset()["id"]}),
    ):
        tags.append(scene.api.ask(method, f"{path}{rest}", body).headers["ETag"])

    assert tags == [f'"{version}"' for version in range(1, 8)]
    for method in ("GET", "HEAD"):
        assert scene.api.ask(method, path).headers["ETag"] == '"7"'


def test_the_etag_of_a_dataset_is_its_own_version(scene: Scene) -> None:
    path = scene.path()
    answers = [
        scene.api.get(path),
        scene.api.patch(path, {"name": "a"}),
        scene.api.put(path, {"name": "b"}),
        scene.api.patch(path, {"name": "b"}),
        scene.api.get(path),
        scene.api.ask("HEAD", path),
    ]

    assert [answer.headers["ETag"] for answer in answers] == ['"1"', '"2"', '"3"', '"3"', '"3"', '"3"']


def test_a_write_without_effect_keeps_the_etag_of_the_item_and_moves_that_of_the_list(scene: Scene, item: Body) -> None:
    before = scene.page().headers["ETag"]

    answer = scene.api.patch(scene.item_path(item), {"input": "second"})

    assert answer.headers["ETag"] == '"2"'
    assert shown(answer)["updated_at"] > item["updated_at"]
    assert scene.page().headers["ETag"] != before
    assert scene.head() == 3


# --- If-None-Match on one row ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tags", ['"2"', 'W/"2"', "*", ' "2" ', '"1", "2"', '"1",W/"2" ,"3"', '"a,b", "2"'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unchanged_item_is_not_sent(scene: Scene, item: Body, method: str, tags: str) -> None:
    answer = scene.api.ask(method, scene.item_path(item), headers={"If-None-Match": tags})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == '"2"'
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("tags", ['"1"', '"22"', '"1", "3"', 'W/"1"', '""', *UNREADABLE])
def test_what_names_no_present_version_gets_the_item(scene: Scene, item: Body, tags: str) -> None:
    answer = scene.api.get(scene.item_path(item), headers={"If-None-Match": tags})

    assert shown(answer) == item


def test_an_unchanged_dataset_is_not_sent(scene: Scene) -> None:
    scene.new_item()

    answer = scene.api.get(scene.path(), headers={"If-None-Match": '"1"'})

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", '"1"')
    scene.rename("renamed")
    assert shown(scene.api.get(scene.path(), headers={"If-None-Match": '"1"'}))["name"] == "renamed"


def test_an_absent_item_is_not_unchanged(scene: Scene, item: Body) -> None:
    scene.archive(item)

    for path in (scene.item_path(item), f"{scene.items}{NOWHERE}/"):
        unknown(scene.api.get(path, headers={"If-None-Match": "*"}))


def test_a_write_does_not_look_at_if_none_match(scene: Scene, item: Body) -> None:
    answer = scene.api.patch(scene.item_path(item), {"input": 3}, headers={"If-None-Match": "*"})

    assert shown(answer)["input"] == 3


# --- If-None-Match on a list -----------------------------------------------------------------------------------------


def test_an_unchanged_list_is_not_sent_nor_are_its_items_read(scene: Scene, item: Body) -> None:
    path = f"{scene.items}?dataset={scene.dataset['id']}"
    before = scene.api.get(path)
    tag = before.headers["ETag"]

    with CaptureQueriesContext(connection) as captured:
        answer = scene.api.get(path, headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert answer.headers["Dataset-Revision"] == before.headers["Dataset-Revision"] == "3"
    assert len(captured) == 2
    assert not any("dataset_item" in each["sql"] or "item_version" in each["sql"] for each in captured)


@pytest.mark.parametrize("form", ["{}", '"x", {}', '{}, W/"y"', "*"])
def test_a_list_is_unchanged_for_whoever_names_its_tag(scene: Scene, form: str) -> None:
    tag = scene.page().headers["ETag"]
    for spelling in (tag, tag.removeprefix("W/")):
        answer = scene.api.get(
            f"{scene.items}?dataset={scene.dataset['id']}", headers={"If-None-Match": form.format(spelling)}
        )
        assert answer.status_code == 304


@pytest.mark.parametrize(
    "write",
    [
        lambda scene, item: scene.new_item(),
        lambda scene, item: scene.patch(item, input="new"),
        lambda scene, item: scene.patch(item),
        lambda scene, item: scene.archive(item),
        lambda scene, item: scene.move(item, scene.new_dataset()),
        lambda scene, item: scene.rename("renamed"),
    ],
    ids=["create", "patch", "touch", "archive", "move", "rename"],
)
def test_every_write_moves_the_tag_of_the_list(scene: Scene, item: Body, write: Any) -> None:
    tag = scene.page().headers["ETag"]
    write(scene, item)

    answer = scene.api.get(f"{scene.items}?dataset={scene.dataset['id']}", headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag


def test_writes_elsewhere_leave_the_tag_alone(scene: Scene) -> None:
    tag = scene.page().headers["ETag"]
    scene.new_item(scene.new_dataset())
    scene.tag("golden", 1)

    assert scene.page().headers["ETag"] == tag


def test_each_query_has_a_tag_of_its_own(scene: Scene, item: Body) -> None:
    tags = {scene.page(query).headers["ETag"] for query in ("", "&limit=1", "&limit=1&offset=1", "&revision=3", "&x=1")}

    assert len(tags) == 5


def test_the_tag_of_one_dataset_is_none_of_another(scene: Scene) -> None:
    assert scene.page(of=scene.new_dataset()).headers["ETag"] != scene.page().headers["ETag"]


def test_an_unreadable_if_none_match_gets_the_list(scene: Scene, item: Body) -> None:
    for tags in UNREADABLE:
        answer = scene.api.get(f"{scene.items}?dataset={scene.dataset['id']}", headers={"If-None-Match": tags})
        assert shown(answer)["count"] == 1


def test_an_unknown_dataset_is_refused_whatever_tag_is_named(scene: Scene) -> None:
    answer = scene.api.get(f"{scene.items}?dataset={NOWHERE}", headers={"If-None-Match": "*"})

    refused(answer, 400, "invalid_choice", "dataset")


def test_both_prefixes_answer_that_nothing_changed(scene: Scene, item: Body) -> None:
    for prefix in PREFIXES:
        base = f"/api/{prefix}/{scene.project_id}"
        for path in (
            f"{base}/dataset_items/{item['id']}/",
            f"{base}/datasets/{scene.dataset['id']}/",
            f"{base}/dataset_items/?dataset={scene.dataset['id']}",
        ):
            tag = scene.api.get(path).headers["ETag"]
            assert scene.api.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_stranger_learns_nothing_from_a_tag(scene: Scene, item: Body) -> None:
    for path in (scene.item_path(item), scene.path(), f"{scene.items}?dataset={scene.dataset['id']}"):
        assert scene.stranger.get(path, headers={"If-None-Match": "*"}).status_code == 403
        assert Api().get(path, headers={"If-None-Match": "*"}).status_code == 401


# --- If-Match --------------------------------------------------------------------------------------------------------


@each_write
@pytest.mark.parametrize("tags", ['"2"', "*", ' "2" ', '"1", "2"', '"1" ,"2","3"', 'W/"1", "2"'])
def test_a_write_that_names_the_present_version_goes_through(scene: Scene, item: Body, write: Any, tags: str) -> None:
    answer = send(scene, item, write, tags)

    shown(answer)
    assert answer.headers["ETag"] == ('"2"' if write[2] == {} else '"3"')


@each_write
@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ('"1"', "1"),
        ('"3"', "3"),
        ('"22"', "22"),
        ('"1", "3"', "1 or 3"),
        ('W/"2"', 'W/"2"'),
        ('""', ""),
        ('"abc"', "abc"),
        ('"02"', "02"),
    ],
)
def test_a_stale_write_is_refused(scene: Scene, item: Body, write: Any, tags: str, named: str) -> None:
    answer = send(scene, item, write, tags)

    assert list(answer.json()) == ["type", "code", "detail", "attr", "current_version"]
    error = refused(answer, 412, "stale_version")
    assert error["type"] == "invalid_request"
    assert error["detail"] == f"This item is at version 2, not {named}."
    assert error["current_version"] == 2
    assert answer.headers["ETag"] == '"2"'
    assert "Dataset-Revision" not in answer.headers
    assert shown(scene.item(item)) == item
    assert scene.head() == 3


@each_write
@pytest.mark.parametrize("tags", UNREADABLE)
def test_an_unreadable_if_match_is_refused(scene: Scene, item: Body, write: Any, tags: str) -> None:
    error = refused(send(scene, item, write, tags), 400, "invalid_input", "If-Match")

    assert error["detail"] == "If-Match must be * or a list of entity tags."
    assert shown(scene.item(item)) == item


@each_write
def test_an_unknown_item_comes_before_if_match(scene: Scene, write: Any) -> None:
    for tags in ('"1"', "*", ""):
        unknown(send(scene, {"id": NOWHERE}, write, tags))


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PATCH", "", {"dataset": NOWHERE}),
        ("PATCH", "", {"ref_timestamp": "x"}),
        ("PATCH", "", []),
        ("PUT", "", {}),
        ("POST", "restore/", {"source_version": 99}),
        ("POST", "restore/", {"source_version": "x"}),
    ],
)
def test_if_match_comes_before_validation(scene: Scene, item: Body, method: str, rest: str, body: Any) -> None:
    path = scene.item_path(item, rest)

    refused(scene.api.ask(method, path, body, headers={"If-Match": '"1"'}), 412, "stale_version")
    assert scene.api.ask(method, path, body, headers={"If-Match": '"2"'}).status_code == 400


def test_a_write_to_an_archived_item_is_compared_too(scene: Scene, item: Body) -> None:
    scene.archive(item)

    for write in WRITES:
        refused(send(scene, item, write, '"2"'), 412, "stale_version")
    shown(send(scene, item, ("POST", "restore/", {}), '"3"'))


def test_archiving_twice_with_the_same_tag_is_stale(scene: Scene, item: Body) -> None:
    shown(send(scene, item, ("POST", "archive/", None), '"2"'))

    refused(send(scene, item, ("POST", "archive/", None), '"2"'), 412, "stale_version")
    shown(send(scene, item, ("POST", "archive/", None), '"3"'))


def test_without_if_match_the_last_write_wins(scene: Scene, item: Body) -> None:
    scene.patch(item, input="third")

    assert scene.patch(item, input="fourth")["input"] == "fourth"


def test_creating_does_not_look_at_if_match(scene: Scene) -> None:
    for tags in ('"1"', "*", ""):
        answer = scene.api.post(scene.items, {"dataset": scene.dataset["id"]}, headers={"If-Match": tags})
        assert answer.status_code == 201


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
class TestDatasets:
    def ask(self, scene: Scene, method: str, tags: str, body: Any = None) -> Any:
        body = {"name": "new"} if body is None else body
        return scene.api.ask(method, scene.path(), body, headers={"If-Match": tags})

    @pytest.mark.parametrize("tags", ['"1"', "*", '"0", "1"'])
    def test_a_write_that_names_the_present_version_goes_through(self, scene: Scene, method: str, tags: str) -> None:
        answer = self.ask(scene, method, tags)

        assert (shown(answer)["name"], answer.headers["ETag"]) == ("new", '"2"')

    @pytest.mark.parametrize(("tags", "named"), [('"2"', "2"), ('W/"1"', 'W/"1"'), ('"7", "8"', "7 or 8")])
    def test_a_stale_write_is_refused(self, scene: Scene, method: str, tags: str, named: str) -> None:
        answer = self.ask(scene, method, tags)

        error = refused(answer, 412, "stale_version")
        assert (error["detail"], error["current_version"]) == (f"This dataset is at version 1, not {named}.", 1)
        assert answer.headers["ETag"] == '"1"'
        assert shown(scene.api.get(scene.path())) == scene.dataset

    def test_a_write_of_an_item_makes_nothing_stale(self, scene: Scene, method: str) -> None:
        scene.new_item()

        shown(self.ask(scene, method, '"1"'))

    @pytest.mark.parametrize("tags", UNREADABLE)
    def test_an_unreadable_if_match_is_refused(self, scene: Scene, method: str, tags: str) -> None:
        refused(self.ask(scene, method, tags), 400, "invalid_input", "If-Match")

    def test_if_match_comes_after_404_and_before_validation(self, scene: Scene, method: str) -> None:
        missing = scene.api.ask(method, f"{scene.datasets}{NOWHERE}/", {"name": "x"}, headers={"If-Match": ""})

        unknown(missing)
        refused(self.ask(scene, method, '"2"', {"name": ""}), 412, "stale_version")
        refused(self.ask(scene, method, '"1"', {"name": ""}), 400, "blank", "name")
