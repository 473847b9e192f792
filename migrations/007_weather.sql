-- Weather (protocol 7): one row per location with its newest observation, so that its age survives any restart.
ALTER TABLE weather_locations
  ADD COLUMN watched_city text CHECK (length(watched_city) <= 50),          -- R2-56: asked for instead of the own city, changed live
  ADD COLUMN watched_country char(2) CHECK (watched_country ~ '^[A-Z]{2}$'),
  ADD COLUMN observed_at timestamptz, ADD COLUMN temperature_cc integer, ADD COLUMN feels_like_cc integer,
  ADD COLUMN humidity_percent smallint, ADD COLUMN wind_cm_s integer, ADD COLUMN conditions text CHECK (length(conditions) <= 80),
  ADD COLUMN is_simulated boolean NOT NULL DEFAULT false,
  ADD CHECK ((watched_city IS NULL) = (watched_country IS NULL)),
  ADD CHECK ((observed_at IS NULL) = (temperature_cc IS NULL));
ALTER TABLE weather_locations SET (fillfactor = 50);

CREATE TABLE weather_alerts (                           -- the WEATHER hold is derived from the rows that are not cleared
  alert_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, location_id integer NOT NULL REFERENCES weather_locations,
  cp_id text REFERENCES charging_points,                -- null: every CP of the location
  alert_type text NOT NULL CHECK (alert_type IN ('LOW_TEMP','HIGH_TEMP','CRITICAL_TEMP')),
  temperature_cc integer NOT NULL, raised_by text NOT NULL, raised_at timestamptz NOT NULL, cleared_at timestamptz);
CREATE UNIQUE INDEX one_active_alert ON weather_alerts (location_id, coalesce(cp_id, '')) WHERE cleared_at IS NULL;

CREATE TABLE weather_history (                          -- per location, stored on change or once in 5 minutes; 90 days
  location_id integer NOT NULL REFERENCES weather_locations, observed_at timestamptz NOT NULL,
  temperature_cc integer NOT NULL, feels_like_cc integer, humidity_percent smallint, wind_cm_s integer,
  conditions text, is_simulated boolean NOT NULL, PRIMARY KEY (location_id, observed_at));

CREATE TABLE weather_thresholds (                       -- one row; the revision is the optimistic lock of the form
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  min_cc integer NOT NULL, max_cc integer NOT NULL CHECK (min_cc < max_cc),
  revision integer NOT NULL DEFAULT 1, updated_by text NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
INSERT INTO weather_thresholds (min_cc, max_cc, updated_by) VALUES (0, 4000, 'default');

GRANT SELECT, INSERT, UPDATE, DELETE ON weather_alerts, weather_history TO ev_central;
GRANT SELECT, UPDATE ON weather_thresholds TO ev_central;
