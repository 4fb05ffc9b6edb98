"""Failures of tools: the API's error, and a sentence that tells an agent what to do about it."""

from typing import Any

ADVICE_BY_STATUS = {
    400: "Correct the argument that attr names, and call again.",
    403: "Do not try again. Ask the user for a key that may do this.",
    404: 'Look it up with find_datasets or find_items; archived items are listed with where {"deleted": "true"}.',
    409: "Read the current state first, then decide whether to call again.",
    413: "Send less at a time.",
    429: "Wait {seconds} s, then call again.",
    503: "Wait {seconds} s, then call again.",
}
ADVICE_BY_CODE = {
    "ambiguous_dataset": "Call again with the id of the dataset that is meant.",
    "conflict": "An item with this key exists. Call again with on_conflict skip or update.",
    "erased": "Do not try again: this content was removed for good.",
    "items_moved": "Do not try again. Tell the user that items have moved to another dataset.",
    "page_too_large": "Call again with a smaller limit or fewer fields.",
    "schema_mismatch": "The dataset's schema forbids this value. See describe_dataset, and correct the items.",
    "search_timeout": "Narrow the search: fewer conditions on content, or a condition on an indexed field.",
    "tag_exists": "Choose another tag, or call again with force true if the tag is meant to move.",
    "unknown_operator": "See the description of where for the operators.",
    "unknown_parameter": "See the description of where for the names of conditions.",
}
DEFAULT_ADVICE = "Do not try again. Report the request id to the user."
DEFAULT_SECONDS = "10"


class ToolFailure(Exception):
    """A tool did nothing, or not what was asked."""

    def __init__(self, error: dict[str, Any], status: int, seconds: str | None = None) -> None:
        super().__init__(error["detail"])
        self.error, self.status, self.seconds = error, status, seconds

    @property
    def advice(self) -> str:
        advice = ADVICE_BY_CODE.get(self.error["code"]) or ADVICE_BY_STATUS.get(self.status, DEFAULT_ADVICE)
        return advice.replace("{seconds}", self.seconds or DEFAULT_SECONDS)


def invalid_argument(detail: str, attr: str | None, *, code: str = "invalid_input") -> ToolFailure:
    return ToolFailure({"type": "validation_error", "code": code, "detail": detail, "attr": attr}, 400)
