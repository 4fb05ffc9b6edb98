"""Named SQL statements, composed of constant parts; a request's values are always bound, never part of the text.

    BUMP_HEAD = fragment("UPDATE dataset_head SET revision = $next …", next="revision + 1")
    CREATE_ITEM = sql("create_item", "WITH head AS ($bump_head) INSERT …", bump_head=BUMP_HEAD)

Each statement has its name as a comment after its first word, where `pg_stat_statements`, `pg_stat_activity` and
slow-query logs show it: PostgreSQL 18 drops comments before a statement, and long statements are truncated.
`statements` contains all of them by name, for the tests of plans and upgrades and for the benchmarks.
"""

from functools import lru_cache
from string import Template

# By name. For a statement with several shapes, the one built last.
statements: dict[str, str] = {}
# The number of cached shapes; building one costs as much as running a small statement.
MAX_SHAPES = 1000


def fragment(template: str, /, **parts: str) -> str:
    """Return the template with each `$part` replaced.

    Raises KeyError for a part that is missing, and ValueError for one that the template does not use.
    """
    unused = parts.keys() - set(Template(template).get_identifiers())
    if unused:
        raise ValueError(f"The template has no ${', $'.join(sorted(unused))}.")
    return Template(template).substitute(parts)


def sql(name: str, template: str, /, **parts: str) -> str:
    """Return a statement that is built once, when its module is imported. Raises ValueError for a duplicate name."""
    if name in statements:
        raise ValueError(f"Two statements are named {name}.")
    return sql_shape(name, template, **parts)


@lru_cache(maxsize=MAX_SHAPES)
def sql_shape(name: str, template: str, /, **parts: str) -> str:
    """Return one of several shapes of a statement, such as a list with the conditions that a request names.

    The caller must limit the number of shapes, because each is prepared separately.
    """
    keyword, rest = fragment(template, **parts).split(maxsplit=1)
    statement = statements[name] = f"{keyword} /* {name} */ {rest.rstrip()}"
    return statement
