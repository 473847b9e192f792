import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

type Properties = Record<string, { type?: string }>;

/**
 * Checks requests against their schemas. Path and query are text: a number or a truth value is read from its one usual
 * form (`12`, `-0.5`, `true`), everything else stays the text that it is, and is refused where a number is wanted.
 */
export const requestValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = Compile(schema);
  const properties = (schema as { properties?: Properties }).properties ?? {};
  return (given: unknown) => {
    const value = httpPart === 'body' ? given : fromText(given, properties);
    if (!check.Check(value)) return { error: check.Errors(value) as never };
    return holdsNul(value) ? { error: [NUL_ERROR] as never } : { value };
  };
};

/** PostgreSQL's text has no NUL, wherever in a request one stands. */
const NUL_ERROR = { instancePath: '', message: 'must not hold NUL characters' };

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes('\0') || holdsNul(inner));
}

function fromText(given: unknown, properties: Properties): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, typeof text === 'string' ? read(text, properties[name]) : text]),
  );
}

function read(text: string, schema: { type?: string } | undefined): unknown {
  if (schema?.type === 'integer' || schema?.type === 'number')
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (schema?.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
