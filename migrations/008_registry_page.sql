-- The Registry's page: administrators log in there too, with the same accounts and lock-out as at Central.
GRANT UPDATE (failed_logins, locked_until) ON operators TO ev_registry;
GRANT INSERT, DELETE ON login_sessions TO ev_registry;
