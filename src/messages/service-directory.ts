import { type Static, Type } from 'typebox';

/** The directory of services (S-REG-12): who runs where, found through Registry instead of fixed addresses. */

const closed = { additionalProperties: false };

/** Services that announce themselves; Central and Registry sign in by the database. */
export const ANNOUNCED_KINDS = ['central-web', 'weather', 'driver', 'point-web'] as const;

/** `PUT /api/services/:instanceId`: a sign of life, expected every five seconds. */
export const AnnouncementSchema = Type.Object(
  {
    kind: Type.Enum([...ANNOUNCED_KINDS]),
    url: Type.String({ maxLength: 200, pattern: '^https?://[^\\s/?#@]+$' }),
    version: Type.String({ minLength: 1, maxLength: 40 }),
  },
  closed,
);
export type Announcement = Static<typeof AnnouncementSchema>;

/** `GET /api/services`; `isAlive`: heard of within the last 15 seconds. */
export const ServiceListSchema = Type.Object(
  {
    services: Type.Array(
      Type.Object(
        {
          kind: Type.String(),
          url: Type.String(),
          version: Type.String(),
          startedAtMs: Type.Integer(),
          heartbeatAtMs: Type.Integer(),
          isAlive: Type.Boolean(),
        },
        closed,
      ),
    ),
    total: Type.Integer(),
  },
  closed,
);
