"""Records lists after each revision, to compare them with later lists of past revisions."""

from tests.dataset_client import Body, DatasetClient, ok

BEGINNING_OF_TIME = "0001-01-01T00:00:00Z"
END_OF_TIME = "9999-12-31T23:59:59Z"


class RecordedLists:
    """The list of a dataset after each of its revisions."""

    def __init__(self, client: DatasetClient, steps: int = 0) -> None:
        self.client = client
        self.lists: dict[int, list[Body]] = {}
        self.record()
        self.created: list[Body] = []
        for number in range(steps):
            self.created.append(client.new_item(input=number))
            self.record()

    def record(self) -> None:
        page = self.client.page("&limit=1000")
        self.lists[int(page.headers["Dataset-Revision"])] = ok(page)["results"]
