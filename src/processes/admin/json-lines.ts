/** Lines (from 1) at which the values of a JSON text begin, by path such as `/drivers/ANA01/email`. The text is valid JSON. */
export function jsonLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g);
  const open: { path: string; index: number; key: string | undefined; isArray: boolean }[] = [];
  let line = 1;
  let isKeyNext = false;
  const here = (): string => {
    const parent = open.at(-1);
    if (!parent) return '';
    return `${parent.path}/${parent.isArray ? parent.index : (parent.key ?? '')}`;
  };
  for (const [token] of tokens) {
    const parent = open.at(-1);
    if (token === '\n') line += 1;
    else if (token === '}' || token === ']') {
      open.pop();
      isKeyNext = false;
    } else if (token === ',') {
      if (parent) parent.index += 1;
      isKeyNext = parent?.isArray === false;
    } else if (token === ':') isKeyNext = false;
    else if (isKeyNext && parent) parent.key = JSON.parse(token) as string;
    else {
      lines.set(here(), line);
      if (token !== '{' && token !== '[') continue;
      open.push({ path: here(), index: 0, key: undefined, isArray: token === '[' });
      isKeyNext = token === '{';
    }
  }
  return lines;
}
