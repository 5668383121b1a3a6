import { noCounts } from '@naap/ingestion';
import { BRONZE_TABLES } from '@naap/lakehouse';
import { allPages } from '@naap/plugin-naap-common';
import { Readable } from 'node:stream';
import type { Input, Platform } from '../platform/Platform';
import { askedFor } from './messages';

/** A home that platforms are opened on, one after the other. */
export interface PlatformHome {
  open(): Promise<Platform>;
  remove(): Promise<void>;
}

const inputOf = (name: string, ...messages: string[]): Input => ({
  name,
  open: () => Readable.from([Buffer.from(messages.join('\n'))]),
});

const broken: Input = {
  name: 'broken.ndjson',
  open: () =>
    new Readable({
      read() {
        this.destroy(new Error('the cable is out'));
      },
    }),
};

/** What every platform does with what commands ask of it, from an empty home on. */
export function platformContract(start: () => Promise<PlatformHome>): void {
  let home: PlatformHome;
  const said: string[] = [];
  const listener = {
    update: (text: string) => void said.push(text),
    done: (text: string) => void said.push(text),
  };
  const running = new AbortController().signal;
  const [began] = new Date().toISOString().split('T');

  /** Every use is an opening of its own, as commands are. */
  async function use<T>(work: (platform: Platform) => Promise<T>): Promise<T> {
    const platform = await home.open();
    try {
      return await work(platform);
    } finally {
      await platform.close();
    }
  }

  beforeAll(async () => {
    home = await start();
  });
  afterAll(() => home.remove());

  it('says so where there is nothing, and fails at nothing', async () => {
    await use(async platform => {
      expect(await platform.build({ full: false }, listener)).toMatchObject({
        buildId: null,
        skipped: 'no_events',
      });
      expect(await platform.sync(listener)).toMatchObject({
        buildId: null,
        replaced: [],
      });
      const { rows } = await platform.kpis({});
      expect(rows).toMatchObject([{ requests: 0 }]);
    });
  });

  it('opens no input once it is told to stop', async () => {
    const open = jest.fn();
    const inputs = [{ name: 'never', open }];
    const stopped = AbortSignal.abort();
    expect(
      await use(platform => platform.ingest(inputs, listener, stopped)),
    ).toEqual({ counts: noCounts(), failures: [] });
    expect(open).not.toHaveBeenCalled();
  });

  it('puts every message into one class, and reads on after an input that breaks off', async () => {
    const inputs = [
      broken,
      inputOf('first.ndjson', askedFor('aaaaaaaa'), '{"half": '),
      inputOf('second.ndjson', askedFor('aaaaaaaa')),
    ];
    const { counts, failures } = await use(platform =>
      platform.ingest(inputs, listener, running),
    );
    expect(counts).toEqual({
      ...{ read: 3, accepted: 1, ignored: 0, rejected: 1, duplicate: 1 },
      reasons: { not_json: 1 },
    });
    expect(failures).toEqual([expect.stringContaining('broken.ndjson')]);
    expect(failures[0]).toContain('the cable is out');
  });

  it('publishes what belongs together', async () => {
    const messages = [askedFor('bbbbbbbb'), askedFor('aaaaaaaa')];
    const lines = messages.map(message => Buffer.from(message));
    expect(
      await use(platform => platform.publish(lines, 'scraper')),
    ).toMatchObject({ read: 2, accepted: 1, duplicate: 1 });
  });

  const build = (full: boolean) =>
    use(platform => platform.build({ full }, listener));

  it('builds what arrived, once', async () => {
    const first = await build(false);
    expect(first).toMatchObject({ full: true, skipped: null, failures: [] });
    expect(said.length).toBeGreaterThan(0);
    expect(await build(false)).toMatchObject({
      buildId: first.buildId,
      skipped: 'nothing_new',
    });
  });

  it('builds everything anew when asked', async () => {
    const { buildId } = await build(false);
    const anew = await build(true);
    expect(anew).toMatchObject({ full: true, skipped: null });
    expect(anew.buildId).not.toBe(buildId);
  });

  it('serves nothing new before a sync, and all of it after', async () => {
    const days = await use(async platform => {
      expect((await platform.kpis({})).rows).toMatchObject([{ requests: 0 }]);
      const { buildId, replaced } = await platform.sync(listener);
      expect(buildId).not.toBeNull();
      expect((await platform.kpis({})).rows).toMatchObject([{ requests: 2 }]);
      return replaced;
    });
    // The day of the events, and the one on which they came in and are counted.
    const [today] = new Date().toISOString().split('T');
    expect(days.filter(day => day < began || day > today)).toEqual([
      '2026-01-15',
    ]);
    expect(await use(platform => platform.sync(listener))).toMatchObject({
      replaced: [],
      unchanged: days.length,
    });
  });

  it('answers in pages', async () => {
    await use(async platform => {
      const pages = await allPages(cursor =>
        platform.requests({ cursor, limit: 1, order: 'oldest' }),
      );
      const rows = pages.flatMap(page => page.rows);
      expect(pages).toHaveLength(2);
      expect(rows.map(row => row.request_id).sort()).toEqual([
        'aaaaaaaa',
        'bbbbbbbb',
      ]);
      const seen = await platform.availability({ by: ['orchestrator'] });
      expect(seen).toMatchObject({ next: null, rows: [] });
      expect(await platform.targets({})).toMatchObject({ next: null });
      const { next, orchestrators } = await platform.inventory({});
      expect({ next, orchestrators }).toEqual({
        next: null,
        orchestrators: [],
      });
    });
  });

  it('maintains every table of bronze', async () => {
    const tables = await use(platform => platform.maintain(listener));
    expect(Object.keys(tables).sort()).toEqual([...BRONZE_TABLES].sort());
  });

  it('finds no message of Kafka where none came by it', async () => {
    expect(await use(platform => platform.compare(listener))).toEqual([]);
  });

  it('judges anew what another gate judged, or everything', async () => {
    const replay = (all: boolean) =>
      use(platform => platform.replay({ all }, listener));
    expect(await replay(false)).toMatchObject({ judged: 0, changed: 0 });
    // Two that were accepted and one that was not.
    expect(await replay(true)).toMatchObject({ judged: 3, changed: 0 });
  });
}
