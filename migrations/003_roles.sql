-- Least privilege (D-16): two roles, neither owns a table. `ev admin init` gives them LOGIN and generated passwords.
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['ev_central', 'ev_registry'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role_name);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON
  zones, weather_locations, charging_points, central_replicas, charging_point_facts, charging_point_holds, cp_credentials,
  enrolment_tokens, encryption_keys, operators, drivers, login_sessions, api_tokens, channel_leases, supplies, tickets,
  wallet_entries, meter_snapshots, outbox, operator_orders, service_instances TO ev_central;
GRANT SELECT ON settings TO ev_central, ev_registry;
GRANT INSERT ON audit_log, dead_letters TO ev_central;
GRANT SELECT ON audit_log TO ev_central;

GRANT SELECT, INSERT, UPDATE ON zones, weather_locations, charging_points, cp_credentials, enrolment_tokens TO ev_registry;
GRANT SELECT, INSERT ON charging_point_facts, charging_point_holds TO ev_registry;
-- The row lock that supply decisions take is needed for an unregistration too.
GRANT UPDATE ON charging_point_facts TO ev_registry;
GRANT SELECT, UPDATE ON encryption_keys, api_tokens, login_sessions TO ev_registry;
GRANT SELECT ON operators, supplies TO ev_registry;
GRANT INSERT ON audit_log TO ev_registry;
GRANT SELECT, INSERT, UPDATE ON service_instances TO ev_registry;
