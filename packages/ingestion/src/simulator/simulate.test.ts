import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BronzeEvent, classify } from '@naap/events';
import { DEFECTS, SimulatedMessage, soil } from './dirt';
import { Random } from './random';
import { simulate } from './simulate';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 15, 12);
const MINUTE = 60_000;

const text = (messages: Iterable<SimulatedMessage>) =>
  Array.from(messages, ({ at, raw }) => `${at} ${raw}`);

const sum = (numbers: Iterable<number>) => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** How often each text is in the first list more than in the second. */
function surplus(first: readonly string[], second: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of second) counts.set(line, (counts.get(line) ?? 0) + 1);
  let more = 0;
  for (const line of first) {
    const count = counts.get(line) ?? 0;
    if (count === 0) more++;
    else counts.set(line, count - 1);
  }
  return more;
}

describe('simulate', () => {
  it('gives the same bytes for the same seed and window, others for another seed', () => {
    const window = { from: NOON, to: NOON + 10 * MINUTE, dirt: 0.05 };
    const first = text(simulate({ seed: 7, ...window }));

    expect(first.length).toBeGreaterThan(1000);
    expect(text(simulate({ seed: 7, ...window }))).toEqual(first);
    expect(
      surplus(first, text(simulate({ seed: 8, ...window }))),
    ).toBeGreaterThan(0.99 * first.length);
  });

  it.each([0, 0.3])(
    'gives the same messages however a time is cut into windows (dirt %d)',
    dirt => {
      const from = NOON - 20 * MINUTE + 123;
      const to = NOON + 50 * MINUTE + 1;
      const cuts = [from, from + 1, NOON - 1, NOON + 17 * MINUTE + 999, to];
      const options = { seed: 3, eventsPerDay: 400_000, dirt };
      const parts = cuts
        .slice(1)
        .flatMap((end, part) =>
          text(simulate({ ...options, from: cuts[part], to: end })),
        );

      expect(parts).toEqual(text(simulate({ ...options, from, to })));
    },
  );

  it('gives what arrives in the window, in order of arrival', () => {
    const from = NOON;
    const to = NOON + 30 * MINUTE;
    const times = Array.from(
      simulate({ seed: 1, from, to, dirt: 0.1 }),
      ({ at }) => at,
    );
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(from);
    expect(times[times.length - 1]).toBeLessThan(to);
    expect(times[times.length - 1]).toBeGreaterThan(to - MINUTE);
  });

  it('makes a day of 830,000 events and 470 MB within 3 %, and holds only what is in flight', () => {
    const from = Date.UTC(2026, 0, 15);
    let events = 0;
    let bytes = 0;
    let growth = 0;
    const before = heapInUse();
    for (const { raw } of simulate({ seed: 1, from, to: from + 24 * HOUR })) {
      bytes += Buffer.byteLength(raw) + 1;
      if (++events % 200_000 === 0) {
        growth = Math.max(growth, heapInUse() - before);
      }
    }

    expect(Math.abs(events / 830_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs(bytes / 470e6 - 1)).toBeLessThan(0.03);
    expect(growth).toBeLessThan(20e6);
  });

  it('repeats no id when nothing goes wrong', () => {
    const ids = new Set<string>();
    let events = 0;
    for (const { raw } of simulate({
      seed: 1,
      from: NOON,
      to: NOON + 2 * HOUR,
      dirt: 0,
    })) {
      ids.add(JSON.parse(raw).id);
      events++;
    }
    expect(ids.size).toBe(events);
  });

  it('makes other ids at another rate, so that a change of rate repeats none', () => {
    const ids = (eventsPerDay: number) =>
      new Set(
        Array.from(
          simulate({
            seed: 1,
            from: NOON,
            to: NOON + HOUR,
            eventsPerDay,
            dirt: 0,
          }),
        )
          .filter(({ raw }) => !raw.includes('network_capabilities'))
          .map(({ raw }) => JSON.parse(raw).id),
      );
    const slower = ids(100_000);
    expect([...ids(200_000)].filter(id => slower.has(id))).toEqual([]);
  });

  it('keeps the network at every rate and in every window', () => {
    const urls = (from: number, eventsPerDay: number) => {
      const report = Array.from(
        simulate({
          seed: 5,
          from,
          to: from + 4 * HOUR,
          eventsPerDay,
          dirt: 0,
        }),
      ).filter(({ raw }) => raw.includes('network_capabilities'));
      return new Set(
        report.flatMap(({ raw }) =>
          JSON.parse(raw).data.map(
            (entry: { orch_uri: string }) => entry.orch_uri,
          ),
        ),
      );
    };
    expect(urls(NOON, 20_000)).toEqual(urls(NOON + 90 * 24 * HOUR, 60_000));
  });

  it('has streams running at nearly any time at 50,000 events a day', () => {
    const from = Date.UTC(2026, 0, 15);
    const busy = new Set<number>();
    for (const { at, raw } of simulate({
      seed: 2,
      from,
      to: from + 24 * HOUR,
      eventsPerDay: 50_000,
    })) {
      if (raw.includes('ai_stream_status')) busy.add(Math.floor(at / MINUTE));
    }
    expect(busy.size / (24 * 60)).toBeGreaterThan(0.93);
  });

  it('is busier in the evening than in the morning (UTC)', () => {
    const events = (hour: number) => {
      const from = Date.UTC(2026, 0, 15, hour);
      return sum(
        Array.from(simulate({ seed: 1, from, to: from + HOUR }), () => 1),
      );
    };
    expect(events(19)).toBeGreaterThan(1.6 * events(7));
  });

  it.each([
    ['seed', { seed: 1.5 }],
    ['from', { from: NaN }],
    ['to', { to: -Infinity }],
    ['eventsPerDay', { eventsPerDay: -1 }],
    ['orchestrators', { orchestrators: 0 }],
    ['orchestrators', { orchestrators: 1001 }],
    ['gateways', { gateways: [] }],
    ['dirt', { dirt: 1.1 }],
  ])('names the option %s when it is out of its range', (name, wrong) => {
    const options = { seed: 1, from: NOON, to: NOON + 1, ...wrong };
    expect(() => simulate(options).next()).toThrow(RangeError);
    expect(() => simulate(options).next()).toThrow(`simulate: ${name}`);
  });

  it('runs with one orchestrator and one gateway', () => {
    const messages = Array.from(
      simulate({
        seed: 1,
        from: NOON,
        to: NOON + HOUR,
        orchestrators: 1,
        gateways: ['only'],
        dirt: 0,
      }),
    );
    const models = new Set(
      messages
        .filter(({ raw }) => raw.includes('ai_stream_status'))
        .map(({ raw }) => JSON.parse(raw).data.pipeline),
    );
    expect(models.size).toBe(4);
  });
});

describe('dirt', () => {
  it('touches the share of messages that is asked for', () => {
    const options = { seed: 4, from: NOON, to: NOON + 2 * HOUR };
    const clean = text(simulate({ ...options, dirt: 0 }));
    const dirty = text(simulate({ ...options, dirt: 0.02 }));
    // A changed message is missing here and new there, a lost or repeated one is only one of these.
    const touched = Math.max(surplus(clean, dirty), surplus(dirty, clean));

    expect(touched / clean.length).toBeGreaterThan(0.016);
    expect(touched / clean.length).toBeLessThan(0.022);
  });

  it('brings every class and reason that a message can end in, but for its size', () => {
    const seen = new Set<string>();
    const ids = new Set<string>();
    for (const { at, raw } of simulate({
      seed: 4,
      from: NOON,
      to: NOON + 2 * HOUR,
      dirt: 0.05,
    })) {
      const result = classify(raw, at);
      if (result.class !== 'accepted') {
        seen.add(`${result.class} ${result.reason}`);
      } else if (ids.has(result.event.event_id)) seen.add('duplicate');
      else ids.add(result.event.event_id);
    }
    expect([...seen].sort()).toEqual([
      'duplicate',
      'ignored unsupported_subtype',
      'ignored unsupported_type',
      'rejected bad_timestamp',
      'rejected forwarded',
      'rejected missing_data',
      'rejected missing_type',
      'rejected not_an_object',
      'rejected not_json',
      'rejected repeated_name',
      'rejected schema',
    ]);
  });

  const status = Array.from(
    simulate({ seed: 1, from: NOON, to: NOON + MINUTE, dirt: 0 }),
  ).find(({ raw }) =>
    /"type":"ai_stream_status".*"gateway":"[^"].*"fps"/.test(raw),
  )!;
  const capabilityReport = Array.from(
    simulate({ seed: 1, from: NOON, to: NOON + 30 * MINUTE, dirt: 0 }),
  ).find(({ raw }) => raw.includes('network_capabilities'))!;

  it.each(Object.entries(DEFECTS))(
    'changes something by "%s" and nothing of it comes early',
    (_name, defect) => {
      const soiled = defect(new Random(1, 2, 3, 4), status);
      expect(soiled).not.toEqual([status]);
      for (const { at } of soiled) expect(at).toBeGreaterThanOrEqual(status.at);
    },
  );

  const rounds = Array.from({ length: 100 }, (_, i) => new Random(i, 2, 3, 4));

  it.each([
    ['name twice', 'repeated_name'],
    ['forged report', 'forwarded'],
  ])('by "%s" is rejected as %s, whatever message it meets', (name, reason) => {
    const report = { at: NOON, raw: capabilityReport.raw };
    for (const message of [status, report]) {
      for (const random of rounds) {
        const soiled = DEFECTS[name](random, message).at(-1)!;
        expect(classify(soiled.raw, soiled.at)).toEqual({
          class: 'rejected',
          reason,
        });
      }
    }
  });

  it('of a wrapper is taken off by the gate: the same event comes in', () => {
    const plain = classify(status.raw, status.at);
    const { event_id: id, data } = (plain as { event: BronzeEvent }).event;
    for (const random of rounds) {
      const [{ raw, at }] = DEFECTS['wrapped by a tool'](random, status);
      expect(raw).not.toBe(status.raw);
      expect(classify(raw, at)).toMatchObject({
        class: 'accepted',
        event: { event_id: id, data },
      });
    }
  });

  it('of half a surrogate pair is text that can be kept', () => {
    for (const random of rounds) {
      const [{ raw, at }] = DEFECTS['half a surrogate pair'](random, status);
      expect(raw).toMatch(/\\ud83d"|\\ude00"/);
      expect(classify(raw, at).class).toBe('accepted');
    }
  });

  it('takes another defect where one changes nothing', () => {
    const nameless = {
      at: NOON,
      raw: '{"id":"x","type":"discovery_results","timestamp":"1768478400000","gateway":"","data":[]}',
    };
    const random = new Random(1, 2, 3, 4);
    for (let round = 0; round < 300; round++) {
      expect(soil(random, nameless)).not.toEqual([nameless]);
    }
  });
});
