"""The mirror: one revision a run, none without a change, and no run on a file that was cut short."""

from collections.abc import Callable

from datasets_client import Client

from tests.examples.conftest import Finished, Terminal

OPTIONS = ("cases.csv", "nightly", "--key", "id", "--map", "question=input.question", "--map", "answer=output")


def test_a_dataset_becomes_what_the_file_is(terminal: Terminal, connect: Callable[[], Client]) -> None:
    lines = ["id,question,answer", *(f"{number},{number} + 1?,{number + 1}" for number in range(10))]

    def mirror(changed: list[str], *options: str) -> Finished:
        (terminal.folder / "cases.csv").write_text("\n".join(changed) + "\n", encoding="utf-8")
        return terminal.example("mirror_csv.py", *OPTIONS, *options)

    edited = [*lines[:3], "2,two + 1?,3", *lines[4:10]]

    assert mirror(lines).out == "10 created, 0 changed, 0 archived, 0 unchanged; revision 1\n"
    assert mirror(lines).out == "0 created, 0 changed, 0 archived, 10 unchanged; revision 1\n"
    assert mirror(edited, "--dry-run").out.startswith("0 created, 1 changed, 1 archived, 8 unchanged")
    assert mirror(edited).out == "0 created, 1 changed, 1 archived, 8 unchanged; revision 2\n"
    nightly = connect().dataset("nightly")
    assert [nightly["2"].input, len(nightly)] == [{"question": "two + 1?"}, 9]

    cut_short = mirror(lines[:3])

    assert (cut_short.code, cut_short.out) == (1, "")
    assert "7 items would be archived: is cases.csv whole?" in cut_short.err
    assert len(connect().dataset("nightly")) == 9
