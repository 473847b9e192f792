-- A point that comes back after its retirement starts without the holds and tokens of its former life, also through Registry.
GRANT DELETE ON charging_point_holds, enrolment_tokens TO ev_registry;

-- A login looks at a point's newest credential and at its keys, also at revoked ones.
CREATE INDEX ON cp_credentials (cp_id, issued_at DESC);
CREATE INDEX ON encryption_keys (cp_id, created_at DESC);
