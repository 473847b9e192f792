import type { PointCreated } from '../../../messages/central-api.ts';

/** The token as a file: variables of the Monitor (docs/config.md), or JSON. */
export function tokenFile(
  form: 'env' | 'json',
  created: PointCreated,
  registryUrl: string | undefined,
): { name: string; text: string } {
  const { cpId, enrolmentToken, expiresAtMs } = created;
  const expiresAt = new Date(expiresAtMs).toISOString();
  const base = `ev-${cpId.toLowerCase()}`;
  if (form === 'json') {
    const content = { cpId, enrolmentToken, expiresAt, ...(registryUrl ? { registryUrl } : {}) };
    return { name: `${base}.json`, text: `${JSON.stringify(content, undefined, 2)}\n` };
  }
  const lines = [
    `# ${expiresAt}`,
    `CP_ID=${cpId}`,
    ...(registryUrl ? [`REGISTRY_URL=${registryUrl}`] : []),
    `EV_ENROLMENT_TOKEN=${enrolmentToken}`,
  ];
  return { name: `${base}.env`, text: `${lines.join('\n')}\n` };
}
