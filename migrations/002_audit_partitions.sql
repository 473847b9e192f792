-- audit_log by month, made two years ahead; run again by `ev admin init` at every start (ensure_audit_partitions).
CREATE FUNCTION ensure_audit_partitions(months_ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
BEGIN
  FOR i IN 0..months_ahead LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS audit_log_%s PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
      to_char(month, 'YYYYMM'), to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    month := (month + interval '1 month')::date;
  END LOOP;
END $$;
SELECT ensure_audit_partitions(24);
