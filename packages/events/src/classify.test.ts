import { createHash } from 'node:crypto';
import { Classification, classify, MAX_MESSAGE_BYTES } from './classify';
import { TRACE_SUBTYPES } from './families';
import { splice } from './splice';

const NOW = Date.UTC(2026, 0, 9);
const ENVELOPE = NOW - 60_000;

const trace = (data: object = {}, envelope: object = {}) => ({
  id: '59485235-8460-472f-a894-3b84f37ee9bb',
  type: 'stream_trace',
  timestamp: String(ENVELOPE),
  gateway: 'gateway-fra',
  data: {
    type: 'gateway_receive_stream_request',
    stream_id: 'stream-1',
    request_id: 'db936fab',
    timestamp: ENVELOPE - 5,
    ...data,
  },
  ...envelope,
});

const of = (type: string, data: unknown) => ({
  id: 'an-id',
  type,
  timestamp: ENVELOPE,
  data,
});

const judge = (message: unknown) => classify(JSON.stringify(message), NOW);

function outcome(result: Classification): string {
  return result.class === 'accepted'
    ? 'accepted'
    : `${result.class} ${result.reason}`;
}

function accepted(result: Classification) {
  if (result.class !== 'accepted') throw new Error(outcome(result));
  return result;
}

describe('the columns of an accepted message', () => {
  it('are those of the lake', () => {
    const raw = JSON.stringify(trace());
    const data = JSON.stringify(trace().data);
    expect(accepted(classify(raw, NOW))).toEqual({
      class: 'accepted',
      raw,
      verbatim: true,
      event: {
        event_id: '59485235-8460-472f-a894-3b84f37ee9bb',
        type: 'stream_trace',
        subtype: 'gateway_receive_stream_request',
        event_time: ENVELOPE - 5,
        envelope_time: ENVELOPE,
        gateway: 'gateway-fra',
        stream_id: 'stream-1',
        request_id: 'db936fab',
        data,
        envelope: raw.replace(data, ''),
        data_at: raw.indexOf(data),
      },
    });
  });

  it('are null for empty texts and for what is no text', () => {
    const { event } = accepted(judge(trace({ stream_id: 7 }, { gateway: '' })));
    expect(event.stream_id).toBeNull();
    expect(event.gateway).toBeNull();
  });

  it('are null for names with over 512 characters', () => {
    const names = (name: string) => {
      const message = trace({ stream_id: name }, { gateway: name });
      const { event } = accepted(judge(message));
      return [event.gateway, event.stream_id];
    };
    for (const character of ['x', '😀', '/']) {
      const longest = character.repeat(512);
      expect(names(longest)).toEqual([longest, longest]);
      expect(names(longest + character)).toEqual([null, null]);
    }
  });

  it('have a subtype only for traces, statuses and stream events', () => {
    const subtype = (type: string, data: object) =>
      accepted(judge(of(type, data))).event.subtype;
    const data = { type: 'x', request_id: 'r', target: 't', address: 'a' };
    expect(subtype('ai_stream_status', data)).toBe('x');
    expect(subtype('ai_stream_events', data)).toBe('x');
    expect(subtype('stream_ingest_metrics', data)).toBeNull();
    expect(subtype('create_new_payment', data)).toBeNull();
  });

  it('keep the envelope whole when a character before data is not ASCII', () => {
    const raw = JSON.stringify(trace({}, { gateway: 'gäteway' }));
    const { event } = accepted(classify(raw, NOW));
    expect(event).toMatchObject({ envelope: raw, data_at: null });
    expect(JSON.parse(event.data)).toEqual(trace().data);
  });

  it.each([
    [
      'data before other members',
      '{"data":D,"type":"create_new_payment","timestamp":T}',
    ],
    ['blanks', ' {\t"type":"create_new_payment", "timestamp":T ,"data" : D } '],
    [
      'the word data in texts',
      '{"id":"\\"data\\":{}","type":"create_new_payment","timestamp":T,"gateway":"data","data":D}',
    ],
    [
      'data inside other members',
      '{"x":{"data":{"data":1}},"type":"create_new_payment","timestamp":T,"data":D}',
    ],
    [
      'an escaped name',
      '{"type":"create_new_payment","timestamp":T,"d\\u0061ta":D}',
    ],
    [
      'backslashes at the end of texts',
      '{"gateway":"\\\\","type":"create_new_payment","timestamp":T,"data":D,"y":"\\\\\\""}',
    ],
  ])('find the span of data despite %s', (_, pattern) => {
    const data = '{"numTickets":"2","x":[{"data":"}"},"]"]}';
    const raw = pattern.replace('T', String(ENVELOPE)).replace('D', data);
    const { event } = accepted(classify(raw, NOW));
    expect(event.data).toBe(data);
    expect(event.data_at).toBe(raw.lastIndexOf(data));
    expect(splice(event.envelope, event.data, event.data_at)).toBe(raw);
  });
});

describe('identity', () => {
  const idOf = (id: unknown) =>
    accepted(judge(trace({}, { id }))).event.event_id;

  it('of an id that is no text is its JSON text, to the last digit', () => {
    expect(idOf(12)).toBe('12');
    expect(idOf({ b: 1, a: [1, '/é'] })).toBe('{"a":[1,"/é"],"b":1}');
    expect(idOf(false)).toBe('false');
    const raw = JSON.stringify(trace({}, { id: 1 })).replace(
      '"id":1',
      '"id":12345678901234567891',
    );
    expect(accepted(classify(raw, NOW)).event.event_id).toBe(
      '12345678901234567891',
    );
  });

  it.each([undefined, null, ''])(
    'without an id (%p) is the SHA-256 of the message with sorted keys',
    id => {
      const message = {
        ...of('create_new_payment', { b: [{ d: 1, c: 2 }], a: 'é' }),
        id,
      };
      const head = id === undefined ? '' : `"id":${JSON.stringify(id)},`;
      const sorted = `{"data":{"a":"é","b":[{"c":2,"d":1}]},${head}"timestamp":${ENVELOPE},"type":"create_new_payment"}`;
      const hash = createHash('sha256').update(sorted).digest('hex');
      expect(accepted(judge(message)).event.event_id).toBe(`sha256:${hash}`);
    },
  );

  it('of content sorts names by their bytes, and writes numbers and texts in one way', () => {
    const ids = [
      '{"\\ue000":1,"😀":1.0,"t":"\\u00e9\\/"}',
      '{"t":"é/","😀":1e0,"\ue000":1}',
    ].map(
      text =>
        accepted(
          classify(
            `{"type":"create_new_payment","timestamp":${ENVELOPE},"data":${text}}`,
            NOW,
          ),
        ).event.event_id,
    );
    const sorted = `{"data":{"t":"é/","\ue000":1,"😀":1},"timestamp":${ENVELOPE},"type":"create_new_payment"}`;
    const hash = createHash('sha256').update(sorted).digest('hex');
    expect(ids).toEqual([`sha256:${hash}`, `sha256:${hash}`]);
  });

  it('is well-formed text, so that it survives the file', () => {
    expect(idOf('a\ud800')).toBe('a\ufffd');
  });

  it('of an id with over 512 characters, or of one that is no text and takes as many to write, is that of its content', () => {
    const numbered = JSON.stringify(trace({}, { id: 0 }));
    for (const character of ['x', '😀']) {
      const longest = character.repeat(512);
      expect(idOf(longest)).toBe(longest);
      expect(idOf(longest + character)).toMatch(/^sha256:/);
      expect(idOf([longest])).toMatch(/^sha256:/);
    }
    const number = '1'.repeat(512);
    const withNumber = (id: string) =>
      accepted(classify(numbered.replace('"id":0', `"id":${id}`), NOW)).event
        .event_id;
    expect(withNumber(number)).toBe(number);
    expect(withNumber(`${number}1`)).toMatch(/^sha256:/);
  });
});

describe('event time', () => {
  const timeOf = (timestamp: unknown) =>
    accepted(judge(trace({ timestamp }))).event.event_time;

  it('is data.timestamp, also as text, in seconds or with fractions', () => {
    expect(timeOf(ENVELOPE - 5)).toBe(ENVELOPE - 5);
    expect(timeOf(String(ENVELOPE - 5))).toBe(ENVELOPE - 5);
    expect(timeOf(ENVELOPE / 1000 - 2.0004)).toBe(ENVELOPE - 2000);
    expect(timeOf(ENVELOPE + 0.5)).toBe(ENVELOPE + 1);
  });

  it('is the envelope unless it is within 5 minutes of it', () => {
    expect(timeOf(ENVELOPE + 300_000)).toBe(ENVELOPE + 300_000);
    expect(timeOf(ENVELOPE + 300_001)).toBe(ENVELOPE);
    expect(timeOf(ENVELOPE - 300_001)).toBe(ENVELOPE);
  });

  it.each([0, '0', null, undefined, '', 'soon', true, 7233.5, [1]])(
    'is the envelope for %p',
    timestamp => expect(timeOf(timestamp)).toBe(ENVELOPE),
  );

  it('is data.timestamp of every family that has one, and the envelope of a list', () => {
    const payment = of('create_new_payment', { timestamp: ENVELOPE - 5 });
    expect(accepted(judge(payment)).event.event_time).toBe(ENVELOPE - 5);
    const report = of('network_capabilities', []);
    expect(accepted(judge(report)).event.event_time).toBe(ENVELOPE);
  });

  it('takes an envelope in seconds or with fractions', () => {
    const envelope = (timestamp: unknown) =>
      accepted(judge(trace({}, { timestamp }))).event.envelope_time;
    expect(envelope(ENVELOPE / 1000)).toBe(ENVELOPE);
    expect(envelope(`${ENVELOPE}.4`)).toBe(ENVELOPE);
  });
});

describe('what people have as files (section 7)', () => {
  const plain = accepted(judge(trace()));
  const raw = JSON.stringify(trace());

  it.each(['payload', 'value'])(
    'takes a wrapper off, %s being an object or its text',
    member => {
      for (const content of [trace(), raw]) {
        const wrapper = { partition: 0, offset: 7, key: null };
        expect(accepted(judge({ ...wrapper, [member]: content }))).toEqual({
          ...plain,
          verbatim: false,
        });
      }
    },
  );

  it('takes the first of payload and value that is an object', () => {
    for (const payload of [null, 5, 'x', '[]', [trace()]]) {
      expect(accepted(judge({ payload, value: trace() })).event).toEqual(
        plain.event,
      );
    }
    expect(outcome(judge({ payload: {}, value: trace() }))).toBe(
      'rejected missing_type',
    );
  });

  it('opens an object once, and only one without a type', () => {
    const withValue = trace({}, { value: { type: 'x' } });
    expect(accepted(judge(withValue)).verbatim).toBe(true);
    for (const message of [
      { type: null, value: trace() },
      { value: null },
      { value: 5 },
      { value: '{"type":' },
      { payload: '[]' },
      { value: { value: trace() } },
      { payload: { event_type: 'stream_trace', data: {} } },
    ]) {
      expect(outcome(judge(message))).toBe('rejected missing_type');
    }
  });

  it('judges a record by the time at which it came in, if its wrapper says one that has been', () => {
    const at = (ts: unknown) =>
      outcome(judge({ ts, payload: trace({}, { timestamp: NOW }) }));
    expect(at(NOW - 86_400_000)).toBe('accepted');
    expect(at(NOW - 86_400_001)).toBe('rejected bad_timestamp');
    expect(at(String(NOW - 86_400_001))).toBe('rejected bad_timestamp');
    expect(at('yesterday')).toBe('accepted');
    // Kafka's "no timestamp", and that of other tools.
    expect(at(-1)).toBe('accepted');
    expect(at(0)).toBe('accepted');
    const late = trace({}, { timestamp: NOW + 86_400_001 });
    expect(outcome(judge({ ts: NOW + 86_400_001, payload: late }))).toBe(
      'rejected bad_timestamp',
    );
  });

  const row = (columns: object = {}) => ({
    event_id: trace().id,
    event_type: 'stream_trace',
    event_ts: new Date(ENVELOPE).toISOString(),
    gateway: 'gateway-fra',
    data: trace().data,
    source_topic: 'network_events',
    ...columns,
  });

  it('reads a row of an events table as the message that it stands for', () => {
    for (const columns of [{}, { data: JSON.stringify(trace().data) }]) {
      const text = JSON.stringify(row(columns));
      const { event, raw: kept } = accepted(classify(text, NOW));
      expect(kept).toBe(text);
      expect(splice(event.envelope, event.data, event.data_at)).toBe(text);
      expect({ ...event, envelope: '', data_at: 0 }).toEqual({
        ...plain.event,
        envelope: '',
        data_at: 0,
      });
    }
  });

  it.each([
    ['2026-01-08 23:59:00', ENVELOPE],
    ['2026-01-08T23:59:00Z', ENVELOPE],
    ['2026-01-08T23:59:00.123456', ENVELOPE + 123],
    ['2026-01-08 23:59:00.1235+00:00', ENVELOPE + 124],
    ['2026-01-09 01:59:00+02', ENVELOPE],
    ['2026-01-08T18:29:00.5-0530', ENVELOPE + 500],
    [String(ENVELOPE), ENVELOPE],
    [ENVELOPE, ENVELOPE],
  ])('reads event_ts %s', (time, expected) => {
    const { event } = accepted(judge(row({ event_ts: time })));
    expect(event.envelope_time).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-13-08T00:00:00Z',
    '2026-01-08',
    '2026-01-08t23:59:00z',
    '2026-01-08T23:59:00.1234567Z',
    '2026-01-08T25:59:00Z',
    null,
  ])('takes another event_ts for a timestamp: %s', time => {
    expect(outcome(judge(row({ event_ts: time })))).toBe(
      'rejected bad_timestamp',
    );
  });

  it('takes what has no event_type or no data for no row', () => {
    for (const columns of [
      { event_type: '' },
      { event_type: 5 },
      { data: null },
    ]) {
      expect(outcome(judge(row(columns)))).toBe('rejected missing_type');
      expect(
        accepted(judge({ ...row(columns), value: trace() })).event,
      ).toEqual(plain.event);
    }
  });

  it('takes an event_id that is no text to the last digit', () => {
    const written = JSON.stringify(row({ event_id: 1, id: 2 })).replace(
      '"event_id":1',
      '"event_id":9007199254740993',
    );
    expect(accepted(classify(written, NOW)).event.event_id).toBe(
      '9007199254740993',
    );
  });

  it('hashes the whole row where it has no event_id', () => {
    const ids = [row(), row({ source_topic: 'other' })].map(
      one => accepted(judge({ ...one, event_id: undefined })).event.event_id,
    );
    expect(ids[0]).toMatch(/^sha256:/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it('reads half of a pair in data that came as text as U+FFFD before what the text spells', () => {
    const spelled = JSON.stringify(trace({ stream_id: 'X' }).data);
    const data = spelled.replace('X', '\\ud83d\ud800\\ude00');
    const { event } = accepted(judge(trace({}, { data })));
    expect(event.stream_id).toBe('\ufffd'.repeat(3));
    expect(JSON.parse(event.data).stream_id.toWellFormed()).toBe(
      event.stream_id,
    );
  });

  it('decodes data that came as text', () => {
    const data = JSON.stringify(trace().data, null, 1);
    const message = trace({}, { data });
    const { event } = accepted(judge(message));
    expect(event).toEqual({
      ...plain.event,
      data,
      envelope: JSON.stringify(message),
      data_at: null,
    });
  });

  it('reads bytes that are no UTF-8 as U+FFFD, one for each maximal part', () => {
    const text = JSON.stringify(trace({}, { gateway: '@', id: '@' }));
    const parts: Array<[number[], string]> = [
      [[0xff], '\ufffd'],
      [[0xf0, 0x9f, 0x98], '\ufffd'],
      [[0xe2, 0x82, 0x41], '\ufffdA'],
      [[0xc0, 0xaf], '\ufffd\ufffd'],
      [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ];
    for (const [bytes, expected] of parts) {
      const sent = Buffer.from(
        text.replaceAll('@', String.fromCharCode(...bytes)),
        'latin1',
      );
      const { event, verbatim, raw: read } = accepted(classify(sent, NOW));
      expect([event.gateway, event.event_id]).toEqual([expected, expected]);
      expect(verbatim).toBe(false);
      expect(splice(event.envelope, event.data, event.data_at)).toBe(read);
    }
  });

  it('takes bytes as well as text', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(trace()));
    expect(classify(bytes, NOW)).toEqual(plain);
  });
});

describe('every message ends in one class; the first that holds', () => {
  const many = 'x'.repeat(MAX_MESSAGE_BYTES);

  it.each<[string, unknown, string]>([
    ['no type', trace({}, { type: undefined }), 'rejected missing_type'],
    ['a null type', trace({}, { type: null }), 'rejected missing_type'],
    ['an empty type', trace({}, { type: '' }), 'rejected missing_type'],
    ['a type that is no text', trace({}, { type: 5 }), 'rejected missing_type'],
    ['no data', trace({}, { data: undefined }), 'rejected missing_data'],
    ['null data', trace({}, { data: null }), 'rejected missing_data'],
    [
      'no timestamp',
      trace({}, { timestamp: undefined }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp that is no number',
      trace({}, { timestamp: 'now' }),
      'rejected bad_timestamp',
    ],
    [
      'an empty timestamp',
      trace({}, { timestamp: '' }),
      'rejected bad_timestamp',
    ],
    [
      'a hexadecimal timestamp',
      trace({}, { timestamp: '0x19b9f1b2b00' }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp of 10^300',
      trace({}, { timestamp: 1e300 }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp of 10^300 as text',
      trace({}, { timestamp: '1e300' }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp of 10^999 as text',
      trace({}, { timestamp: '1e999' }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp before 2020',
      trace({}, { timestamp: Date.UTC(2020, 0, 1) - 1 }),
      'rejected bad_timestamp',
    ],
    [
      'a timestamp of 2020',
      trace({}, { timestamp: Date.UTC(2020, 0, 1) }),
      'accepted',
    ],
    [
      'a timestamp a day later than it came in',
      trace({}, { timestamp: NOW + 86_400_000 }),
      'accepted',
    ],
    [
      'a timestamp over a day later',
      trace({}, { timestamp: NOW + 86_400_001 }),
      'rejected bad_timestamp',
    ],
    ['a foreign type', of('webrtc_stats', 5), 'ignored unsupported_type'],
    [
      'a name of Object.prototype',
      of('constructor', {}),
      'ignored unsupported_type',
    ],
    [
      'a foreign step',
      trace({ type: 'app_start' }),
      'ignored unsupported_subtype',
    ],
    [
      'a foreign step without a request',
      trace({ type: 'app_start', request_id: '' }),
      'ignored unsupported_subtype',
    ],
    [
      'a foreign step in data that is text',
      trace({}, { data: '{"type":"app_start"}' }),
      'ignored unsupported_subtype',
    ],
    ['a step that is no text', trace({ type: 5 }), 'rejected schema'],
    ['an empty step', trace({ type: '' }), 'rejected schema'],
    ['no request', trace({ request_id: '' }), 'rejected schema'],
    [
      'a request that is no text',
      trace({ request_id: 12345678 }),
      'rejected schema',
    ],
    [
      'a request with 512 characters',
      trace({ request_id: '😀'.repeat(512) }),
      'accepted',
    ],
    [
      'a request with over 512 characters',
      trace({ request_id: '/'.repeat(513) }),
      'rejected schema',
    ],
    ['data that is an array', trace({}, { data: [] }), 'rejected schema'],
    [
      'data that is text but not JSON',
      trace({}, { data: '{' }),
      'rejected schema',
    ],
    ['empty data', trace({}, { data: '' }), 'rejected schema'],
    [
      'data that is twice text',
      trace({}, { data: JSON.stringify(JSON.stringify(trace().data)) }),
      'rejected schema',
    ],
    [
      'a status without a type',
      of('ai_stream_status', { request_id: 'r' }),
      'rejected schema',
    ],
    [
      'an ingest metric without a type',
      of('stream_ingest_metrics', { request_id: 'r' }),
      'accepted',
    ],
    [
      'an ingest metric without a request',
      of('stream_ingest_metrics', {}),
      'rejected schema',
    ],
    ['an empty report', of('network_capabilities', []), 'accepted'],
    [
      'a report of one object',
      of('discovery_results', { address: 'a' }),
      'accepted',
    ],
    [
      'an entry without an address',
      of('discovery_results', [{ address: 'a' }, {}]),
      'accepted',
    ],
    [
      'entries of which none has an address',
      of('network_capabilities', [{}, { address: '' }]),
      'accepted',
    ],
    [
      'one object without an address',
      of('discovery_results', {}),
      'rejected schema',
    ],
    [
      'one object whose address is no text',
      of('network_capabilities', { address: 5 }),
      'rejected schema',
    ],
    [
      'one object whose address has over 512 characters',
      of('network_capabilities', { address: 'x'.repeat(513) }),
      'rejected schema',
    ],
    [
      'an entry that is null',
      of('network_capabilities', [null]),
      'rejected schema',
    ],
    ['any payment', of('create_new_payment', {}), 'accepted'],
    [
      'a payment that is text but not JSON',
      of('create_new_payment', 'x'),
      'rejected schema',
    ],
    [
      'a scrape',
      of('orchestrator_scrape', { target: 'https://o.example' }),
      'accepted',
    ],
    ['any scrape', of('orchestrator_scrape', []), 'accepted'],
    ['any signed ticket', of('create_signed_ticket', {}), 'accepted'],
    ...[
      'network_capabilities',
      'discovery_results',
      'create_new_payment',
      'create_signed_ticket',
      'orchestrator_scrape',
    ].flatMap(
      (family): Array<[string, unknown, string]> => [
        [
          `${family} that a runner said`,
          of(family, { address: 'a', orchestrator_info: {} }),
          'rejected forwarded',
        ],
        [
          `${family} of which a runner said an entry`,
          of(family, [{ address: 'a' }, { orchestrator_info: 0 }]),
          'rejected forwarded',
        ],
        [
          `${family} that a runner said, and that breaks the minimum`,
          of(family, ['x', { orchestrator_info: '' }]),
          'rejected forwarded',
        ],
        [
          `${family} with a null in its place`,
          of(family, [{ address: 'a', orchestrator_info: null }]),
          'accepted',
        ],
      ],
    ),
    ['no type and no data', { timestamp: 'x' }, 'rejected missing_type'],
    [
      'no data and a bad timestamp',
      { type: 'nobody_knows' },
      'rejected missing_data',
    ],
    [
      'a bad timestamp and a foreign type',
      { type: 'x', data: 1 },
      'rejected bad_timestamp',
    ],
  ])('%s', (_, message, expected) => {
    expect(outcome(judge(message))).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['absent', {}, 'accepted'],
    ['null', { fps: null }, 'accepted'],
    ['0', { fps: 0 }, 'accepted'],
    ['1000', { fps: 1000 }, 'accepted'],
    ['over 1000', { fps: 1000.1 }, 'rejected schema'],
    ['negative', { fps: -0.1 }, 'rejected schema'],
    ['text', { fps: '20' }, 'rejected schema'],
    ['an object', { fps: {} }, 'rejected schema'],
    ['of no status', null, 'accepted'],
    ['of a status that is no object', 'fps', 'accepted'],
  ])('fps %s', (_, status, expected) => {
    const data = { type: 'status', request_id: 'r', inference_status: status };
    expect(outcome(judge(of('ai_stream_status', data)))).toBe(expected);
  });

  it('takes every step in the contract', () => {
    for (const type of TRACE_SUBTYPES) {
      expect(outcome(judge(trace({ type })))).toBe('accepted');
    }
  });

  it.each<[string, string | Uint8Array, string]>([
    ['half a line', JSON.stringify(trace()).slice(0, 80), 'rejected not_json'],
    ['nothing', '', 'rejected not_json'],
    [
      'a byte order mark',
      `\ufeff${JSON.stringify(trace())}`,
      'rejected not_json',
    ],
    ['an array', JSON.stringify([trace()]), 'rejected not_an_object'],
    ['a text', '"x"', 'rejected not_an_object'],
    ['null', 'null', 'rejected not_an_object'],
    ['over 1 MiB', many + 1, 'rejected too_large'],
    ['1 MiB', many, 'rejected not_json'],
    [
      '1 MiB of characters that are more bytes',
      `é${many.slice(1)}`,
      'rejected too_large',
    ],
    [
      'over 1 MiB of bytes',
      Buffer.alloc(MAX_MESSAGE_BYTES + 1),
      'rejected too_large',
    ],
    [
      'bytes that are no UTF-8',
      Buffer.from('{"type":"\xff"}', 'latin1'),
      'rejected missing_data',
    ],
    ['a name twice', '{"type":"x","type":"x"}', 'rejected repeated_name'],
    [
      'a name twice once escapes are read',
      '{"type":"x","t\\u0079pe":"x"}',
      'rejected repeated_name',
    ],
    [
      'a name twice, deep',
      '{"a":[{"b":{"c":1,"d":2,"c":1}}]}',
      'rejected repeated_name',
    ],
    ['a name twice in an array', '[{"a":1,"a":1}]', 'rejected repeated_name'],
    [
      'a name twice in a row of objects',
      '[{"a":1},{"a":1}]',
      'rejected not_an_object',
    ],
    [
      'a name twice in data that is text, of a type that nobody knows',
      JSON.stringify({ type: 'x', data: '{"a":{"b":1,"b":2}}' }),
      'rejected repeated_name',
    ],
    [
      'a name twice in a text within data',
      JSON.stringify(trace({ message: '{"a":1,"a":2}' })),
      'accepted',
    ],
    [
      'a name twice in a wrapper',
      `{"key":1,"key":2,"value":${JSON.stringify(trace())}}`,
      'rejected repeated_name',
    ],
    [
      'a name twice in what is wrapped as text',
      JSON.stringify({ payload: '{"type":"x","type":"x"}' }),
      'rejected repeated_name',
    ],
    [
      'a wrapper over 1 MiB of a message under it',
      JSON.stringify({ headers: many, payload: trace() }),
      'accepted',
    ],
    [
      'a wrapper whose content is over 1 MiB',
      JSON.stringify({ payload: trace({ message: many }) }),
      'rejected too_large',
    ],
    [
      'a row over 1 MiB',
      JSON.stringify({ event_type: 'x', data: 1, event_id: many }),
      'rejected too_large',
    ],
    [
      'a wrapper over 8 MiB',
      `{"a":"${many.repeat(8)}","payload":{}}`,
      'rejected too_large',
    ],
    [
      'half a character',
      Buffer.from('{"type":"\u00e9"}').subarray(0, 10),
      'rejected not_json',
    ],
  ])('%s', (_, raw, expected) => {
    expect(outcome(classify(raw, NOW))).toBe(expected);
  });

  it('takes a replacement character that was sent as such', () => {
    const bytes = Buffer.from(JSON.stringify(trace({ message: '\ufffd' })));
    expect(outcome(classify(bytes, NOW))).toBe('accepted');
  });
});

describe('deep nesting neither overflows nor takes long', () => {
  const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
  const depth = MAX_MESSAGE_BYTES / 2 - 1000;

  it.each<[string, string, string]>([
    ['brackets alone', '['.repeat(MAX_MESSAGE_BYTES), 'rejected not_json'],
    [
      'in data',
      `{"type":"create_new_payment","timestamp":${ENVELOPE},"data":${deep(
        depth,
      )}}`,
      'accepted',
    ],
    [
      'in data that is text',
      `{"type":"create_new_payment","timestamp":${ENVELOPE},"data":"${deep(
        depth,
      )}"}`,
      'accepted',
    ],
    [
      'in the id',
      `{"id":${deep(
        depth,
      )},"type":"create_new_payment","timestamp":${ENVELOPE},"data":{}}`,
      'accepted',
    ],
    [
      'in objects',
      `{"type":"create_new_payment","timestamp":${ENVELOPE},"data":${'{"a":'.repeat(
        150_000,
      )}1${'}'.repeat(150_000)}}`,
      'accepted',
    ],
    [
      'backslashes',
      `{"type":"create_new_payment","timestamp":${ENVELOPE},"data":{"a":"${'\\\\'.repeat(
        500_000,
      )}"}}`,
      'accepted',
    ],
  ])('%s', (_, raw, expected) => {
    // Of the processor, not of the clock: a busy machine doesn't count.
    const start = process.cpuUsage();
    expect(outcome(classify(raw, NOW))).toBe(expected);
    expect(process.cpuUsage(start).user).toBeLessThan(10_000_000);
  });
});
