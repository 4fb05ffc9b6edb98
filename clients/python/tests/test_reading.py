"""Reading datasets and items from the real service."""

import asyncio

import httpx2
import pytest

from datasets_client import (
    AmbiguousName,
    AsyncClient,
    Client,
    Dataset,
    DatasetNotFound,
    ItemNotFound,
    RevisionNotFound,
    RevisionsWentBack,
    Tag,
    UnknownParameter,
)

ROWS = [
    {"ref_source_id": f"case-{number}", "input": {"n": number, "q": f"Question {number}"}, "output": number / 2,
     "metadata": {"split": "pr" if number % 2 else "full"}}
    for number in range(20)
]  # fmt: skip


@pytest.fixture
def filled(dataset: Dataset) -> Dataset:
    dataset.push(ROWS)
    return dataset


def test_three_lines_give_rows(filled: Dataset, client: Client, name: str) -> None:
    found = client.dataset(name)

    assert len(found) == 20
    assert found[0].input == {"n": 0, "q": "Question 0"}
    assert [item.output for item in found] == [number / 2 for number in range(20)]


def test_items_are_found_by_place_range_id_and_source(filled: Dataset) -> None:
    assert filled[-1].case_id == "case-19"
    assert [item.case_id for item in filled[2:5]] == ["case-2", "case-3", "case-4"]
    assert [item.case_id for item in filled[::-9]] == ["case-19", "case-10", "case-1"]
    assert filled[5:5] == []
    assert filled["case-7"] == filled[7] == filled[filled[7].id]
    with pytest.raises(IndexError):
        filled[20]
    with pytest.raises(IndexError):
        filled[-21]
    for which in ("no-such-case", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(ItemNotFound):
            filled[which]


def test_a_dataset_is_asked_for_by_id_too(filled: Dataset, client: Client) -> None:
    assert len(client.dataset(str(filled.id))) == 20


def test_a_dataset_that_is_not_there_is_named(client: Client, name: str) -> None:
    with pytest.raises(DatasetNotFound, match=name):
        len(client.dataset(name))


def test_two_datasets_of_one_name_are_distinguished_by_id(client: Client, name: str) -> None:
    first, second = client.create(name), client.create(name)

    with pytest.raises(AmbiguousName, match=str(first.id)):
        len(client.dataset(name))
    assert len(client.dataset(str(second.id))) == 0


def test_a_name_with_every_mark_is_found(client: Client, name: str) -> None:
    odd = f'{name} %_\\"é&?#+ @x'
    made = client.create(odd)

    assert client.dataset(odd).resolved_revision() == made.resolved_revision()


def test_conditions_choose_items(filled: Dataset) -> None:
    assert [item.case_id for item in filled.where(split="pr")] == [f"case-{number}" for number in range(1, 20, 2)]
    assert len(filled.where(split="pr")) == 10
    assert filled.where(split="pr").where(search="Question 11")[0].case_id == "case-11"
    assert list(filled.where(split="nothing")) == []


def test_operators_reach_into_input(filled: Dataset) -> None:
    assert len(filled.where(input__n__gte=15)) == 5
    assert [item.case_id for item in filled.where(input__q__icontains="question 19")] == ["case-19"]
    assert len(filled.where(split__in=["pr", "other"])) == 10


def test_a_misspelt_parameter_is_an_error_and_not_everything(filled: Dataset) -> None:
    with pytest.raises(UnknownParameter):
        list(Dataset(filled._driver, filled._subject.where({"serach": "x"})))


def test_a_sample_is_the_same_for_the_same_seed(filled: Dataset) -> None:
    first, again, other = (filled.sample(5, seed=seed) for seed in (7, 7, 8))

    assert len(first) == len(list(first)) == 5
    assert [item.id for item in first] == [item.id for item in again] != [item.id for item in other]


def test_the_past_is_read_by_number_tag_and_time(filled: Dataset) -> None:
    before = filled.resolved_revision()
    assert filled.tag("release-1") == Tag("release-1", before)
    time = filled.revisions()[0].created_at
    filled[0].update(output="changed")

    for pinned in (
        filled.at(before),
        filled.at(str(before)),
        filled.at("release-1"),
        filled.at(time),
        filled.at(time.isoformat()),
    ):
        assert pinned[0].output == 0
        assert pinned.revision == before
        assert len(pinned) == 20
    assert filled[0].output == "changed"
    with pytest.raises(RevisionNotFound):
        len(filled.at(before + 99))
    with pytest.raises(RevisionNotFound):
        len(filled.at("no-such-tag"))


def test_latest_stays_what_it_was_at_its_first_use(filled: Dataset) -> None:
    pinned = filled.latest
    first = pinned.resolved_revision()
    filled[0].update(output="changed")

    assert pinned[0].output == 0
    assert pinned.resolved_revision() == first
    assert filled.latest.resolved_revision() == first + 1


def test_latest_is_a_name_that_the_server_knows(filled: Dataset) -> None:
    assert len(filled.at("latest")) == 20


def test_a_dataset_is_true_even_when_it_is_empty(dataset: Dataset) -> None:
    assert dataset
    assert len(dataset) == 0


def test_an_empty_dataset_can_be_pinned_and_read(dataset: Dataset) -> None:
    pinned = dataset.latest

    assert list(pinned) == list(dataset) == []
    assert pinned.digest() == "sha256:6521b71ec2869d6f60b7c2d468305822fabcac7c1ffc48768c04d36f858fe849"


def test_an_empty_dataset_is_at_revision_0(dataset: Dataset) -> None:
    assert dataset.resolved_revision() == 0


def test_a_repr_says_count_revision_and_address(filled: Dataset, client: Client, name: str) -> None:
    text = repr(client.dataset(name).latest)

    assert f"'{name}' · 20 items · revision {filled.resolved_revision()} · {client.settings.url}/projects/" in text
    assert repr(client.dataset(name)) == text
    assert "No such" not in text
    assert "<td>case-0</td>" in filled._repr_html_()


def test_the_address_is_a_page_of_the_console(filled: Dataset, client: Client, name: str) -> None:
    address = repr(client.dataset(name).latest).split(" · ")[-1].rstrip(">")

    assert address == f"{client.settings.url}/projects/{filled.details()['team']}/datasets/{filled.id}"
    assert httpx2.get(address, headers={"Accept": "text/html"}).headers["content-type"].startswith("text/html")


def test_pages_with_more_bytes_than_the_server_sends_at_once_are_read_in_parts(dataset: Dataset) -> None:
    dataset.push({"input": "x" * 4_000_000, "metadata": {"number": number}} for number in range(20))

    assert [item.metadata["number"] for item in dataset.where(number__gte=0)] == list(range(20))
    assert len(dataset[:20]) == 20


def test_a_repr_of_something_that_is_not_there_is_no_error(client: Client, name: str) -> None:
    assert "no dataset" in repr(client.dataset(name))


def test_html_is_escaped(dataset: Dataset) -> None:
    dataset.push([{"input": "<script>"}])

    assert "<script>" not in dataset._repr_html_()


def test_datasets_are_listed(filled: Dataset, client: Client, name: str) -> None:
    assert [found.name for found in client.datasets(search=name)] == [name]


def test_tags_are_listed_and_removed(filled: Dataset) -> None:
    filled.tag("one")
    assert filled.tags() == [Tag("one", filled.resolved_revision())]

    filled.untag("one")
    filled.untag("one")

    assert filled.tags() == []


def test_changes_are_followed(filled: Dataset) -> None:
    since = filled.resolved_revision()
    filled[3].update(output="changed")
    filled[4].archive()

    assert [(entry.operation, entry.revision) for entry in filled.changes(since)] == [
        ("updated", since + 1), ("archived", since + 2),
    ]  # fmt: skip


def test_a_revision_that_the_server_has_lost_is_said_loudly(filled: Dataset) -> None:
    with pytest.raises(RevisionsWentBack, match="older backup"):
        list(filled.changes(since=99))


def test_items_become_frames(filled: Dataset) -> None:
    frame = filled.to_pandas()

    assert frame["output"].tolist() == [number / 2 for number in range(20)]
    assert frame["input"][3] == {"n": 3, "q": "Question 3"}
    assert str(frame["created_at"].dtype).startswith("datetime64")
    table = filled.to_hf()
    assert table[3]["input"]["n"] == 3


def test_values_of_differing_types_become_texts_for_hugging_face(dataset: Dataset) -> None:
    dataset.push([{"input": 1}, {"input": "x"}])

    with pytest.raises(TypeError, match="as_text=True"):
        dataset.to_hf()
    assert dataset.to_hf(as_text=True)["input"][:] == ["1", '"x"']


def test_a_digest_is_the_same_for_a_fork_and_another_order(filled: Dataset, client: Client, name: str) -> None:
    other = client.create(f"{name}-2")
    other.push(reversed(ROWS[:10]))
    other.push(reversed(ROWS[10:]))

    assert filled.digest() == other.digest() == filled.fork(f"{name}-3").digest()
    other[0].update(output="changed")
    assert filled.digest() != other.digest()


def test_the_server_computes_the_same_digest(filled: Dataset) -> None:
    found = filled.server_digest()

    assert (found.digest, found.items, found.revision) == (filled.digest(), 20, filled.resolved_revision())


def test_keys_are_listed_without_their_secrets(client: Client) -> None:
    assert client.current_key()["label"]
    listed = client.keys()
    assert all(key["value"] is None for key in listed)


async def read_with_await(url: str, api_key: str, name: str) -> None:
    async with AsyncClient(url, api_key) as client:
        found = client.dataset(name)
        assert [item.output async for item in found] == [number / 2 for number in range(20)]
        assert await found.count() == 20
        assert (await found.get("case-7")).input["n"] == 7
        assert [item.case_id async for item in found.where(split="pr")][:2] == ["case-1", "case-3"]
        pinned = found.latest
        changed = await (await found.get(0)).update(output="changed")
        assert changed.version == 2
        assert (await pinned.diff(0)).added == 20
        assert [item.output async for item in pinned][:2] == ["changed", 0.5]
        assert (await found.push([{"input": 1}])).created == 1
        assert (await changed.versions())[0].version == 2
        assert [row.name async for row in client.datasets(search=name)] == [name]
        assert len(await found.to_pandas()) == 21


def test_everything_can_be_awaited(filled: Dataset, client: Client, name: str) -> None:
    asyncio.run(read_with_await(client.settings.url, client.settings.api_key, name))
