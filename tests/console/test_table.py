"""The table: columns out of the JSON, filters and order in the address, the keyboard, hostile texts."""

from playwright.sync_api import expect

from tests.console.conftest import HOSTILE, Console, sums


def test_keys_inside_the_json_are_columns(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))

    heads = page.get_by_role("columnheader")
    expect(heads.filter(has_text="question")).to_be_visible()
    expect(heads.filter(has_text="split")).to_be_visible()
    expect(page.locator(".total")).to_have_text("30 items")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "31")


def test_filter_is_in_the_address_and_a_copied_link_shows_the_same(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))

    page.get_by_role("button", name="split metadata").click()
    page.get_by_role("button", name="train").click()
    expect(page.locator(".total")).to_have_text("10 of 30 items")

    assert "metadata__split=train" in page.url
    expect(console.page(page.url.removeprefix(console.base)).locator(".total")).to_have_text("10 of 30 items")
    page.go_back()
    expect(page.locator(".total")).to_have_text("30 items")


def test_search_and_order(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))
    expect(page.locator(".row").first).to_contain_text("29 + 29?")

    page.keyboard.press("/")
    page.keyboard.type("1 + 1")
    expect(page.locator(".total")).to_have_text("2 of 30 items")
    page.get_by_role("button", name="changed").click()
    page.get_by_role("button", name="Oldest first").click()

    assert "order_by=updated_at" in page.url
    expect(page.locator(".row").first).to_contain_text("1 + 1?")


def test_keyboard_opens_steps_and_ticks(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))
    expect(page.locator(".row").first).to_contain_text("29 + 29?")

    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Item")
    expect(panel).to_contain_text("29 + 29?")
    page.keyboard.press("j")
    expect(panel).to_contain_text("28 + 28?")
    page.keyboard.press("k")
    expect(panel).to_contain_text("29 + 29?")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar")).to_contain_text("1 selected")


def test_rows_far_away_are_read_when_they_are_seen(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(950))))
    expect(page.locator(".row").first).to_contain_text("949 + 949?")

    page.get_by_role("grid").evaluate("grid => grid.scrollTop = grid.scrollHeight")
    expect(page.get_by_role("row").filter(has_text="0 + 0?").last).to_be_visible()
    page.get_by_role("grid").evaluate("grid => grid.scrollTop = grid.scrollHeight / 2")
    expect(page.get_by_role("row").filter(has_text="475 + 475?")).to_be_visible()


def test_hostile_texts_are_texts(console: Console) -> None:
    lines = [{"input": {HOSTILE: HOSTILE}, "output": HOSTILE, "metadata": {"__proto__": HOSTILE}}]
    dataset = console.dataset(HOSTILE, lines)
    console.http.patch(f"datasets/{dataset}/", json={"description": HOSTILE, "metadata": {HOSTILE: HOSTILE}})

    page = console.page()
    expect(page.locator("td.name")).to_contain_text("<img src=x")
    page.goto(console.base + console.at(dataset))
    page.locator(".row .cell").first.click()
    expect(page.get_by_role("complementary")).to_contain_text("<script>")

    assert page.title().endswith("Datasets")
    assert page.locator("img").count() == 0


def test_value_of_a_cell_is_shown_whole(console: Console) -> None:
    long = "word " * 400
    page = console.page(console.at(console.dataset(lines=[{"input": long, "output": 1}])))
    expect(page.locator(".row").first).to_contain_text("word")

    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")

    expect(page.get_by_role("dialog")).to_contain_text(long.strip())


def test_a_machine_without_a_network_reaches_the_service_on_it(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))
    expect(page.locator(".total")).to_have_text("30 items")

    page.evaluate("dispatchEvent(new Event('offline'))")
    page.get_by_placeholder("Search").fill("2 + 2?")

    expect(page.locator(".total")).to_have_text("1 of 30 items")


def test_a_service_that_is_away_is_said_to_be(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(30))))
    expect(page.locator(".total")).to_have_text("30 items")

    page.context.set_offline(True)
    page.get_by_placeholder("Search").fill("2 + 2?")
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.locator(".total")).to_have_text("1 of 30 items")


def test_the_width_of_a_column_is_kept_for_each_dataset(console: Console) -> None:
    dataset, other = console.dataset(lines=sums(3)), console.dataset("Other", sums(3))
    page = console.page(console.at(dataset))

    def width() -> float:
        expect(page.locator(".row").first).to_be_visible()
        box = page.get_by_role("columnheader").filter(has_text="question").bounding_box()
        assert box
        return box["width"]

    before = width()
    edge = page.get_by_role("columnheader").filter(has_text="question").locator(".edge").bounding_box()
    assert edge
    page.mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 200, edge["y"] + 10, steps=5)
    page.mouse.up()
    wide = width()
    assert wide > before + 100

    page.reload()
    assert abs(width() - wide) < 2
    page.goto(console.base + console.at(other))
    assert abs(width() - before) < 2


def test_columns_are_hidden_moved_and_pinned_in_the_address(console: Console) -> None:
    page = console.page(console.at(console.dataset(lines=sums(3))))
    heads = page.get_by_role("columnheader")
    expect(heads).to_have_count(5)

    for column, action in ("split", "Pin to the left"), ("question", "Move right"), ("changed", "Hide"):
        page.get_by_role("columnheader").get_by_role("button", name=column).click()
        page.get_by_role("button", name=action).click()
    expect(heads).to_have_count(4)
    names = [text.split("\n")[0] for text in heads.all_inner_texts()]

    assert names == ["", "split", "output", "question"]
    other = console.page(page.url.removeprefix(console.base))
    expect(other.get_by_role("columnheader")).to_have_count(4)
    assert [text.split("\n")[0] for text in other.get_by_role("columnheader").all_inner_texts()] == names


def test_a_trace_is_a_link_once_its_address_is_known(console: Console) -> None:
    dataset = console.dataset(lines=[{"input": 1, "ref_trace_id": "a/b c"}])
    page = console.page(console.at(dataset))
    page.locator(".row .cell").first.click()
    panel = page.get_by_role("complementary", name="Item")

    panel.get_by_role("button", name="Link to traces").click()
    address = page.get_by_label("Address, with")
    address.fill("javascript:alert('{id}')")
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_disabled()
    address.fill("https://traces.example.com/{id}")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(panel.get_by_role("link", name="a/b c")).to_have_attribute("href", "https://traces.example.com/a%2Fb%20c")
