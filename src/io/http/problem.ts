import type { Problem } from '../../messages/central-api.ts';

/** A request that is answered with an error: becomes `application/problem+json` at the edge, and only there. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Record<string, unknown> | undefined;
  readonly headers: Record<string, string>;
  constructor(
    status: number,
    code: string,
    options: {
      detail?: string;
      params?: Record<string, unknown>;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(options.detail ?? code, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.params = options.params;
    this.headers = options.headers ?? {};
  }
}

/** The body of an error answer (RFC 9457) with our closed code and the request's id. */
export function problemBody(problem: HttpProblem, requestId: string): Problem {
  return {
    type: `about:blank#${problem.code.toLowerCase()}`,
    title: problem.code.replaceAll('_', ' ').toLowerCase(),
    status: problem.status,
    code: problem.code,
    ...(problem.message === problem.code ? {} : { detail: problem.message }),
    requestId,
    ...(problem.params ? { params: problem.params } : {}),
  };
}
