-- The right to erasure: Central may take the addresses of one erased driver out of audit_log, and can touch nothing else of it (D-16).
CREATE FUNCTION forget_driver_addresses(erased_driver_id text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  UPDATE audit_log SET source_ip = NULL WHERE source_ip IS NOT NULL
    AND EXISTS (SELECT 1 FROM drivers WHERE driver_id = erased_driver_id AND erased_at IS NOT NULL)
    AND (source_entity = 'driver:' || erased_driver_id OR parameters->>'driverId' = erased_driver_id
      OR parameters->>'user' = erased_driver_id)
$$;
REVOKE ALL ON FUNCTION forget_driver_addresses(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_driver_addresses(text) TO ev_central;
