"""Two revisions side by side: by item and by field, in the address, and on to the items and back."""

from playwright.sync_api import expect

from tests.console.conftest import HOSTILE, Console, sums


def changed_dataset(console: Console) -> str:
    """At revision 1 three items; then one is changed, one archived, and one added."""
    dataset = console.dataset(lines=sums(3))
    first, second, _ = console.items(dataset)
    change = {"input": {"question": "0 + zero?"}, "output": 0.5}
    console.http.patch(f"dataset_items/{first['id']}/", json=change).raise_for_status()
    console.http.post(f"dataset_items/{second['id']}/archive/").raise_for_status()
    console.load(dataset, '{"input":{"question":"new"},"output":1e400}')
    return dataset


def test_revisions_lead_to_what_they_changed(console: Console) -> None:
    page = console.page(console.at(changed_dataset(console), "/revisions"))

    page.get_by_role("link", name="What revision 2 changed: 1 updated").click()
    card = page.get_by_role("region", name="changed")
    expect(card.locator(".path")).to_have_text(["input.question", "output"])
    expect(card.locator("del")).to_have_text(["0", "0"])
    expect(card.locator("ins")).to_have_text(["zero", "0.5"])
    assert "from=1&to=2" in page.url


def test_differences_are_chosen_and_the_choice_is_in_the_address(console: Console) -> None:
    dataset = changed_dataset(console)
    console.http.put(f"datasets/{dataset}/tags/first/", json={"revision": 1}).raise_for_status()
    page = console.page(console.at(dataset, "/compare?from=first&to=latest"))

    expect(page.locator(".difference")).to_have_count(3)
    page.get_by_role("button", name="Added 1").click()
    expect(page.locator(".difference")).to_have_count(1)
    expect(page.get_by_role("region", name="added")).to_contain_text("1e400")
    other = console.page(page.url.removeprefix(console.base))
    expect(other.get_by_role("region", name="added")).to_contain_text("1e400")
    page.get_by_role("button", name="Swap").click()
    expect(page.get_by_text("No item was added")).to_have_count(0)
    expect(page.get_by_role("button", name="Added 1")).to_be_visible()

    page.get_by_role("button", name="From latest").click()
    page.get_by_label("Number, tag or latest").fill("r1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A revision is the same as itself")).to_have_count(0)
    assert "from=1" in page.url


def test_the_page_alone_shows_the_last_change_and_rolls_it_back(console: Console) -> None:
    dataset = changed_dataset(console)
    page = console.page(console.at(dataset, "/compare"))

    expect(page.get_by_role("region", name="added")).to_be_visible()
    page.get_by_role("button", name="Roll back to r3").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("1 archived")
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_text("The items are as they were at r3.")).to_be_visible()

    assert len(console.items(dataset)) == 2


def test_an_item_opens_as_it_was(console: Console) -> None:
    page = console.page(console.at(changed_dataset(console), "/compare?from=1&to=2"))

    page.get_by_role("region", name="changed").get_by_role("link", name="Open").click()

    expect(page.get_by_text("Read only.")).to_be_visible()
    expect(page.get_by_role("complementary", name="Item")).to_contain_text("0 + zero?")
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)


def test_hostile_texts_are_compared_as_texts(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": {HOSTILE: "a"}}])
    item = console.items(dataset)[0]["id"]
    console.http.patch(f"dataset_items/{item}/", json={"input": {HOSTILE: HOSTILE}, "ref_source_id": HOSTILE})

    page = console.page(console.at(dataset, "/compare?from=1&to=2"))

    expect(page.get_by_role("region", name="changed")).to_contain_text("<script>")
    assert page.title().endswith("Datasets")
    assert page.locator("img").count() == 0
