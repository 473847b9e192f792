-- Registry serves the directory of services (S-REG-12): it reads where Centrals are and lets a service sign out.
GRANT DELETE ON service_instances TO ev_registry;
GRANT SELECT ON central_replicas TO ev_registry;
