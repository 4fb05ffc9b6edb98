from django.db import migrations

# By what items are found. Writes leave what is new of the GIN index in a list, which one of them empties when it is full,
# while it holds the lock of its dataset's head, and which each search reads: hence a sixteenth of the usual size.
# There is none by updated_at: it would make each write of an item write every index anew.
INDEXES = """
CREATE INDEX dataset_item_metadata ON dataset_item USING gin ((metadata::jsonb) jsonb_path_ops)
    WITH (gin_pending_list_limit = 256);
CREATE INDEX dataset_item_ref_trace_id ON dataset_item (team_id, ref_trace_id, dataset_id)
    WHERE ref_trace_id IS NOT NULL;
CREATE INDEX dataset_item_ref_source_id ON dataset_item (team_id, ref_source_id, dataset_id)
    WHERE ref_source_id IS NOT NULL;
CREATE INDEX dataset_item_archived ON dataset_item (team_id, dataset_id, created_at DESC, id) WHERE deleted;
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0001_datasets")]

    operations = [migrations.RunSQL(INDEXES, migrations.RunSQL.noop)]
