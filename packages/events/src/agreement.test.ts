import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { classify } from './classify';
import { EVENT_FAMILIES, TRACE_SUBTYPES } from './families';
import { membersOf } from './members';
import { dataSchemas, envelopeSchema, messageSchemas } from './schemas';
import { splice } from './splice';

const NOW = Date.UTC(2026, 0, 9);

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
});
const isEnvelope = ajv.compile(envelopeSchema);
const isData = new Map(
  EVENT_FAMILIES.map(family => [family, ajv.compile(dataSchemas[family])]),
);
const isMessage = new Map(
  EVENT_FAMILIES.map(family => [family, ajv.compile(messageSchemas[family])]),
);

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e300, true, [], {}, 'x', '7'),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly `good`, sometimes junk. */
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: junk });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
/** Texts at the limit of a name, 512 characters. */
const long = fc
  .tuple(fc.constantFrom('x', '/', '😀'), fc.constantFrom(511, 512, 513, 1025))
  .map(([character, length]) => character.repeat(length));
const named = (good: fc.Arbitrary<string>) =>
  mostly(
    fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: long }),
  );
const time = fc.integer({ min: NOW - 1000, max: NOW + 1000 });
const times = fc.oneof(time, time.map(String));

const data = fc.record(
  {
    type: mostly(
      fc.constantFrom<unknown>(...TRACE_SUBTYPES, 'status', 'foreign'),
    ),
    request_id: named(fc.constantFrom('db936fab', 'f2690a64')),
    stream_id: named(text),
    timestamp: mostly(times),
    inference_status: mostly(
      fc.record(
        { fps: mostly(fc.double({ min: -1, max: 1100, noNaN: true })) },
        { requiredKeys: [] },
      ),
    ),
    address: named(fc.constant('0x52cf')),
    target: named(fc.constant('https://orchestrator.example')),
    orchestrator_info: mostly(fc.constant({ address: '0x52cf' })),
    data: junk,
  },
  { requiredKeys: ['type', 'request_id', 'address', 'target'] },
);
const anyData = mostly(
  fc.oneof(
    data,
    fc.array(mostly(data), { maxLength: 3 }),
    data.map(value => JSON.stringify(value)),
  ),
);
const message = fc
  .record(
    {
      id: named(fc.uuid()),
      type: mostly(fc.constantFrom<string>(...EVENT_FAMILIES)),
      timestamp: mostly(times),
      gateway: named(text),
      extra: junk,
      data: anyData,
    },
    { requiredKeys: ['type', 'timestamp', 'data'] },
  )
  // In any order of members.
  .chain(value =>
    fc
      .shuffledSubarray(Object.entries(value), {
        minLength: Object.keys(value).length,
      })
      .map(Object.fromEntries),
  );
const written = fc
  .tuple(message, fc.constantFrom(undefined, 1, '\t'))
  .map(([value, space]) => JSON.stringify(value, null, space));

const runs = { numRuns: 2000 };

function decoded(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value;
  } catch {
    return undefined;
  }
}

function isForeignStep(value: unknown): boolean {
  const { type } = (value ?? {}) as { type?: unknown };
  return (
    !Array.isArray(value) &&
    typeof type === 'string' &&
    type !== '' &&
    !TRACE_SUBTYPES.some(known => known === type)
  );
}

function isForwarded(family: string, value: unknown): boolean {
  const parts = Array.isArray(value) ? [value, ...value] : [value];
  return (
    /payment|ticket|capabilities|discovery|scrape/.test(family) &&
    parts.some(
      part =>
        !Array.isArray(part) &&
        ((part as { orchestrator_info?: unknown } | null)?.orchestrator_info ??
          null) !== null,
    )
  );
}

/** What may become of a message by the schemas, which know no bounds of time. */
function outcomesBySchemas(parsed: Record<string, unknown>): string[] {
  if (!isEnvelope(parsed)) {
    return ['missing_type', 'missing_data', 'bad_timestamp'];
  }
  const family = EVENT_FAMILIES.find(name => name === parsed.type);
  if (!family) return ['bad_timestamp', 'unsupported_type'];
  const value = decoded(parsed.data);
  if (family === 'stream_trace' && isForeignStep(value)) {
    return ['bad_timestamp', 'unsupported_subtype'];
  }
  const isValid = value !== undefined && isData.get(family)?.(value);
  if (isForwarded(family, value)) {
    expect(isValid).toBe(false);
    return ['bad_timestamp', 'forwarded'];
  }
  return ['bad_timestamp', isValid ? 'accepted' : 'schema'];
}

function outcomeOf(raw: string): string {
  const result = classify(raw, NOW);
  return result.class === 'accepted' ? 'accepted' : result.reason;
}

describe('classify and the JSON Schemas', () => {
  it('agree on every message', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(written, raw => {
        const parsed = JSON.parse(raw);
        const outcome = outcomeOf(raw);
        seen.add(outcome);
        expect(outcomesBySchemas(parsed)).toContain(outcome);
        const isValid = isMessage.get(parsed.type)?.(parsed) ?? false;
        expect(outcome !== 'accepted' || isValid).toBe(true);
      }),
      runs,
    );
    expect([...seen].sort()).toEqual([
      'accepted',
      'bad_timestamp',
      'forwarded',
      'missing_data',
      'missing_type',
      'schema',
      'unsupported_subtype',
      'unsupported_type',
    ]);
  });
});

/** Counted as the contract does, independently of how `classify` counts. */
function namedOrNull(value: unknown): string | null {
  const isNamed =
    typeof value === 'string' && value !== '' && [...value].length <= 512;
  return isNamed ? value.toWellFormed() : null;
}

describe('a message', () => {
  it('has the names that it says, unless they have over 512 characters', () => {
    const lengths = new Set<number>();
    fc.assert(
      fc.property(written, raw => {
        const result = classify(raw, NOW);
        fc.pre(result.class === 'accepted');
        const { event } = result;
        const parsed = JSON.parse(raw);
        const value = decoded(parsed.data) as Record<string, unknown> | null;
        expect(event.gateway).toBe(namedOrNull(parsed.gateway));
        expect(event.stream_id).toBe(namedOrNull(value?.stream_id));
        expect(event.request_id).toBe(namedOrNull(value?.request_id));
        expect(event.data.isWellFormed()).toBe(true);
        expect(event.event_id).not.toBe('');
        const id = namedOrNull(parsed.id) ?? event.event_id;
        expect(event.event_id).toBe(id.toWellFormed());
        for (const said of [event.event_id, event.gateway, event.stream_id]) {
          lengths.add([...(said ?? '')].length);
        }
      }),
      runs,
    );
    expect(Math.max(...lengths)).toBe(512);
  });

  it('is the same as text, as bytes, and in a wrapper of either form', () => {
    fc.assert(
      fc.property(written, raw => {
        fc.pre('type' in JSON.parse(raw));
        const result = classify(raw, NOW);
        expect(classify(Buffer.from(raw), NOW)).toEqual(result);
        const unwrapped =
          result.class === 'accepted' ? { ...result, verbatim: false } : result;
        for (const member of ['value', 'payload']) {
          const asText = JSON.stringify({ key: 1, [member]: raw });
          const asObject = `{"key":{"value":2}, "${member}": ${raw} }`;
          expect(classify(asText, NOW)).toEqual(unwrapped);
          expect(classify(asObject, NOW)).toEqual(unwrapped);
        }
      }),
      runs,
    );
  });

  it('that is accepted is read back byte for byte', () => {
    fc.assert(
      fc.property(written, raw => {
        const result = classify(raw, NOW);
        fc.pre(result.class === 'accepted');
        const { event } = result;
        expect(splice(event.envelope, event.data, event.data_at)).toBe(raw);
        expect(JSON.parse(event.data)).toEqual(decoded(JSON.parse(raw).data));
      }),
      runs,
    );
  });
});

describe('membersOf', () => {
  /** JSON text whose names may repeat, in blanks of all kinds. */
  const { value } = fc.letrec<{ value: string }>(tie => {
    const blank = fc.constantFrom('', '', ' ', '\n\t');
    const name = fc.constantFrom(
      '"data"',
      '"d\\u0061ta"',
      '"x"',
      '"datas"',
      '""',
      '"\\ud800"',
      '"\\udfff"',
      '"a\\\\"',
      '":"',
      '"é"',
      '"ሢ😀"',
    );
    const member = fc
      .tuple(blank, name, blank, blank, tie('value'), blank)
      .map(([a, key, b, c, of, d]) => `${a}${key}${b}:${c}${of}${d}`);
    return {
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          '1',
          '""',
          '":"',
          '"{,"',
          '"\\\\"',
          'null',
          '"\\"data\\":"',
          '"é 😀"',
        ),
        fc.array(member, { maxLength: 4 }).map(all => `{${all.join(',')}}`),
        fc
          .array(tie('value'), { maxLength: 3 })
          .map(all => `[${all.join(',')}]`),
      ),
    };
  });

  /** Of every object of a text its names, as they are read; by the grammar, with a stack of what is open. */
  function namesOf(json: string): string[][] {
    const all: string[][] = [];
    const open: Array<string[] | null> = [];
    for (const [token] of json.matchAll(/"(?:\\.|[^"\\])*"\s*:?|[[\]{}]/g)) {
      if (token === '{') open.push([]);
      else if (token === '[') open.push(null);
      else if (token === '}' || token === ']') {
        const names = open.pop();
        if (names) all.push(names);
      } else if (token.endsWith(':')) {
        open.at(-1)?.push(JSON.parse(token.slice(0, -1)).toWellFormed());
      }
    }
    return all;
  }

  it('tells whether an object names a member twice, and finds the last of a name', () => {
    const seen = { repeated: 0, found: 0 };
    fc.assert(
      fc.property(value, json => {
        const { repeated, span } = membersOf(json, 'data');
        expect(repeated).toBe(
          namesOf(json).some(names => new Set(names).size < names.length),
        );
        if (repeated) seen.repeated++;
        const parsed = JSON.parse(json);
        if (!json.startsWith('{') || parsed.data === undefined) return;
        seen.found++;
        expect(JSON.parse(json.slice(span?.start, span?.end))).toEqual(
          parsed.data,
        );
        expect(json.slice(span?.start, span?.end)).toBe(
          json.slice(span?.start, span?.end).trim(),
        );
      }),
      runs,
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });

  it('is not deceived by names whose hashes are equal', () => {
    const pair = '"tsglyyp":1,"goklzkd":2';
    expect(membersOf(`{${pair}}`).repeated).toBe(false);
    expect(membersOf(`{${pair},"tsglyyp":3}`).repeated).toBe(true);
  });

  it('reads names and texts of every length, which it reads four bytes at a time', () => {
    const full = 'abcdefghijklmnop';
    for (let length = 0; length <= full.length; length++) {
      const name = full.slice(0, length);
      const members = [`"${name}":"${name}"`];
      for (let at = 0; at < length; at++) {
        members.push(`"${name.slice(0, at)}!${name.slice(at + 1)}":1`);
      }
      const json = `{"é":{},${members.join()}`;
      expect(membersOf(`${json}}`).repeated).toBe(false);
      for (const member of members) {
        expect(membersOf(`${json},${member}}`).repeated).toBe(true);
      }
      const { span } = membersOf(`${json},"data":"${name}"}`, 'data');
      expect(span?.end).toBe((span?.start ?? 0) + length + 2);
    }
  });

  it.each([63, 64, 65, 66, 5000])('reads objects of %d names', n => {
    const names = Array.from({ length: n }, (_, i) => `"n${i}":{"n0":1}`);
    expect(membersOf(`{${names.join()}}`).repeated).toBe(false);
    for (const again of [0, n >> 1, n - 1]) {
      expect(membersOf(`{${names.join()},"n${again}":1}`).repeated).toBe(true);
    }
  });
});
