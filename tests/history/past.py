"""What lists answered, remembered to be compared with what is told of the past."""

from tests.history.scene import Body, Scene, shown

BEGINNING_OF_TIME = "0001-01-01T00:00:00Z"
END_OF_TIME = "9999-12-31T23:59:59Z"


class Past:
    """What the list answered after each revision, remembered as it was."""

    def __init__(self, scene: Scene, steps: int = 0) -> None:
        self.scene = scene
        self.lists: dict[int, list[Body]] = {}
        self.remember()
        self.made: list[Body] = []
        for number in range(steps):
            self.made.append(scene.new_item(input=number))
            self.remember()

    def remember(self) -> None:
        page = self.scene.page("&limit=1000")
        self.lists[int(page.headers["Dataset-Revision"])] = shown(page)["results"]
