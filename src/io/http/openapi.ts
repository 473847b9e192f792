import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';
import type { HttpApp } from './http-app.ts';

/** What may stand in a document of an API as the way to prove who one is (OpenAPI security schemes). */
export type SecuritySchemes = Record<
  string,
  | { type: 'apiKey'; in: 'cookie'; name: string; description: string }
  | { type: 'http'; scheme: 'bearer'; description: string }
>;

type Requirement = { [scheme: string]: readonly string[] };

const MEANINGS = {
  400: 'The request is not valid.',
  401: 'Who are you? A login or a token is needed.',
  403: 'Not for you, or not from there.',
  404: 'There is no such thing.',
  409: 'Not in the present state; the code says why.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'Well-formed, and yet impossible; the code says why.',
  429: 'Too many: try again after the seconds of Retry-After.',
  502: 'What stands behind answered nonsense.',
  503: 'Something that is needed does not answer; the same request may work later.',
} as const;
type ProblemStatus = keyof typeof MEANINGS;

function problemResponse(status: ProblemStatus): object {
  return {
    description: MEANINGS[status],
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
    ...(status === 429 && { headers: { 'retry-after': { type: 'integer', description: 'Seconds to wait.' } } }),
  };
}

/** For a route's `response`: the errors of its own. Those that every route has are added by `documentRoutes`. */
export function problems(...statuses: ProblemStatus[]): Record<never, never> {
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status)]));
}

/** For a route's `response`: 204 without a body. */
export function noContent(): Record<never, never> {
  return { 204: { type: 'null', description: 'Done.' } };
}

/** For a route's `response`: a file in one of these media types. */
export function fileOf(...mediaTypes: string[]): Record<never, never> {
  const content = Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: Type.String() }]));
  return { 200: { description: 'The file.', content } };
}

/** Completes what each route says of its answers: problems that come from the server itself, and who may ask. */
export function documentRoutes(app: HttpApp, security: SecuritySchemes): void {
  app.addHook('onRoute', (route) => {
    const { schema } = route;
    if (schema?.hide || !route.url.startsWith('/api/')) return;
    const response = { ...(schema?.response as Record<string, unknown> | undefined) };
    for (const status of commonStatuses(route)) response[status] ??= problemResponse(status);
    if (route.config?.isPolled) response[304] ??= { type: 'null', description: 'As it was (If-None-Match).' };
    const schemes = Object.keys(security).map((name): Requirement => ({ [name]: [] }));
    route.schema = {
      ...schema,
      response,
      ...(response[401] !== undefined && schemes.length > 0 && { security: securityOf(schema?.security, schemes) }),
    };
  });
}

type Operation = { requestBody?: { required?: boolean; content?: Record<string, { schema?: { anyOf?: object[] } }> } };

/** What the plugin does not know: a body that may be null may be left out, and a tuple of OpenAPI 3.1 has `prefixItems`. */
export function asOpenApi31<Document extends { paths?: object | undefined }>(given: Document): Document {
  const document = withPrefixItems(given) as Document;
  const operations = Object.values(document.paths ?? {}).flatMap((path: object) => Object.values(path) as Operation[]);
  for (const { requestBody } of operations) {
    const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema?.anyOf ?? []);
    const mayBeNull = schemas.some((anyOf) => anyOf.some((one) => 'type' in one && one.type === 'null'));
    if (requestBody && mayBeNull) requestBody.required = false;
  }
  return document;
}

/** A copy: the routes' own schemas stay as the serialiser reads them. */
function withPrefixItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrefixItems);
  if (typeof value !== 'object' || value === null) return value;
  const { items, additionalItems: _none, ...rest } = value as { items?: unknown; additionalItems?: unknown };
  const copy = Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, withPrefixItems(inner)]));
  if (items === undefined) return copy;
  return Array.isArray(items)
    ? { ...copy, prefixItems: withPrefixItems(items), items: false }
    : { ...copy, items: withPrefixItems(items) };
}

/** A route that says `security: [{}]` is open to anybody while the panel is public, and may be closed. */
function securityOf(own: readonly Requirement[] | undefined, schemes: readonly Requirement[]): Requirement[] {
  if (own === undefined) return [...schemes];
  return own.length === 1 && Object.keys(own[0] ?? {}).length === 0 ? [{}, ...schemes] : [...own];
}

function commonStatuses({ method, schema, config }: RouteOptions): ProblemStatus[] {
  const isWrite = ![method].flat().every((name) => name === 'GET' || name === 'HEAD');
  return [
    ...(isWrite || schema?.params || schema?.querystring ? ([400] as const) : []),
    ...(isWrite ? ([403, 413, 415] as const) : []),
    ...(config?.rateLimit === false ? [] : ([429] as const)),
    503,
  ];
}

/** Path patterns of a server with their methods: tells a wrong method (405) from a wrong path (404). */
export function rememberMethods(app: HttpApp): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const pattern = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    routes.push({ pattern: new RegExp(`^${pattern}/?$`), methods: [method].flat() });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
}
