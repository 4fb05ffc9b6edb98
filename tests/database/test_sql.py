"""Named statements and fragments."""

import pytest

from database.query import fetch_one
from database.sql import fragment, sql, sql_shape, statements


def test_statement_runs_with_its_name_as_a_comment(db: None) -> None:
    statement = sql("answer_of_test", "SELECT $number + %(more)s", number="40")

    assert statement == "SELECT /* answer_of_test */ 40 + %(more)s"
    assert statements["answer_of_test"] == statement
    assert fetch_one(statement, {"more": 2}) == (42,)


def test_missing_part_is_an_error() -> None:
    with pytest.raises(KeyError, match="condition"):
        fragment("SELECT 1 WHERE $condition")


def test_unused_part_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"no .condition"):
        fragment("SELECT 1", condition="true")


def test_two_statements_cannot_share_a_name() -> None:
    sql("name_of_test", "SELECT 1")

    with pytest.raises(ValueError, match="name_of_test"):
        sql("name_of_test", "SELECT 2")


def test_shapes_of_one_statement_share_its_name() -> None:
    assert sql_shape("shape_of_test", "SELECT $a", a="1") != sql_shape("shape_of_test", "SELECT $a", a="2")
