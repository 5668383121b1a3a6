import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { classify } from './classify';
import { EVENT_FAMILIES, TRACE_SUBTYPES } from './families';
import { lastMemberSpan } from './lastMemberSpan';
import { memberSpan } from './memberSpan';
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
  return isNamed ? value : null;
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
          result.class === 'accepted' ? { ...result, wrapped: true } : result;
        const asText = JSON.stringify({ key: 1, value: raw });
        const asObject = `{"key":{"value":2}, "value": ${raw} }`;
        expect(classify(asText, NOW)).toEqual(unwrapped);
        expect(classify(asObject, NOW)).toEqual(unwrapped);
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

describe('lastMemberSpan', () => {
  it('agrees with memberSpan wherever it answers, also on names that repeat', () => {
    const member = fc
      .tuple(
        fc.constantFrom('"data"', '"d\\u0061ta"', '"x"', '"datas"'),
        fc.oneof(junk, data),
        fc.constantFrom('', ' '),
      )
      .map(
        ([name, value, blank]) =>
          `${name}${blank}:${blank}${JSON.stringify(value)}${blank}`,
      );
    let answered = 0;
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), members => {
        const raw = `{${members.join(',')}}`;
        const span = lastMemberSpan(raw, JSON.parse(raw), 'data');
        if (span === null) return;
        answered++;
        expect(span).toEqual(memberSpan(raw, 'data'));
      }),
      runs,
    );
    expect(answered).toBeGreaterThan(10);
  });
});
