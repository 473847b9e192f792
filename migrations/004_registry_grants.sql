-- A point that comes back after its retirement starts without the holds and tokens of its former life, also through Registry.
GRANT DELETE ON charging_point_holds, enrolment_tokens TO ev_registry;
