"""Random items and conditions, compared with a model in plain Python."""

import json
from urllib.parse import urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api import Api
from tests.dataset_client import TESTSERVER, Body, DatasetClient, created, ok
from tests.items.exports.exported_files import rows_in
from tests.items.search.reference_model import Members, at_path, pad_microseconds, parse, predicate_for, words_of
from tests.people import key

pytestmark = pytest.mark.django_db

# Few letters, so that many items match; among them all that are special in JSON, LIKE or patterns.
LETTERS = 'abnuNB éÉσΣς語01.-eE+"\\/\n\t{}[],:%_^$*?()|😀\x01'
TEXTS = st.text(st.sampled_from(LETTERS), max_size=6)
KEYS = st.sampled_from(["a", "b", "A", "a.b", "é", "contains", "", 'n"u'])
NUMBERS = st.sampled_from(["0", "1", "1.0", "1e0", "-1", "10", "1.50", "15E-1", "12345678901234567890.5", "1e400"])


def dumped(text: str) -> st.SearchStrategy[str]:
    """Spell a value as a client may: with ASCII escapes or without, for slashes too."""
    plain, escaped = json.dumps(text, ensure_ascii=False), json.dumps(text)
    return st.sampled_from([plain, escaped, plain.replace("/", "\\/")])


STRINGS = TEXTS.flatmap(dumped)
SCALARS = st.one_of(st.sampled_from(["null", "true", "false"]), NUMBERS, STRINGS)


def objects(of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    members = st.tuples(KEYS.flatmap(dumped), of).map(":".join)
    return st.lists(members, max_size=3).map(lambda each: f"{{{', '.join(each)}}}")


def arrays(of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(of, max_size=3).map(lambda each: f"[{', '.join(each)}]")


VALUES = st.recursive(SCALARS, lambda of: objects(of) | arrays(of), max_leaves=5)
METADATA = objects(VALUES) | VALUES
ITEMS = st.fixed_dictionaries(
    {
        "input": VALUES,
        "output": VALUES,
        "metadata": METADATA,
        "ref_source_id": st.sampled_from(["null", '"s"', '"S é"', '"%"']),
        "ref_trace_id": st.sampled_from(["null", '"t"', '""']),
        "deleted": st.sampled_from(["false", "true", "null"]),
    }
)
LIST_ONLY = {"dataset", "fields", "order_by", "limit", "cursor"}
ORDERS = {"created_at": False, "-created_at": True, "updated_at": False, "-updated_at": True}


def conditions(draw: st.DrawFn, items: list[Body]) -> tuple[str, str]:
    """Build conditions that mostly match some item."""
    item = draw(st.sampled_from(items))
    kind = draw(st.sampled_from([search, containment, path, operator, time, user, ids, reference]))
    return kind(draw, item, items)


def search(draw: st.DrawFn, item: Body, _: list[Body]) -> tuple[str, str]:
    word = draw(st.sampled_from(words_of(item) or ["a"]) | TEXTS)
    start = draw(st.integers(0, max(0, len(word) - 1)))
    return "search", draw(st.sampled_from([word[start:], word[start : start + 2].upper(), word.lower()]))


def containment(draw: st.DrawFn, item: Body, _: list[Body]) -> tuple[str, str]:
    field = draw(st.sampled_from(["input", "output", "metadata"]))
    return f"{field}__contains", draw(st.sampled_from([item["_texts"][field]]) | VALUES)


def path(draw: st.DrawFn, item: Body, _: list[Body]) -> tuple[str, str]:
    value = item["_metadata"]
    name = draw(st.sampled_from([each for each, _ in value]) if isinstance(value, Members) and value else KEYS)
    inner = at_path(value, [name])
    if isinstance(inner, Members) and inner:
        name, inner = f"{name}.{inner[0][0]}", inner[0][1]
    text = inner if isinstance(inner, str) else json.dumps(inner) if isinstance(inner, bool) else "1"
    if name in {"contains", ""}:
        name = "a"
    return f"metadata__{name}", draw(st.sampled_from([text, "1", "1.0", "true"]))


OPERATORS = ["ne", "in", "gt", "gte", "lt", "lte", "exists", "icontains"]


def operator(draw: st.DrawFn, item: Body, items: list[Body]) -> tuple[str, str]:
    """An operator on a value at a path, or on the whole value."""
    column, word = draw(st.sampled_from(["metadata", "input", "output"])), draw(st.sampled_from(OPERATORS))
    name, text = path(draw, item | {"_metadata": item[f"_{column}"]}, items)
    whole = item[f"_{column}"]
    if draw(st.booleans()):
        name, text = "", whole if isinstance(whole, str) and whole else text
    else:
        name = f"{name.removeprefix('metadata__')}__"
    others = draw(st.sampled_from([text, f"{text},1,b", "0", "1.25", "a", "-1e2"]))
    return f"{column}__{name}{word}", draw(st.sampled_from(["true", "false"])) if word == "exists" else others


def time(draw: st.DrawFn, item: Body, _: list[Body]) -> tuple[str, str]:
    column = draw(st.sampled_from(["created_at", "updated_at"]))
    return f"{column}__{draw(st.sampled_from(['gte', 'gt', 'lte', 'lt']))}", item[column]


def user(_: st.DrawFn, item: Body, __: list[Body]) -> tuple[str, str]:
    return "created_by", item["created_by"]["uuid"]


def ids(draw: st.DrawFn, item: Body, items: list[Body]) -> tuple[str, str]:
    return "id__in", ",".join({item["id"], draw(st.sampled_from(items))["id"]})


def reference(draw: st.DrawFn, item: Body, _: list[Body]) -> tuple[str, str]:
    name = draw(st.sampled_from(["ref_source_id", "ref_trace_id"]))
    return name, item[name] or "t"


# --- The test --------------------------------------------------------------------------------------------------------


def members_of(texts: dict[str, str]) -> str:
    return ", ".join(f'"{name}": {text}' for name, text in texts.items())


class ModeledDataset:
    """A dataset of items in the service and in the model."""

    def __init__(self, client: DatasetClient) -> None:
        self.client = client
        self.authors = [client.api, Api(key(client.people.colleague))]
        self.dataset = client.new_dataset()
        self.items: list[Body] = []
        self.past_lists: list[tuple[int, list[Body]]] = []  # the lists of revisions

    def add(self, texts: dict[str, str], author: int) -> None:
        body = f'{{"dataset": "{self.dataset["id"]}", {members_of(texts)}}}'
        self.items.append(self.with_parsed_values(created(self.authors[author].post(self.client.items, body)), texts))
        self.record_list()

    def patch(self, number: int, texts: dict[str, str]) -> None:
        old = self.items[number % len(self.items)]
        # Another time, since a PATCH without effect is tested elsewhere.
        stamp = f"2026-01-01T00:00:00.{len(self.past_lists):06}Z"
        body = f'{{"ref_timestamp": "{stamp}", {members_of(texts)}}}'
        response = ok(self.client.api.patch(self.client.item_path(old), body))
        self.items[number % len(self.items)] = self.with_parsed_values(response, old["_texts"] | texts)
        self.record_list()

    def with_parsed_values(self, body: Body, texts: dict[str, str]) -> Body:
        parsed = {f"_{name}": parse(texts[name]) for name in ("input", "output", "metadata")}
        return body | parsed | {"_texts": texts}

    def record_list(self) -> None:
        self.past_lists.append(
            (self.client.head(self.dataset), [each for each in self.items if each["deleted"] is not True])
        )

    def expected(self, items: list[Body], query: dict[str, str], order: str) -> list[str]:
        predicates = [predicate_for(name, text) for name, text in query.items() if text]
        matches = [item for item in items if all(each(item) for each in predicates)]
        matches.sort(key=lambda item: pad_microseconds(item[order.removeprefix("-")]), reverse=ORDERS[order])
        return [item["id"] for item in matches]

    def export(self, query: dict[str, str]) -> list[Body]:
        response = self.client.api.get(self.client.path(f"export/?{urlencode(query)}", self.dataset))
        assert response.status_code == 200, response.content
        return rows_in("jsonl", b"".join(response.streaming_content))

    def fetch_pages(self, query: dict[str, str]) -> list[Body]:
        link: str | None = f"{self.client.items}?{urlencode(query)}"
        pages = []
        while link:
            pages.append(ok(self.client.api.get(link.removeprefix(TESTSERVER))))
            link = pages[-1]["next"]
        return pages


@settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def check_random_lists(client: DatasetClient, data: st.DataObject) -> None:
    with transaction.atomic():
        modeled = ModeledDataset(client)
        for texts in data.draw(st.lists(ITEMS, min_size=1, max_size=5)):
            modeled.add(texts, data.draw(st.integers(0, 1)))
        for texts in data.draw(st.lists(ITEMS, max_size=2)):
            modeled.patch(data.draw(st.integers(0, 4)), texts)
        for _ in range(6):
            check(modeled, data)
        transaction.set_rollback(True)


def check(modeled: ModeledDataset, data: st.DataObject) -> None:
    query = dict(data.draw(st.lists(st.composite(conditions)(modeled.items), max_size=3)))
    order, deleted = data.draw(st.sampled_from(list(ORDERS))), data.draw(st.sampled_from(["false", "true", "all"]))
    limit = str(data.draw(st.integers(1, 3)))
    params = {
        "dataset": modeled.dataset["id"],
        "fields": "id",
        "strict": "true",
        "order_by": order,
        "limit": limit,
        **query,
    }
    if data.draw(st.booleans()):
        params["cursor"] = ""
    revision, items = data.draw(st.sampled_from(modeled.past_lists))
    if data.draw(st.booleans()):
        params["revision"] = str(revision)
    else:
        params["deleted"] = deleted
        live_values = {"false": (False, None), "true": (True,), "all": (False, None, True)}[deleted]
        items = [item for item in modeled.items if item["deleted"] in live_values]

    expected = modeled.expected(items, query, order)
    if data.draw(st.booleans()):
        size, seed = data.draw(st.integers(1, 4)), data.draw(st.integers(0, 3))
        params |= {"sample": str(size), "seed": str(seed)}
        expected = check_sample(modeled, params, expected, size)

    pages = modeled.fetch_pages(params)

    assert [each["id"] for page in pages for each in page["results"]] == expected, params
    assert {page["count"] for page in pages} == {len(expected)}, params
    exported = modeled.export({name: text for name, text in params.items() if name not in LIST_ONLY})
    oldest_first = [item["id"] for item in modeled.items if item["id"] in expected]
    assert [each["id"] for each in exported] == oldest_first, params


def check_sample(modeled: ModeledDataset, params: dict[str, str], expected: list[str], size: int) -> list[str]:
    """Check that a sample is the same in each order and in an export; return it in order."""
    other = {"order_by": data_order(params["order_by"]), "limit": "1000", "cursor": ""}
    sample = {each["id"] for page in modeled.fetch_pages(params | other) for each in page["results"]}
    assert len(sample) == min(size, len(expected)), params
    assert sample <= set(expected), params
    conditions = {name: text for name, text in params.items() if name not in LIST_ONLY}
    assert {each["id"] for each in modeled.export(conditions)} == sample, params
    return [each for each in expected if each in sample]


def data_order(order: str) -> str:
    """Choose another ordering."""
    return "created_at" if order != "created_at" else "-updated_at"


def test_lists_agree_with_the_reference_model(client: DatasetClient) -> None:
    check_random_lists(client)
