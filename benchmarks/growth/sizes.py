"""Sizes of tables and indexes, and the depths of the trees."""

from benchmarks import content
from benchmarks.databases import Database
from benchmarks.table import print_table

SIZES = """
SELECT c.relname, a.amname = 'btree', pg_relation_size(c.oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND pg_relation_size(c.oid) > 0
   AND c.relname ~ '^(dataset|item)' ORDER BY 3 DESC LIMIT 13
"""


def print_sizes(database: Database) -> None:
    items = database.items + content.SMALL_PROJECTS * content.SMALL_PROJECT_ITEMS
    rows = []
    with database.connected() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        for name, is_btree, size in connection.execute(SIZES).fetchall():
            levels = connection.execute("SELECT level + 1 FROM bt_metap(%s)", [name]).fetchone() if is_btree else None
            rows.append([name, f"{size / 2**20:,.1f}", f"{size / items:,.0f}", str(levels[0]) if levels else ""])
    print_table((str(database.which), "MiB", "bytes an item", "levels"), rows)
