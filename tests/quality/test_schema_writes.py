"""Every way in for an item: what does not fit is refused, and nothing is written."""

from typing import Any

import pytest

from items.models import DatasetItem, ItemVersion
from items.quality import in_force
from tests.history.scene import Scene, refused, shown
from tests.quality.demands import FITTING, MISFIT, NUMBER, QUESTION, demand


@pytest.fixture(autouse=True)
def _questions(scene: Scene) -> None:
    demand(scene, input=QUESTION)


def mismatch(scene: Scene, answer: Any, attr: str = "input.q") -> None:
    error = refused(answer, 400, "schema_mismatch", attr)
    assert list(error) == ["type", "code", "detail", "attr"]
    assert error["type"] == "validation_error"


def state(scene: Scene) -> Any:
    return scene.head(), sorted(DatasetItem.objects.values_list("id", "version")), ItemVersion.objects.count()


def test_create(scene: Scene) -> None:
    before = state(scene)

    mismatch(scene, scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": MISFIT}))
    mismatch(scene, scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": None}), "input")
    mismatch(scene, scene.api.post(scene.items, {"dataset": scene.dataset["id"]}), "input")
    mismatch(scene, scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": 1, "deleted": True}), "input")
    form = f"dataset={scene.dataset['id']}&input=%7B%7D"
    mismatch(scene, scene.api.post(scene.items, form, content_type="application/x-www-form-urlencoded"), "input")
    assert state(scene) == before
    assert scene.new_item(input=FITTING, output=[1], metadata="x")["input"] == FITTING


def test_put_and_patch(scene: Scene) -> None:
    item = scene.new_item(input=FITTING)
    before = state(scene)

    mismatch(scene, scene.api.patch(scene.item_path(item), {"input": MISFIT}))
    mismatch(scene, scene.api.patch(scene.item_path(item), {"input": None}), "input")
    mismatch(scene, scene.api.put(scene.item_path(item), {"dataset": scene.dataset["id"], "input": MISFIT}))
    mismatch(scene, scene.api.patch(scene.item_path(item), {"input": MISFIT, "deleted": True}))
    assert state(scene) == before
    scene.patch(item, input={"q": "other"})
    scene.patch(item, output=7, ref_trace_id="t")


def test_a_refused_write_can_be_repeated_with_the_same_key(scene: Scene) -> None:
    body = {"dataset": scene.dataset["id"], "input": MISFIT}

    mismatch(scene, scene.api.post(scene.items, body, headers={"Idempotency-Key": "k"}))
    answer = scene.api.post(scene.items, body | {"input": FITTING}, headers={"Idempotency-Key": "k"})

    assert answer.status_code == 201


def test_restoring_an_old_version(scene: Scene) -> None:
    demand(scene)
    item = scene.new_item(input=MISFIT)
    scene.patch(item, input=FITTING)
    demand(scene, input=QUESTION)

    mismatch(scene, scene.api.post(scene.item_path(item, "restore/"), {"source_version": 1}))
    scene.restore(item, source_version=2)


def test_archiving_needs_no_fit_but_coming_back_does(scene: Scene) -> None:
    demand(scene)
    item = scene.new_item(input=MISFIT)
    scene.archive(item)
    demand(scene, input=QUESTION)

    mismatch(scene, scene.api.post(scene.item_path(item, "restore/")))
    mismatch(scene, scene.api.patch(scene.item_path(item), {"deleted": False}))
    mismatch(scene, scene.api.patch(scene.item_path(item), {"deleted": None}))
    scene.patch(item, input=FITTING)
    scene.restore(item)


def test_with_enforce_new_what_was_there_comes_back(scene: Scene) -> None:
    demand(scene)
    item = scene.new_item(input=MISFIT, output="text")
    demand(scene, input=QUESTION, output=NUMBER, enforce="new")

    scene.archive(item)
    scene.restore(item)
    # What a write leaves alone need not fit; what it brings does.
    scene.patch(item, input=FITTING)
    scene.patch(item, metadata={"a": 1})
    mismatch(scene, scene.api.patch(scene.item_path(item), {"output": "other"}), "output")
    mismatch(scene, scene.api.post(scene.item_path(item, "restore/"), {"source_version": 1}))


def test_with_enforce_new_no_detour_through_the_trash(scene: Scene) -> None:
    demand(scene, input=QUESTION, enforce="new")
    item = scene.new_item(input=FITTING)
    scene.archive(item)

    mismatch(scene, scene.api.patch(scene.item_path(item), {"input": MISFIT}))
    mismatch(scene, scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": MISFIT, "deleted": True}))


@pytest.mark.parametrize("enforce", ["all", "new"])
def test_moving_in(scene: Scene, enforce: str) -> None:
    demand(scene, input=QUESTION, enforce=enforce)
    other = scene.new_dataset("Other")
    item, fitting = scene.new_item(other, input=MISFIT), scene.new_item(other, input=FITTING)
    before = state(scene), scene.head(other)

    mismatch(scene, scene.api.patch(scene.item_path(item), {"dataset": scene.dataset["id"]}))
    assert (state(scene), scene.head(other)) == before
    scene.patch(item, dataset=scene.dataset["id"], input=FITTING)
    scene.move(fitting, scene.dataset)
    scene.move(fitting, other)
    scene.patch(fitting, input=MISFIT)


def test_schemas_that_another_process_put_are_met(scene: Scene) -> None:
    """This process knows none, or other ones."""
    item, other = scene.new_item(input=FITTING), scene.new_item(scene.new_dataset("Other"), input=7)
    late = dict(in_force.known)
    for strict in ({"input": {"type": "array"}, "enforce": "new"}, {"input": {"type": "object"}, "enforce": "new"}):
        for known in ({}, late):
            demand(scene, **strict)
            in_force.known.clear()
            in_force.known.update(known)
            kind = strict["input"]["type"]
            bad, good = ([1], {"q": "x"}) if kind == "object" else ({"q": "x", "n": str(known)}, [2, str(known)])
            requests = [
                ("POST", scene.items, {"dataset": scene.dataset["id"]}),
                ("PATCH", scene.item_path(item), {}),
                ("PATCH", scene.item_path(other), {"dataset": scene.dataset["id"]}),
            ]
            for method, path, body in requests:
                mismatch(scene, scene.api.ask(method, path, body | {"input": bad}), "input")
                in_force.known.clear()
                in_force.known.update(known)
            for method, path, body in requests:
                assert scene.api.ask(method, path, body | {"input": good}).status_code in {200, 201}
                in_force.known.clear()
                in_force.known.update(known)
            scene.move(other, scene.new_dataset("Again"))
        late = dict(in_force.known) | {(scene.project_id, key[1]): value for key, value in in_force.known.items()}


def test_schemas_that_became_milder_refuse_nothing(scene: Scene) -> None:
    strict = dict(in_force.known)
    demand(scene)
    in_force.known.clear()
    in_force.known.update(strict)

    assert scene.new_item(input=MISFIT)["input"] == MISFIT


def test_nested_places_are_named(scene: Scene) -> None:
    demand(scene, metadata={"properties": {"tags": {"items": {"properties": {"a.b": {"type": "null"}}}}}})

    answer = scene.api.post(scene.items, {"dataset": scene.dataset["id"], "metadata": {"tags": [{}, {"a.b": 1}]}})

    mismatch(scene, answer, "metadata.tags.1.a.b")


def test_answers_quote_little(scene: Scene) -> None:
    demand(scene, input={"additionalProperties": {"type": "string"}})

    answer = scene.api.post(scene.items, {"dataset": scene.dataset["id"], "input": {"k" * 100_000: ["v" * 100_000]}})

    assert answer.json()["code"] == "schema_mismatch"
    assert len(answer.content) < 1000
    assert shown(scene.page())["count"] == 0


@pytest.mark.parametrize(
    ("schema", "fits", "breaks"),
    [
        (b'{"const": 100000000000000000000000000000001}', b"100000000000000000000000000000001", b"1e32"),
        (b'{"maximum": 1e300}', b"1e299", b"1e400"),
        (b'{"minimum": 1e400}', b"1e400", b"9.99e399"),
        (b'{"type": "integer"}', b"1e400", b"1e-400"),
        (b'{"exclusiveMinimum": 0}', b"1e-16000", b"0.0"),
        (b'{"multipleOf": 0.01}', b"19.99", b"19.995"),
        (b'{"type": "integer"}', b"1" * 131_072, b"1" * 131_000 + b".5"),
        (b'{"const": 1}', b"1.0", b"1.0000000000000000000000001"),
        (b'{"type": "null"}', b"null", b'"null"'),
        (b'{"uniqueItems": true}', b"[1, 1.5]", b"[1, 1.0]"),
    ],
)
def test_numbers_are_compared_by_their_digits_and_kept_as_sent(
    scene: Scene, schema: bytes, fits: bytes, breaks: bytes
) -> None:
    assert scene.api.put(scene.path("schemas/"), b'{"output": ' + schema + b"}").status_code == 200
    dataset = scene.dataset["id"].encode()

    def create(value: bytes) -> Any:
        return scene.api.post(scene.items, b'{"dataset": "%s", "output": %s}' % (dataset, value))

    answer = create(fits)
    assert answer.status_code == 201
    assert b'"output":' + fits in answer.content
    mismatch(scene, create(breaks), "output")


def test_the_deepest_value_can_be_checked(scene: Scene) -> None:
    demand(scene, input={"type": ["array", "integer"], "items": {"$ref": "#"}})
    body = '{"dataset": "%s", "input": %s}'

    good = scene.api.post(scene.items, body % (scene.dataset["id"], "[" * 250 + "1" + "]" * 250))
    bad = scene.api.post(scene.items, body % (scene.dataset["id"], "[" * 250 + '"x"' + "]" * 250))

    assert good.status_code == 201
    assert bad.json()["code"] == "schema_mismatch"
