"""What lists answered, remembered to be compared with what is told of the past."""

from tests.dataset_client import Body, DatasetClient, ok

BEGINNING_OF_TIME = "0001-01-01T00:00:00Z"
END_OF_TIME = "9999-12-31T23:59:59Z"


class RecordedLists:
    """What the list answered after each revision, remembered as it was."""

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
