import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** What shows that a requirement holds: a test, by its file and a part of its title, or a document and its section. */
export type Evidence =
  | { kind: 'test'; file: string; titlePart: string }
  | { kind: 'document'; file: string; anchor: string | undefined };

/** One row of docs/requirements.md. `mark` says why a row has no evidence of its own. */
export type RequirementRow = { id: string; evidence: Evidence[]; mark: string | undefined };

/** Titles of the tests that passed in one run, by their file. */
export type PassedTests = ReadonlyMap<string, readonly string[]>;

/** Where the requirements and what shows them are listed. */
export const REQUIREMENTS_PAGE = 'docs/requirements.md';

const ROW = /^\| ((?:D|S|R1|R2|F)-[A-Z0-9-]+) \| .+? \| (.+) \|$/;
const TEST = /`([\w./-]+\.test\.tsx?): "([^"`]+)"`/g;
const LINK = /\[[^\]]+\]\(([^)#\s]+)(?:#([^)\s]+))?\)/g;
const MARK = /^(not shown: |context only|decided: )/;
const DECISION = /\bD-\d\d\b/g;
const TITLE = /\b(?:test|it)\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;

/** Reads the rows of the page. */
export function requirementRows(page: string): RequirementRow[] {
  return page.split('\n').flatMap((line) => {
    const [, id, shownBy] = ROW.exec(line) ?? [];
    if (id === undefined || shownBy === undefined) return [];
    return [{ id, evidence: evidenceOf(shownBy), mark: MARK.test(shownBy) ? shownBy : undefined }];
  });
}

function evidenceOf(shownBy: string): Evidence[] {
  const tests = [...shownBy.matchAll(TEST)].map(
    ([, file = '', titlePart = '']): Evidence => ({ kind: 'test', file, titlePart }),
  );
  const documents = [...shownBy.matchAll(LINK)].map(
    ([, target = '', anchor]): Evidence => ({ kind: 'document', file: relative('.', join('docs', target)), anchor }),
  );
  return [...tests, ...documents];
}

/** What is wrong with the rows: an id twice, a row that names nothing, a decision, test or section that does not exist. */
export function wrongRows(rows: readonly RequirementRow[], projectFolder: string): string[] {
  const ids = new Set<string>();
  return rows.flatMap((row) => {
    const wrong = row.evidence.flatMap((one) => missingEvidence(one, projectFolder));
    if (row.evidence.length === 0 && row.mark === undefined) wrong.push('names neither a test nor a document');
    const decisions = row.mark?.startsWith('decided: ') ? (row.mark.match(DECISION) ?? []) : undefined;
    if (decisions?.length === 0) wrong.push('does not say which decision');
    wrong.push(
      ...(decisions ?? []).filter((id) => !rows.some((other) => other.id === id)).map((id) => `${id} is no row`),
    );
    if (ids.has(row.id)) wrong.push('is there twice');
    ids.add(row.id);
    return wrong.map((complaint) => `${row.id} ${complaint}`);
  });
}

/** The tests that rows name and that did not pass in this run. */
export function namedButNotPassed(rows: readonly RequirementRow[], passed: PassedTests): string[] {
  return rows.flatMap((row) =>
    row.evidence
      .filter((one) => one.kind === 'test')
      .filter(({ file, titlePart }) => !passed.get(file)?.some((title) => title.includes(titlePart)))
      .map(({ file, titlePart }) => `${row.id} ${file}: "${titlePart}"`),
  );
}

function missingEvidence(evidence: Evidence, projectFolder: string): string[] {
  const path = resolve(projectFolder, evidence.file);
  if (!existsSync(path)) return [`names ${evidence.file}, which does not exist`];
  if (evidence.kind === 'test') {
    const titles = [...readFileSync(path, 'utf8').matchAll(TITLE)].map((match) => match[1] ?? match[2] ?? match[3]);
    const isThere = titles.some((title) => title?.includes(evidence.titlePart));
    return isThere ? [] : [`names a test that ${evidence.file} does not have: "${evidence.titlePart}"`];
  }
  const { anchor } = evidence;
  if (anchor === undefined || anchorsOf(readFileSync(path, 'utf8')).includes(anchor)) return [];
  return [`names a section that ${evidence.file} does not have: #${anchor}`];
}

// As GitHub makes them: lower case, without punctuation, a hyphen for each space.
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}
