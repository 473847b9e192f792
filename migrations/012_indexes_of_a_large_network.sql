-- Rows of one supply, point or person that were found by reading a table through: with N points that is N times N.
CREATE INDEX tickets_of_supply ON tickets (supply_id, ticket_number DESC);
CREATE INDEX open_orders_of_point ON operator_orders (cp_id) WHERE state = 'SENT';
CREATE INDEX logins_of_driver ON login_sessions (driver_id) WHERE driver_id IS NOT NULL;
CREATE INDEX logins_of_operator ON login_sessions (operator_id) WHERE operator_id IS NOT NULL;
-- With the end of the lease: the planner took the index by end alone, and with it every living lease.
DROP INDEX channel_leases_client_id_idx;
CREATE INDEX leases_of_client ON channel_leases (client_id, expires_at) WHERE ended_at IS NULL;
