-- audit_log looks after itself: partitions two years ahead, whole months older than 13 dropped. A service may have this done
-- (Central does, once a day) and can neither choose what is kept nor touch a row (D-16).
CREATE FUNCTION tend_audit_log() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  oldest_kept text := to_char(date_trunc('month', now() AT TIME ZONE 'UTC') - interval '13 months', 'YYYYMM');
  partition_name text;
  dropped integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('tend_audit_log')) THEN RETURN 0; END IF;
  PERFORM ensure_audit_partitions(24);
  FOR partition_name IN
    SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_log'::regclass
  LOOP
    CONTINUE WHEN right(partition_name, 6) >= oldest_kept;
    EXECUTE format('DROP TABLE %s', partition_name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION tend_audit_log() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tend_audit_log() TO ev_central;

-- Registry finds out what of its own file the table lacks after an outage.
GRANT SELECT ON audit_log TO ev_registry;
CREATE INDEX ON audit_log (audit_id);
