/** The NOTIFY channels of the database, spelled once. The payload is a `cpId` where nothing else is said. */
export const NOTICES = {
  /** What a point is, or is known as, changed outside of PointChanges: created, registered, retired, edited. */
  pointChanged: 'ev_point_changed',
  /** A Central wrote points (payload `replicaId cpId cpId ...`): the other replicas read them again. */
  factsChanged: 'ev_facts_changed',
  /** Its keys or its credential changed: caches forget them. */
  keysChanged: 'ev_keys_changed',
  /** Its secret was replaced: the socket that came in with the old one is closed. */
  credentialReplaced: 'ev_credential_replaced',
  /** The weather of a location changed (payload `locationId replicaId`), or the thresholds (`0 replicaId`). */
  weatherChanged: 'ev_weather_changed',
  /** A machine token was revoked or replaced (payload: its name): caches forget them, streams of it are closed. */
  tokensChanged: 'ev_tokens_changed',
  /** It was retired: its socket is closed. */
  pointRetired: 'ev_point_retired',
} as const;
