import type { Answer, Portal, Question } from './portal.ts';
import { jsonOf } from './portal.ts';

interface Parameter {
  name: string;
  in: 'query' | 'path';
}

export interface Document {
  openapi: string;
  servers: Array<{ url: string }>;
  paths: Record<
    string,
    Record<string, { parameters?: Array<Parameter | { $ref: string }> }>
  >;
  components: { parameters: Record<string, Parameter> };
}

/** Node takes 16 KiB of address and headers. */
const LONGEST = 15_000;
/** Questions at a time: fewer than the portal has places for one address. */
const AT_ONCE = 8;

/** Values of a query or a path, as they go over the wire. */
function wireValues(): string[] {
  const plain = [
    '',
    ' ',
    '~',
    '0',
    '-1',
    '-0',
    '00',
    '1e3',
    '1e309',
    '-1e309',
    '0x10',
    '1_000',
    '1.5',
    '9007199254740993',
    '9'.repeat(400),
    `0.${'0'.repeat(400)}1`,
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'undefined',
    'true',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    '[]',
    '{}',
    '[object Object]',
    'a'.repeat(LONGEST),
    '1'.repeat(LONGEST),
    '/'.repeat(LONGEST),
    '2026-01-15T10:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:60Z',
    '+275760-09-13T00:00:00Z',
    '+999999-01-01T00:00:00Z',
    '-271821-04-19T00:00:00Z',
    '1969-12-31T23:59:59.999999999999999999Z',
    '2026-01-15T10:00:00+23:59',
    '2026-01-15T10:00:00Z/2026-01-15T09:00:00Z',
    '0000-01-01T00:00:00Z/9999-12-31T23:59:59Z',
    '2026-02-30',
    "'; drop table kpi_hourly; --",
    "\\' or 1=1 --",
    '{x:String}',
    '%s%n%d',
    '$' + '{7*7}',
    '../../../../etc/passwd',
    '<script>',
    '\u202e',
    '\ufeff',
    '😀'.repeat(600),
    'İ'.repeat(600),
    'e\u0301'.repeat(300),
    Array(500).fill('orchestrator').join(),
    ','.repeat(1_000),
  ].map(encodeURIComponent);
  // What encodeURIComponent wouldn't write.
  const raw = [
    '%00',
    'a%00b',
    '%0d%0aX-Injected:%201',
    '%1b%5b31m',
    '%7f',
    '%',
    '%zz',
    '%c0%80',
    '%ed%a0%80',
    '%ed%a0%bd',
    '%f5%80%80%80',
    '%ff%fe',
    '%u0041',
    '%2525',
    '+',
    '%2e%2e%2f',
    ';a=b',
  ];
  return [...plain, ...raw];
}

/** How a parameter may be written otherwise than `name=value`. */
function spellings(name: string): string[] {
  return [
    name,
    `${name}=`,
    `${name}[]=1`,
    `${name}[a][b][c]=1`,
    `${name}[__proto__][x]=1`,
    `${name}[1000000000]=1`,
    `${name}.length=9`,
    Array(900).fill(`${name}=1`).join('&'),
    `${name}=1&${name}[]=2&${name}[a]=3`,
    `${name}${'[a]'.repeat(3_000)}=1`,
    `%00${name}=1`,
    `${name.toUpperCase()}=1`,
  ];
}

const deep = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}${close.repeat(depth)}`;

/** Bodies of what takes JSON. Each is wrong, or names something that there isn't. */
function bodies(): string[] {
  const values = [
    'null',
    '[]',
    '""',
    '0',
    '1e999',
    'NaN',
    '{"step":NaN}',
    '{"step":1e999}',
    '{"step":123456789012345678901234567890}',
    '{"step":null}',
    '{"step":["build"]}',
    '{"step":{"build":1}}',
    '{"step":"build","step":1}',
    '{"step":"BUILD"}',
    '{"step":"build\\u0000"}',
    '{"step":"\\ud800"}',
    '{"step":"__proto__"}',
    '{"step":"constructor"}',
    '{"__proto__":{"step":"build"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    `{"step":"${'a'.repeat(10_000)}"}`,
    `{"step":"${'a'.repeat(5_000_000)}"}`,
    '{"step":"build","arguments":null}',
    '{"step":"build","arguments":[]}',
    '{"step":"build","arguments":{"model":"\\u0000"}}',
    '{"step":"build","arguments":{"model":"\\ud83d"}}',
    '{"step":"build","arguments":{"model":"--full-refresh"}}',
    '{"step":"build","arguments":{"model":"+a @b,c"}}',
    '{"step":"build","arguments":{"full":"yes"}}',
    '{"step":"build","arguments":{"full":1e400}}',
    '{"step":"sync","arguments":{"days":["9999-99-99"]}}',
    '{"step":"sync","arguments":{"days":["0000-01-01; drop"]}}',
    `{"step":"sync","arguments":{"days":[${Array(2_000)
      .fill('"2026-01-15"')
      .join()}]}}`,
    '{"full":1}',
    '{"days":[]}',
    '{"days":[1]}',
    '{"days":["2026-01-15T00:00:00Z"]}',
    '{"model":[]}',
    '{"model":""}',
    '{"other":1}',
    '{"step":"bu',
    '\u0000',
    '\ufeff{}x',
    `{"a":${'1'.repeat(10_000)}}`,
    deep('[', ']', 7_000),
    deep('{"a":', '}', 1_000),
    '['.repeat(16_000),
    `{${Array.from({ length: 1_000 }, (_, i) => `"k${i}":1`).join()}}`,
  ];
  return values;
}

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/json; charset=nothing',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=',
  'text/plain',
  'a/b; c="',
  '',
];

interface Asked {
  what: string;
  path: string;
  question: Question;
}

/** Every parameter with every value, and every body, of all that the document knows. */
function* questions({ paths, components }: Document): Generator<Asked> {
  const values = wireValues();
  for (const [path, operations] of Object.entries(paths)) {
    // Ends when its run ends.
    if (path.endsWith('/stream')) continue;
    for (const [name, { parameters = [] }] of Object.entries(operations)) {
      const method = name.toUpperCase();
      const all = parameters.map(one =>
        '$ref' in one
          ? components.parameters[one.$ref.split('/').at(-1)!]
          : one,
      );
      // A plan runs nothing; a step that there isn't is no run, whatever the body is.
      const filled = path.replace(
        /\{[^}]*\}/g,
        path.endsWith('/plan') ? 'build' : 'nothing',
      );
      const of = (at: string, more: Question = {}): Asked => ({
        what: `${method} ${at}`,
        path: at,
        question: { ...more, method },
      });
      const isChange = method !== 'GET';
      for (const parameter of all) {
        for (const value of values) {
          if (parameter.in === 'path') {
            const rest = path.replace(`{${parameter.name}}`, value);
            const at = rest.replace(/\{[^}]*\}/g, '0');
            if (at.length > 1)
              yield of(at, isChange ? { body: '{"x":1}' } : {});
          } else if (!isChange) {
            yield of(`${filled}?${parameter.name}=${value}`);
          }
        }
        if (parameter.in === 'query' && !isChange) {
          for (const query of spellings(parameter.name)) {
            yield of(`${filled}?${query}`);
          }
        }
      }
      if (!isChange) continue;
      for (const body of bodies()) {
        yield of(filled, {
          body,
          headers: { 'content-type': 'application/json' },
        });
      }
      for (const type of CONTENT_TYPES) {
        yield of(filled, {
          body: '{"step":"nothing"}',
          headers: { 'content-type': type },
        });
      }
    }
  }
}

/** What is wrong with an answer; undefined when nothing is. */
function faultOf({ status, headers, body }: Answer): string | undefined {
  // Not ours: too long an address.
  if (status === 431) return undefined;
  const text = body.toString();
  if (status >= 500) {
    const isBusy = status === 503 && Number(headers.get('retry-after')) > 0;
    return isBusy ? undefined : `${status}: ${text.slice(0, 200)}`;
  }
  if (!/^application\/json/.test(headers.get('content-type') ?? '')) {
    return `${status} of type ${headers.get('content-type')}`;
  }
  if (headers.has('x-injected')) return 'a header came in with a value';
  try {
    const json = jsonOf<{ error?: { name?: unknown; message?: unknown } }>({
      status,
      headers,
      body,
    });
    if (status < 400) return undefined;
    const { name, message } = json.error ?? {};
    if (typeof name !== 'string' || typeof message !== 'string') {
      return `${status} without words: ${text.slice(0, 200)}`;
    }
    return message.length > 2_000
      ? `${status} with ${message.length} characters of message`
      : undefined;
  } catch {
    return `${status} that is no JSON: ${text.slice(0, 200)}`;
  }
}

/** Asks all of it; says what came back that should not. */
export async function fuzz(
  portal: Portal,
  document: Document,
): Promise<{ asked: number; faults: string[] }> {
  const faults: string[] = [];
  const all = questions(document);
  let asked = 0;
  const worker = async () => {
    for (const { what, path, question } of all) {
      asked += 1;
      const shown = `${what.slice(0, 160)} ${String(question.body ?? '').slice(
        0,
        80,
      )}`;
      try {
        const fault = faultOf(await portal.api(path, question));
        if (fault) faults.push(`${shown}: ${fault}`);
      } catch (error) {
        const { cause } = error as { cause?: Error };
        faults.push(`${shown}: ${cause?.message ?? error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { asked, faults };
}
