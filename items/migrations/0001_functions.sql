-- The writes of single items, each called by one statement: with the head's row locked, they write the item and its
-- history. They keep to the project p_team_id and to statements that name its key, so that Citus runs a call where the
-- project is (deploy/citus/distribute.sql).

-- Returns nulls if the dataset does not exist, or has other schemas than those that the item was checked against.
CREATE FUNCTION create_item(
  p_team_id bigint, p_id uuid, p_dataset_id uuid,
  p_input json, p_output json, p_metadata json,
  p_ref_trace_id text, p_ref_timestamp timestamptz, p_ref_source_id text,
  p_deleted boolean, p_created_at timestamptz, p_updated_at timestamptz, p_created_by_id bigint,
  p_is_live boolean, p_schema_version bigint, p_message text, p_client_item_id text, p_source_output json,
  OUT new_revision bigint, OUT new_changed_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
  head dataset_head;
BEGIN
  -- Times rise strictly within a dataset, so that a time names one revision; and no revision is older than an item that
  -- it lists, whatever the clock of the process that created the item. Adding to a time without a zone is immutable.
  UPDATE dataset_head h
     SET revision = h.revision + 1, item_count = h.item_count + p_is_live::int,
         changed_at = greatest(p_updated_at, p_created_at,
                               (h.changed_at AT TIME ZONE 'UTC' + interval '1 microsecond') AT TIME ZONE 'UTC')
   WHERE h.team_id = p_team_id AND h.dataset_id = p_dataset_id AND h.schema_version = p_schema_version
  RETURNING h.* INTO head;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO dataset_item (team_id, id, dataset_id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id,
                            deleted, created_at, updated_at, created_by_id, version, revision)
  VALUES (p_team_id, p_id, p_dataset_id, p_input, p_output, p_metadata, p_ref_trace_id, p_ref_timestamp, p_ref_source_id,
          p_deleted, p_created_at, p_updated_at, p_created_by_id, 1, head.revision);
  IF p_is_live THEN
    INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
    VALUES (p_team_id, p_dataset_id, p_created_at, p_id, 1, head.revision, 9223372036854775807);
  END IF;
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored, message)
  VALUES (p_team_id, p_dataset_id, head.revision, 0, 'created', p_id, 1, head.changed_at,
          p_created_by_id, head.item_count, 1, 0, 0, 0, p_message);
  IF p_client_item_id IS NOT NULL OR p_source_output IS NOT NULL THEN
    INSERT INTO item_source (team_id, item_id, dataset_id, client_item_id, source_output)
    VALUES (p_team_id, p_id, p_dataset_id, p_client_item_id, p_source_output);
  END IF;
  new_revision := head.revision;
  new_changed_at := head.changed_at;
END $$;

-- Writes the columns that p_changed names, as a new version, and moves the item if p_dataset_id is not where it is.
-- Returns nulls as create_item does; here, a null p_schema_version fits any. Raises SV001 if the item is not at p_version
-- any more, or is erased: no revision exists without its write.
CREATE FUNCTION update_item(
  p_team_id bigint, p_id uuid, p_version bigint, p_old_dataset_id uuid, p_dataset_id uuid, p_changed text[],
  p_input json, p_output json, p_metadata json,
  p_ref_trace_id text, p_ref_timestamp timestamptz, p_ref_source_id text,
  p_deleted boolean, p_created_at timestamptz, p_updated_at timestamptz, p_user_id bigint,
  p_was_live boolean, p_is_live boolean, p_schema_version bigint, p_operation text, p_message text,
  OUT new_revision bigint, OUT new_changed_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
  is_move constant boolean := p_dataset_id <> p_old_dataset_id;
  target dataset_head;
  source dataset_head;
  former dataset_item;
  is_refused boolean;
BEGIN
  IF is_move THEN
    -- In id order, so that two moves in opposite directions wait for each other instead of deadlocking.
    PERFORM FROM dataset_head h
      WHERE h.team_id = p_team_id AND h.dataset_id IN (p_dataset_id, p_old_dataset_id) ORDER BY h.dataset_id FOR UPDATE;
  END IF;
  UPDATE dataset_head h
     SET revision = h.revision + 1,
         item_count = h.item_count + p_is_live::int - (p_was_live AND NOT is_move)::int,
         changed_at = greatest(p_updated_at, p_created_at,
                               (h.changed_at AT TIME ZONE 'UTC' + interval '1 microsecond') AT TIME ZONE 'UTC')
   WHERE h.team_id = p_team_id AND h.dataset_id = p_dataset_id
     AND h.schema_version = coalesce(p_schema_version, h.schema_version)
  RETURNING h.* INTO target;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  source := target;
  SELECT i.* INTO former FROM dataset_item i WHERE i.team_id = p_team_id AND i.id = p_id AND i.version = p_version;
  is_refused := NOT FOUND;
  IF NOT p_was_live THEN
    -- Erased items are archived.
    PERFORM FROM dataset_erasure e WHERE e.team_id = p_team_id AND e.item_id = p_id;
    is_refused := is_refused OR FOUND;
  END IF;
  IF is_refused THEN
    RAISE EXCEPTION 'The item was written by another request, or is erased.' USING ERRCODE = 'SV001';
  END IF;
  INSERT INTO item_version (team_id, id, dataset_id, input, output, metadata, ref_trace_id, ref_timestamp, ref_source_id,
                            deleted, created_at, updated_at, created_by_id, version, revision)
  VALUES (p_team_id, p_id, former.dataset_id, former.input, former.output, former.metadata, former.ref_trace_id,
          former.ref_timestamp, former.ref_source_id, former.deleted, former.created_at, former.updated_at,
          former.created_by_id, former.version, former.revision);
  -- What stays keeps its place on the disk.
  UPDATE dataset_item i
     SET dataset_id = p_dataset_id,
         input = CASE WHEN 'input' = ANY (p_changed) THEN p_input ELSE i.input END,
         output = CASE WHEN 'output' = ANY (p_changed) THEN p_output ELSE i.output END,
         metadata = CASE WHEN 'metadata' = ANY (p_changed) THEN p_metadata ELSE i.metadata END,
         ref_trace_id = CASE WHEN 'ref_trace_id' = ANY (p_changed) THEN p_ref_trace_id ELSE i.ref_trace_id END,
         ref_timestamp = CASE WHEN 'ref_timestamp' = ANY (p_changed) THEN p_ref_timestamp ELSE i.ref_timestamp END,
         ref_source_id = CASE WHEN 'ref_source_id' = ANY (p_changed) THEN p_ref_source_id ELSE i.ref_source_id END,
         deleted = CASE WHEN 'deleted' = ANY (p_changed) THEN p_deleted ELSE i.deleted END,
         updated_at = p_updated_at, version = i.version + 1, revision = target.revision
   WHERE i.team_id = p_team_id AND i.id = p_id;
  IF is_move THEN
    UPDATE dataset_head h
       SET revision = h.revision + 1, item_count = h.item_count - p_was_live::int,
           changed_at = greatest(p_updated_at, p_created_at,
                                 (h.changed_at AT TIME ZONE 'UTC' + interval '1 microsecond') AT TIME ZONE 'UTC')
     WHERE h.team_id = p_team_id AND h.dataset_id = p_old_dataset_id
    RETURNING h.* INTO source;
    UPDATE item_source s SET dataset_id = p_dataset_id WHERE s.team_id = p_team_id AND s.item_id = p_id;
    INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                                created_by_id, item_count, created, updated, archived, restored, message)
    VALUES (p_team_id, p_old_dataset_id, source.revision, 0, 'moved_out', p_id, p_version + 1, source.changed_at,
            p_user_id, source.item_count, 0, 1, 0, 0, p_message);
  END IF;
  UPDATE item_validity v SET valid_to = source.revision
   WHERE v.team_id = p_team_id AND v.dataset_id = p_old_dataset_id AND v.created_at = p_created_at
     AND v.item_id = p_id AND v.version = p_version;
  IF p_is_live THEN
    INSERT INTO item_validity (team_id, dataset_id, created_at, item_id, version, valid_from, valid_to)
    VALUES (p_team_id, p_dataset_id, p_created_at, p_id, p_version + 1, target.revision, 9223372036854775807);
  END IF;
  INSERT INTO dataset_change (team_id, dataset_id, revision, position, operation, item_id, version, created_at,
                              created_by_id, item_count, created, updated, archived, restored, message)
  VALUES (p_team_id, p_dataset_id, target.revision, 0, p_operation, p_id, p_version + 1, target.changed_at,
          p_user_id, target.item_count, 0, (p_operation IN ('updated', 'moved_in'))::int,
          (p_operation = 'archived')::int, (p_operation = 'restored')::int, p_message);
  new_revision := target.revision;
  new_changed_at := target.changed_at;
END $$;
