import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ProblemSchema } from '../../messages/central-api.ts';
import type { Log } from '../log.ts';
import { newRandomId } from '../new-id.ts';
import { isLoopback } from '../sockets/ip-address.ts';
import type { HttpApp } from './http-app.ts';
import { asOpenApi31, documentRoutes, rememberMethods, type SecuritySchemes } from './openapi.ts';
import { answerUnchanged } from './polled.ts';
import { HttpProblem, problemBody } from './problem.ts';
import { createSocketGate, SOCKET_LIMIT } from './socket-limit.ts';
import { requestValidator } from './validator.ts';

export type { HttpApp } from './http-app.ts';

export type HttpServerOptions = {
  name: string;
  log: Log;
  /** PEM; without it plain HTTP, allowed on loopback only. */
  tls?: { key: string; cert: string };
  /** Readiness: name of what is needed -> is it there? */
  readiness?: () => Promise<Record<string, boolean>> | Record<string, boolean>;
  /** The process's own Prometheus metrics. */
  metrics?: Registry;
  openapi?: { title: string; description: string; security?: SecuritySchemes };
  /** Requests per minute and caller; a route may set its own. */
  ratePerMinute?: number;
  /** Who the caller is, if known and checked; undefined: its address, which a whole office may share. */
  callerOf?: (request: FastifyRequest) => string | undefined;
  /** With `callerOf`: requests per minute of all callers behind one address together. */
  ratePerAddress?: number;
  corsOrigins?: readonly string[];
  maxBodyBytes?: number;
  /** True for servers of pages: adds the content security policy for our bundled pages. */
  servesPages?: boolean;
  /** False: no Strict-Transport-Security, which holds for every port of the host. */
  hasHsts?: boolean;
};

const MINUTE_MS = 60_000;

const PAGE_POLICY = {
  directives: {
    defaultSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    styleSrc: ["'self'", "'unsafe-inline'"],
    scriptSrc: ["'self'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: null,
  },
};

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const fault = error as FastifyError & { canRetry?: boolean };
  if (fault.validation)
    return new HttpProblem(fault.statusCode === 413 ? 413 : 400, 'INVALID_REQUEST', { detail: fault.message });
  // Something behind this server is away: the same request may work later.
  if (fault.canRetry) return new HttpProblem(503, fault.code, { headers: { 'retry-after': '2' }, cause: error });
  if (fault.statusCode === 429) return new HttpProblem(429, 'TOO_MANY_REQUESTS', { detail: fault.message });
  if (fault.statusCode && fault.statusCode < 500) {
    const code =
      fault.statusCode === 413
        ? 'BODY_TOO_LARGE'
        : fault.statusCode === 415
          ? 'UNSUPPORTED_MEDIA_TYPE'
          : 'INVALID_REQUEST';
    return new HttpProblem(fault.statusCode, code, { detail: fault.message });
  }
  return new HttpProblem(500, 'INTERNAL_ERROR', { cause: error });
}

const BODY_PROBLEMS = [400, 413, 415];

function answerProblems(app: HttpApp): void {
  const methodsOf = rememberMethods(app);
  const answer = (problem: HttpProblem, request: FastifyRequest, reply: FastifyReply) =>
    reply
      .code(problem.status)
      .headers(problem.headers)
      .type('application/problem+json')
      .send(problemBody(problem, request.id));
  const nothingThere = ({ method, url }: FastifyRequest): HttpProblem => {
    const path = url.split('?')[0] ?? '';
    const detail = `${method} ${path}`;
    const methods = methodsOf(path);
    if (methods.length === 0) return new HttpProblem(404, 'NOT_FOUND', { detail });
    return new HttpProblem(405, 'METHOD_NOT_ALLOWED', { detail, headers: { allow: methods.join(', ') } });
  };
  app.setErrorHandler((error, request, reply) => {
    // A body that cannot be read is no news where nothing is.
    const found = toProblem(error);
    const problem = request.is404 && BODY_PROBLEMS.includes(found.status) ? nothingThere(request) : found;
    if (problem.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
    void answer(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => void answer(nothingThere(request), request, reply));
}

/** The bound on one address, however many callers are behind it. */
function limitAddresses(app: HttpApp, max: number): void {
  const count = app.createRateLimit({ max, timeWindow: MINUTE_MS, keyGenerator: (request) => `address ${request.ip}` });
  app.addHook('onRequest', async (request) => {
    const seen = await count(request);
    if (seen.isAllowed || !seen.isExceeded) return;
    throw new HttpProblem(429, 'TOO_MANY_REQUESTS', { headers: { 'retry-after': String(seen.ttlInSeconds) } });
  });
}

function addOperations(app: HttpApp, options: HttpServerOptions): void {
  const metrics = options.metrics ?? new Registry();
  collectDefaultMetrics({ register: metrics });
  app.get('/healthz', { schema: { hide: true }, config: { rateLimit: false }, logLevel: 'silent' }, () => ({
    status: 'ok',
    component: options.name,
  }));
  app.get(
    '/readyz',
    { schema: { hide: true }, config: { rateLimit: false }, logLevel: 'silent' },
    async (_request, reply) => {
      const checks = (await options.readiness?.()) ?? {};
      const isReady = Object.values(checks).every(Boolean);
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', checks });
    },
  );
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { rateLimit: false }, logLevel: 'silent' },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

async function addDocument(app: HttpApp, openapi: NonNullable<HttpServerOptions['openapi']>): Promise<void> {
  const { title, description, security = {} } = openapi;
  documentRoutes(app, security);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: '1.0.0' },
      components: { securitySchemes: security },
    },
    transformObject: (document) =>
      'openapiObject' in document ? asOpenApi31(document.openapiObject) : document.swaggerObject,
    refResolver: { buildLocalReference: (schema, _base, _fragment, index) => String(schema.$id ?? `def-${index}`) },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}

/**
 * Makes a server with what every one of ours has: problem+json, limits on size and rate, security headers, CORS list,
 * cookies, WebSocket, /healthz, /readyz, /metrics and (with `openapi`) /docs. Routes are added by the caller; then `listen`.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpApp> {
  const common = {
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.maxBodyBytes ?? 64 * 1024,
    requestTimeout: 30_000,
    genReqId: () => newRandomId(),
    ajv: undefined,
    // The schemas say how long a parameter may be; Node's own limit of the head bounds it before.
    routerOptions: { maxParamLength: 16 * 1024 },
    // What fails before routing, e.g. `GET /%`, is answered in the same form.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const problem = toProblem(error);
      void reply
        .code(problem.status)
        .header('content-type', 'application/problem+json')
        .send(JSON.stringify(problemBody(problem, request.id)));
    },
  };
  const app = (options.tls
    ? fastify({ ...common, https: { ...options.tls, minVersion: 'TLSv1.2' } })
    : fastify(common)
  ).withTypeProvider<TypeBoxTypeProvider>() as unknown as HttpApp;
  app.setValidatorCompiler(requestValidator);
  answerProblems(app);
  await app.register(helmet, {
    contentSecurityPolicy: options.servesPages ? PAGE_POLICY : false,
    hsts: options.tls && options.hasHsts !== false ? undefined : false,
  });
  await app.register(cors, {
    origin: [...(options.corsOrigins ?? [])],
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
    maxAge: 600,
  });
  await app.register(cookie);
  await app.register(rateLimit, {
    max: options.ratePerMinute ?? 600,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => options.callerOf?.(request) ?? request.ip,
  });
  if (options.ratePerAddress !== undefined) limitAddresses(app, options.ratePerAddress);
  await app.register(websocket, {
    options: { maxPayload: 64 * 1024, perMessageDeflate: false, verifyClient: createSocketGate(SOCKET_LIMIT) },
  });
  answerUnchanged(app);
  // Routes may name it whether or not there is a document.
  app.addSchema(ProblemSchema);
  if (options.openapi) await addDocument(app, options.openapi);
  addOperations(app, options);
  return app;
}

/** Listens; plain HTTP anywhere but on loopback is refused: no plaintext leaves the computer (protocol 1). */
export async function listen(
  app: HttpApp,
  options: { host: string; port: number; hasTls: boolean },
): Promise<{ port: number }> {
  if (!options.hasTls && !isLoopback(options.host))
    throw new Error(`EV_HOST=${options.host} is not loopback: TLS_CERT_FILE and TLS_KEY_FILE are needed there`);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  return { port: typeof address === 'object' && address ? address.port : options.port };
}
