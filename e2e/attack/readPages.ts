import assert from 'node:assert/strict';
import type { Asker, Portal } from '../portal.ts';
import { jsonOf } from '../portal.ts';

/** What no list may exceed in one answer. */
const MOST_ROWS = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Pages that nothing in a test needs: a cursor that goes round. */
const MOST_PAGES = 2_000;

interface Parameter {
  $ref?: string;
  name?: string;
  schema?: {
    type?: string;
    enum?: string[];
    maximum?: number;
    items?: { enum?: string[] };
  };
}
export interface Document {
  components: { parameters: Record<string, Parameter> };
  paths: Record<
    string,
    Record<
      string,
      { parameters?: Parameter[]; security?: object[]; tags?: string[] }
    >
  >;
}

/** Every question for a list that the API's document knows: each dimension alone and all together. */
export function listQuestions(
  document: Document,
  window: { from: string; to: string },
): Array<{ path: string; open: boolean }> {
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    const parameters = (get?.parameters ?? []).map(one =>
      one.$ref
        ? document.components.parameters[one.$ref.split('/').at(-1)!]
        : one,
    );
    const named = (name: string) => parameters.find(one => one.name === name);
    if (!get || /[{}]|^\/(health|lineage|freshness|openapi)/.test(path)) {
      return [];
    }
    const query = new URLSearchParams();
    if (named('from')) {
      query.set('from', window.from);
      query.set('to', window.to);
    }
    for (const name of ['time_range', 'period']) {
      if (named(name)) query.set(name, `${window.from}/${window.to}`);
    }
    const most = named('limit')?.schema?.maximum;
    if (most) query.set('limit', String(most));
    const by = named('by')?.schema;
    const values = by?.items?.enum ?? by?.enum ?? [];
    const cuts = by?.items?.enum ? [...values, values.join()] : values;
    return (cuts.length > 0 ? cuts : ['']).map(cut => {
      const asked = new URLSearchParams(query);
      if (cut) asked.set('by', cut);
      return {
        path: `${path}?${decodeURIComponent(asked.toString())}`,
        open: get.security?.length === 0,
      };
    });
  });
}

/** The lists of an answer, wherever they are in it. */
function listsOf(answer: object): unknown[][] {
  return Object.values(answer).flatMap(value => {
    if (Array.isArray(value)) return [value];
    return typeof value === 'object' && value !== null ? listsOf(value) : [];
  });
}

/**
 * Asks for a list to its end, page by page. Every page is within its bounds, and no row comes twice.
 *
 * @returns all rows, of a list that has `rows`
 */
export async function readPages(
  portal: Portal,
  path: string,
  as: Asker = 'cli',
): Promise<object[]> {
  const rows: object[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const more: string =
      cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await portal.api(`${path}${more}`, { as });
    assert.equal(
      answer.status,
      200,
      `${path}: ${answer.body.toString().slice(0, 300)}`,
    );
    assert.ok(
      answer.body.length <= MOST_BYTES,
      `${path}: page ${page} has ${answer.body.length} bytes`,
    );
    const json = jsonOf<{ rows?: object[]; next?: string | null }>(answer);
    for (const list of listsOf(json)) {
      assert.ok(
        list.length <= MOST_ROWS,
        `${path}: a list of ${list.length} rows`,
      );
    }
    for (const row of json.rows ?? []) {
      const text = JSON.stringify(row);
      assert.ok(!seen.has(text), `${path}: twice: ${text.slice(0, 300)}`);
      seen.add(text);
      rows.push(row);
    }
    cursor = json.next ?? null;
    if (cursor === null) return rows;
  }
  throw new Error(`${path}: more than ${MOST_PAGES} pages`);
}
