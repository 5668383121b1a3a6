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
const time = fc.integer({ min: NOW - 1000, max: NOW + 1000 });
const times = fc.oneof(time, time.map(String));

const data = fc.record(
  {
    type: mostly(
      fc.constantFrom<unknown>(...TRACE_SUBTYPES, 'status', 'foreign'),
    ),
    request_id: mostly(fc.constantFrom('db936fab', 'f2690a64')),
    stream_id: mostly(text),
    timestamp: mostly(times),
    inference_status: mostly(
      fc.record(
        { fps: mostly(fc.double({ min: -1, max: 1100, noNaN: true })) },
        { requiredKeys: [] },
      ),
    ),
    address: mostly(fc.constant('0x52cf')),
    target: mostly(fc.constant('https://orchestrator.example')),
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
      id: mostly(fc.uuid()),
      type: mostly(fc.constantFrom<string>(...EVENT_FAMILIES)),
      timestamp: mostly(times),
      gateway: mostly(text),
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

describe('classify and the JSON Schemas', () => {
  it('agree on every message', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(written, raw => {
        const result = classify(raw, NOW);
        const parsed = JSON.parse(raw);
        const reason = result.class === 'accepted' ? 'accepted' : result.reason;
        seen.add(reason);
        if (reason === 'missing_type' || reason === 'missing_data') {
          expect(isEnvelope(parsed)).toBe(false);
          return;
        }
        // The bounds of a timestamp are beyond the schema.
        if (reason === 'bad_timestamp') return;
        expect(isEnvelope(parsed)).toBe(true);
        const family = isData.get(parsed.type);
        if (!family) {
          expect(reason).toBe('unsupported_type');
          return;
        }
        if (reason === 'unsupported_subtype') return;
        let decoded: unknown = parsed.data;
        try {
          if (typeof decoded === 'string') decoded = JSON.parse(decoded);
        } catch {
          expect(reason).toBe('schema');
          return;
        }
        expect(reason).toBe(family(decoded) ? 'accepted' : 'schema');
        if (reason === 'accepted') {
          expect(isMessage.get(parsed.type)?.(parsed)).toBe(true);
        }
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

describe('an accepted message', () => {
  it('is read back byte for byte, wrapped or not, as text or as bytes', () => {
    fc.assert(
      fc.property(written, raw => {
        const result = classify(raw, NOW);
        expect(classify(Buffer.from(raw), NOW)).toEqual(result);
        const parsed = JSON.parse(raw);
        const asText = classify(JSON.stringify({ key: 1, value: raw }), NOW);
        const asObject = classify(`{"key":{"value":2}, "value": ${raw} }`, NOW);
        if ('type' in parsed) {
          expect(asText).toEqual({
            ...result,
            ...(result.class === 'accepted' && { wrapped: true }),
          });
          expect(asObject).toEqual(asText);
        }
        if (result.class !== 'accepted') return;
        const { event } = result;
        expect(splice(event.envelope, event.data, event.data_at)).toBe(raw);
        const sent = parsed.data;
        expect(JSON.parse(event.data)).toEqual(
          typeof sent === 'string' ? JSON.parse(sent) : sent,
        );
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
          name + blank + ':' + blank + JSON.stringify(value) + blank,
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
