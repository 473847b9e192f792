-- EVCharging: all times timestamptz (UTC). Units in names: _wh, _w, _cents, _e4 (1/10,000 euro), _cc (1/100 degree C).
-- Field terms: charging point (CP), supply (one charge), hold (a reason not to start), lease (a Kafka channel for 10 minutes).

CREATE TABLE zones (
  zone        text PRIMARY KEY CHECK (zone ~ '^[A-Z][A-Z0-9]{1,7}$'),
  created_at  timestamptz NOT NULL DEFAULT now());

CREATE TABLE weather_locations (
  location_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  city        text NOT NULL CHECK (length(city) <= 50),
  country     char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    UNIQUE (city, country));

CREATE TABLE charging_points (                          -- what a CP is; no state here (D-03)
  cp_id        text PRIMARY KEY CHECK (cp_id ~ '^[A-Z][A-Z0-9]{1,19}$'),
  zone         text NOT NULL REFERENCES zones,
  location_id  integer NOT NULL REFERENCES weather_locations,
  address      text NOT NULL CHECK (length(address) <= 100),
  latitude     double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude    double precision CHECK (longitude BETWEEN -180 AND 180),
  price_e4_per_kwh integer NOT NULL CHECK (price_e4_per_kwh BETWEEN 0 AND 1000000),
  max_power_w  integer NOT NULL CHECK (max_power_w BETWEEN 1000 AND 1000000),
  registered_at timestamptz NOT NULL DEFAULT now(),
  retired_at   timestamptz,                             -- "inactive" (S-STA-08); history stays
  revision     integer NOT NULL DEFAULT 1);             -- optimistic lock of the edit form
CREATE INDEX ON charging_points (zone) WHERE retired_at IS NULL;
CREATE INDEX ON charging_points (location_id) WHERE retired_at IS NULL;

CREATE TABLE central_replicas (
  replica_id   uuid PRIMARY KEY, api_url text NOT NULL, version text NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT now(), heartbeat_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE charging_point_facts (                     -- written on EDGES only; the row that supply decisions lock
  cp_id          text PRIMARY KEY REFERENCES charging_points,
  monitor_replica_id uuid,                              -- alive = this replica's heartbeat is fresh; no FK on purpose
  monitor_epoch  bigint NOT NULL DEFAULT 0,             -- fences an older socket
  monitor_instance_id uuid, monitor_address inet,
  monitor_since  timestamptz, monitor_lost_at timestamptz,
  is_engine_ok   boolean NOT NULL DEFAULT false, engine_changed_at timestamptz, engine_fault_code text,
  is_channel_up  boolean NOT NULL DEFAULT false,        -- engine says so through the monitor
  version bigint NOT NULL DEFAULT 0,                     -- raised on every edge, hold or supply change
  engine_boot_id uuid, engine_sequence bigint NOT NULL DEFAULT 0   -- set by hello under the newest lease
) WITH (fillfactor = 70);

CREATE TABLE charging_point_holds (                     -- WEATHER is not here: it is derived from weather_alerts
  cp_id text NOT NULL REFERENCES charging_points, kind text NOT NULL CHECK (kind IN ('OPERATOR','LOCAL','KEY_REVOKED')),
  set_at timestamptz NOT NULL DEFAULT now(), set_by text NOT NULL,
  PRIMARY KEY (cp_id, kind));

CREATE TABLE cp_credentials (
  credential_id uuid PRIMARY KEY, cp_id text NOT NULL REFERENCES charging_points,
  secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
  secret_sealed bytea NOT NULL, master_key_id smallint NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(), issued_by text NOT NULL, token_sha256 bytea,  -- the enrolment token, until first use
  first_used_at timestamptz, revoked_at timestamptz);
CREATE UNIQUE INDEX one_live_credential ON cp_credentials (cp_id) WHERE revoked_at IS NULL;

CREATE TABLE enrolment_tokens (                         -- proof that lets a Monitor register (F-51, R2-40)
  token_sha256 bytea PRIMARY KEY, cp_id text, zone text REFERENCES zones,
  uses_left integer NOT NULL CHECK (uses_left >= 0), expires_at timestamptz NOT NULL, created_by text NOT NULL);

CREATE TABLE encryption_keys (
  key_id uuid PRIMARY KEY, cp_id text NOT NULL REFERENCES charging_points,
  key_sealed bytea NOT NULL, master_key_id smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING','ACTIVE','RETIRING','REVOKED')),
  created_at timestamptz NOT NULL DEFAULT now(), installed_at timestamptz,
  accept_until timestamptz, revoked_at timestamptz, revoked_by text,
  closing_supply_id uuid);                              -- D-12: only this supply may still be closed under it
CREATE UNIQUE INDEX one_active_key  ON encryption_keys (cp_id) WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX one_pending_key ON encryption_keys (cp_id) WHERE state = 'PENDING';

CREATE TABLE operators (
  operator_id text PRIMARY KEY, password_hash text NOT NULL, role text NOT NULL CHECK (role IN ('viewer','operator','admin')),
  failed_logins smallint NOT NULL DEFAULT 0, locked_until timestamptz, disabled_at timestamptz);

CREATE TABLE drivers (
  driver_id text PRIMARY KEY CHECK (driver_id ~ '^[A-Z][A-Z0-9]{1,19}$'),
  name text, email text, password_hash text,            -- all null once erased (GDPR); the id stays as pseudonym
  balance_cents bigint NOT NULL DEFAULT 0,
  failed_logins smallint NOT NULL DEFAULT 0, locked_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(), erased_at timestamptz,
  CHECK ((erased_at IS NULL) = (password_hash IS NOT NULL)));
CREATE UNIQUE INDEX ON drivers (lower(email)) WHERE email IS NOT NULL;

CREATE TABLE login_sessions (                           -- operators by cookie, drivers by token inside their channel
  token_sha256 bytea PRIMARY KEY, operator_id text REFERENCES operators, driver_id text REFERENCES drivers,
  lease_id uuid, address inet, created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL,
  CHECK (num_nonnulls(operator_id, driver_id) = 1));
CREATE INDEX ON login_sessions (expires_at);

CREATE TABLE api_tokens (
  token_id uuid PRIMARY KEY, name text NOT NULL UNIQUE, token_sha256 bytea NOT NULL UNIQUE, scopes text[] NOT NULL,
  created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL, revoked_at timestamptz, last_used_at timestamptz);

CREATE TABLE channel_leases (
  lease_id uuid PRIMARY KEY, client_id text NOT NULL,   -- 'cp:CP001', 'driver:DRV001'
  zone text NOT NULL REFERENCES zones, topic_number smallint NOT NULL CHECK (topic_number BETWEEN 0 AND 9),
  partition smallint NOT NULL, session_key_sealed bytea, -- drivers only; CPs use encryption_keys
  boot_id uuid,
  starts_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL, ended_at timestamptz);
CREATE INDEX live_leases ON channel_leases (zone, topic_number, partition) WHERE ended_at IS NULL;
CREATE INDEX ON channel_leases (client_id) WHERE ended_at IS NULL;
CREATE INDEX ON channel_leases (expires_at) WHERE ended_at IS NULL;

CREATE TABLE supplies (
  supply_id  uuid PRIMARY KEY,                          -- UUIDv7 from Central
  request_id uuid NOT NULL UNIQUE,                      -- the requester's idempotency key (D-05)
  client_id  text NOT NULL, cp_id text NOT NULL REFERENCES charging_points,
  driver_id  text REFERENCES drivers,                   -- null = ANON
  origin     text NOT NULL CHECK (origin IN ('APP','BATCH','POINT')),
  state      text NOT NULL CHECK (state IN ('REQUESTED','PREPARING','CHARGING','ENDING','INTERRUPTED','ENDED','DENIED')),
  version    integer NOT NULL DEFAULT 1,
  price_e4_per_kwh integer NOT NULL,
  requested_at timestamptz NOT NULL, authorised_at timestamptz, plugged_at timestamptz, ended_at timestamptz, closed_at timestamptz,
  deadline_at timestamptz,                              -- next timer of this supply, whoever finds it first
  ordered_end_reason text, end_reason text, refusal text,
  energy_wh  integer CHECK (energy_wh >= 0), amount_cents integer CHECK (amount_cents >= 0),
  is_estimated boolean NOT NULL DEFAULT false, suspect_reasons text[] NOT NULL DEFAULT '{}',
  CHECK ((state = 'ENDED') = (end_reason IS NOT NULL AND closed_at IS NOT NULL AND energy_wh IS NOT NULL AND amount_cents IS NOT NULL)),
  CHECK ((state = 'DENIED') = (refusal IS NOT NULL)));
CREATE UNIQUE INDEX one_open_supply_per_cp ON supplies (cp_id)
  WHERE state IN ('REQUESTED','PREPARING','CHARGING','ENDING','INTERRUPTED');
CREATE UNIQUE INDEX one_open_supply_per_driver ON supplies (driver_id)
  WHERE driver_id IS NOT NULL AND state IN ('REQUESTED','PREPARING','CHARGING','ENDING');
CREATE INDEX supply_timers  ON supplies (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX driver_history ON supplies (driver_id, requested_at DESC) WHERE driver_id IS NOT NULL;
CREATE INDEX point_history  ON supplies (cp_id, requested_at DESC);

CREATE TABLE tickets (
  ticket_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  supply_id uuid NOT NULL REFERENCES supplies, corrects_ticket_number bigint UNIQUE REFERENCES tickets,
  energy_wh integer NOT NULL CHECK (energy_wh >= 0), price_e4_per_kwh integer NOT NULL, amount_cents integer NOT NULL,
  end_reason text NOT NULL, is_estimated boolean NOT NULL, issued_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz, read_at timestamptz,
  curve jsonb);                                         -- at most 120 [second, powerW, energyWh]; the readings themselves are not kept
CREATE UNIQUE INDEX one_ticket_per_supply ON tickets (supply_id) WHERE corrects_ticket_number IS NULL;

CREATE TABLE wallet_entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, driver_id text NOT NULL REFERENCES drivers,
  amount_cents integer NOT NULL, ticket_number bigint UNIQUE REFERENCES tickets, note text,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON wallet_entries (driver_id, entry_id);

CREATE TABLE meter_snapshots (                          -- one row per running supply, rewritten every 5 s in one statement
  supply_id uuid PRIMARY KEY REFERENCES supplies, sequence integer NOT NULL,
  energy_wh integer NOT NULL, power_w integer NOT NULL, measured_at timestamptz NOT NULL, received_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE outbox (                                   -- rows live for milliseconds; deleted after the send is acknowledged
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id uuid NOT NULL, recipient text NOT NULL,      -- a lease, or a CP for its Monitor
  transport text NOT NULL CHECK (transport IN ('CHANNEL','MONITOR','STATUS')), message_type text NOT NULL,
  payload jsonb NOT NULL, correlation_id uuid, expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(), claimed_by uuid, claimed_at timestamptz);
CREATE INDEX ON outbox (recipient, outbox_id);

CREATE TABLE operator_orders (
  order_id uuid NOT NULL, cp_id text NOT NULL REFERENCES charging_points, kind text NOT NULL,
  state text NOT NULL CHECK (state IN ('SENT','APPLIED','REFUSED','TIMED_OUT')), code text,
  ordered_by text NOT NULL, ordered_at timestamptz NOT NULL DEFAULT now(), settled_at timestamptz, deadline_at timestamptz,
  PRIMARY KEY (order_id, cp_id));
CREATE INDEX ON operator_orders (deadline_at) WHERE state = 'SENT';



CREATE TABLE audit_log (
  audit_id bigint GENERATED BY DEFAULT AS IDENTITY, at timestamptz NOT NULL, component text NOT NULL,
  category text NOT NULL CHECK (category IN ('AUTH','CHARGE','INCIDENT','STATUS','ERROR','SECURITY','SYSTEM')),
  action text NOT NULL, source_entity text NOT NULL, source_ip inet, is_success boolean NOT NULL,
  cp_id text, supply_id uuid, correlation_id uuid, parameters jsonb NOT NULL DEFAULT '{}', description text NOT NULL,
  PRIMARY KEY (at, audit_id)) PARTITION BY RANGE (at);  -- no foreign keys: unknown ids must be recordable
CREATE INDEX ON audit_log (cp_id, at DESC) WHERE cp_id IS NOT NULL;
CREATE INDEX ON audit_log (category, at DESC);
CREATE INDEX ON audit_log (supply_id) WHERE supply_id IS NOT NULL;


CREATE TABLE settings (key text PRIMARY KEY, value jsonb NOT NULL, revision integer NOT NULL DEFAULT 1, updated_by text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE service_instances (instance_id uuid PRIMARY KEY, kind text NOT NULL, url text, version text NOT NULL, started_at timestamptz NOT NULL, heartbeat_at timestamptz NOT NULL);
CREATE TABLE dead_letters (dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL DEFAULT now(), source text NOT NULL, code text NOT NULL, record bytea NOT NULL); -- as received, still sealed
