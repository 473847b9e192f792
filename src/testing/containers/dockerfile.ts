/** One instruction of a Dockerfile, its lines joined. */
export type DockerStep = { instruction: string; rest: string };

/** One stage: what it is made from, by which name others copy from it, and its steps. */
export type DockerStage = { from: string; name: string; steps: DockerStep[] };

/** Reads a Dockerfile of the kind that this project has: comments, joined lines, stages. */
export function parseDockerfile(text: string): DockerStage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const stages: DockerStage[] = [];
  for (const line of lines) {
    const [instruction = '', ...words] = line.split(/\s+/);
    const rest = words.join(' ');
    if (instruction === 'FROM') {
      const [from = '', , name = String(stages.length)] = words;
      stages.push({ from, name, steps: [] });
    } else stages.at(-1)?.steps.push({ instruction, rest });
  }
  return stages;
}

/** The words of `["a", "b"]`, or of a line for the shell. */
export function commandWords(rest: string): string[] {
  return rest.startsWith('[') ? (JSON.parse(rest) as string[]) : ['/bin/sh', '-c', rest];
}
