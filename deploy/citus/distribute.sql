-- Splits the tables of the service over the workers of a Citus cluster, by project.
--
--   psql -X -v ON_ERROR_STOP=1 -f deploy/citus/distribute.sql "$DATABASE_URL"
--
-- To be run on the coordinator, as a superuser, with the tables there (manage.py migrate, or a restored backup), while
-- the service is stopped. It may be run again at any time: what is done already is said and left alone, and what is
-- missing is done. One transaction: it does all of it or nothing.
\set ON_ERROR_STOP 1
SET client_min_messages = notice;
BEGIN;
-- Foreign keys between tables of both kinds ask for it.
SET LOCAL citus.multi_shard_modify_mode = 'sequential';
-- Two runs at once wait for each other.
SELECT pg_advisory_xact_lock(hashtext('deploy/citus/distribute.sql')) \g /dev/null

-- The one list. Tables that are named here alone are small and the same on every machine, or split by team_id; those of
-- a kind are in an order in which each refers to earlier ones only. A table that is missing here stays on the
-- coordinator.
CREATE TEMPORARY TABLE placement (position serial, name text, kind text) ON COMMIT DROP;
INSERT INTO placement (name, kind) VALUES
  ('api_auth_organization', 'reference'),
  ('api_auth_project', 'reference'),
  ('api_auth_user', 'reference'),
  ('api_auth_membership', 'reference'),
  ('api_auth_personalapikey', 'reference'),
  ('dataset', 'distributed'),
  ('project_head', 'distributed'),
  ('dataset_head', 'distributed'),
  ('dataset_item', 'distributed'),
  ('dataset_change', 'distributed'),
  ('dataset_tag', 'distributed'),
  ('dataset_schema', 'distributed'),
  ('dataset_digest', 'distributed'),
  ('dataset_erasure', 'distributed'),
  ('item_validity', 'distributed'),
  ('item_version', 'distributed'),
  ('item_fork_origin', 'distributed'),
  ('item_source', 'distributed'),
  ('item_hash', 'distributed'),
  ('idempotency_record', 'distributed');

-- Functions that run where their project is, which their parameter p_team_id names.
CREATE TEMPORARY TABLE delegated AS
SELECT p.oid::regprocedure AS signature FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.proargnames[1] = 'p_team_id';

DO $$
DECLARE
  missing text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    RAISE EXCEPTION 'The extension citus is not in this database.'
      USING HINT = 'CREATE EXTENSION citus, here and in the database of the same name on each worker.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_dist_node WHERE isactive AND shouldhaveshards AND groupid <> 0) THEN
    RAISE EXCEPTION 'No worker is registered: all data would stay on this machine.'
      USING HINT = 'SELECT citus_set_coordinator_host(…), then citus_add_node(…) for each worker.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_dist_node WHERE groupid = 0 AND nodename <> 'localhost') THEN
    RAISE EXCEPTION 'The workers do not know the address of this machine.'
      USING HINT = 'SELECT citus_set_coordinator_host(…).';
  END IF;
  SELECT string_agg(name, ', ' ORDER BY position) INTO missing FROM placement WHERE to_regclass('public.' || name) IS NULL;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'These tables are not there: %.', missing USING HINT = 'Run manage.py migrate first.';
  END IF;
END $$;

-- Foreign keys of a table are put aside while it moves: they may lead only to a table of the same kind, or to one that
-- is the same everywhere.
DO $$
DECLARE
  foreign_key record;
BEGIN
  CREATE TEMPORARY TABLE put_aside ON COMMIT DROP AS
  SELECT c.conrelid::regclass::text AS of_table, c.conname, pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c
   WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
     AND EXISTS (SELECT FROM placement
                  WHERE to_regclass('public.' || name) IN (c.conrelid, c.confrelid)
                    AND to_regclass('public.' || name) NOT IN (SELECT logicalrelid FROM pg_dist_partition));
  FOR foreign_key IN SELECT * FROM put_aside LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', foreign_key.of_table, foreign_key.conname);
  END LOOP;
END $$;

DO $$
DECLARE
  each record;
  is_placed boolean;
BEGIN
  FOR each IN SELECT * FROM placement ORDER BY position LOOP
    is_placed := EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('public.' || each.name));
    IF is_placed THEN
      RAISE NOTICE '%: % already', each.name, each.kind;
    ELSIF each.kind = 'reference' THEN
      PERFORM create_reference_table(each.name::regclass);
      RAISE NOTICE '%: the same on every machine now', each.name;
    ELSIF each.name = 'dataset' THEN
      PERFORM create_distributed_table('dataset', 'team_id', colocate_with => 'none');
      RAISE NOTICE '%: split by team_id now', each.name;
    ELSE
      PERFORM create_distributed_table(each.name::regclass, 'team_id', colocate_with => 'dataset');
      RAISE NOTICE '%: split by team_id now', each.name;
    END IF;
    -- Rows that were there have been copied, and are still in the table on this machine.
    IF NOT is_placed THEN
      PERFORM truncate_local_data_after_distributing_table(each.name::regclass);
    END IF;
  END LOOP;
END $$;

DO $$
DECLARE
  foreign_key record;
BEGIN
  FOR foreign_key IN SELECT * FROM put_aside LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', foreign_key.of_table, foreign_key.conname, foreign_key.definition);
  END LOOP;
END $$;

DO $$
DECLARE
  signature regprocedure;
BEGIN
  FOR signature IN SELECT d.signature FROM delegated d LOOP
    IF EXISTS (SELECT FROM pg_dist_object WHERE classid = 'pg_proc'::regclass AND objid = signature
                                            AND distribution_argument_index IS NOT NULL) THEN
      RAISE NOTICE '%: run by the worker already', signature;
    ELSE
      PERFORM create_distributed_function(signature, 'p_team_id', colocate_with => 'dataset', force_delegation => true);
      RAISE NOTICE '%: run by the worker now', signature;
    END IF;
  END LOOP;
END $$;

-- So that shards can be moved while they are written: the key of this table is an index, not a constraint.
ALTER TABLE item_validity REPLICA IDENTITY USING INDEX item_validity_page;
COMMIT;
