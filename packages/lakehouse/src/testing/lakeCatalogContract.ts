import { bronzeFacts, type LakeCatalog } from '../LakeCatalog';
import type { LakeUnderTest } from './LakeUnderTest';
import { acceptedRow } from './logRows';

const T0 = Date.parse('2026-01-09T10:00:00.000Z');

const event = (id: string) => ({
  receivedAt: T0,
  rows: [
    acceptedRow(`{"id":"${id}","type":"stream_trace","data":{"n":1}}`, {
      at: T0,
    }),
  ],
});

const snapshots = async (catalog: LakeCatalog) => ({
  events: await catalog.snapshot('events'),
  quarantine: await catalog.snapshot('quarantine'),
  batches: await catalog.snapshot('batches'),
});

/**
 * What every `LakeCatalog` keeps.
 *
 * @param open - a new lake; who opens it closes it
 */
export function lakeCatalogContract(
  open: () => Promise<Omit<LakeUnderTest, 'reader'>>,
): void {
  it('knows no snapshot before anything is written', async () => {
    const { catalog, append } = await open();
    const none = { events: null, quarantine: null, batches: null };
    expect(await snapshots(catalog)).toEqual(none);
    await append([]);
    expect(await snapshots(catalog)).toEqual(none);
    expect((await catalog.tables()).map(({ name }) => name)).toEqual([
      'events',
      'quarantine',
      'batches',
    ]);
    const empty = { rows: 0, committedAt: null };
    expect(await bronzeFacts(catalog)).toEqual({
      events: empty,
      quarantine: empty,
      batches: empty,
    });
  });

  it('gives every commit that adds rows a snapshot of its own, table by table', async () => {
    const { catalog, append, compact } = await open();
    await append([event('a'), event('b')]);
    const first = await snapshots(catalog);
    expect(first).toEqual({
      events: {
        id: expect.stringMatching(/^\d+$/),
        rows: 2,
        committedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      },
      quarantine: null,
      batches: expect.objectContaining({ rows: 2 }),
    });
    await append([
      {
        receivedAt: T0,
        rows: [{ class: 'rejected', reason: 'not_json', raw: 'eA==' }],
      },
    ]);
    const second = await snapshots(catalog);
    expect(second.events).toEqual(first.events);
    expect(second.quarantine?.rows).toBe(1);
    expect(second.batches?.rows).toBe(3);
    expect(second.batches?.id).not.toBe(first.batches?.id);
    expect(await snapshots(catalog)).toEqual(second);
    await compact();
    const { events, quarantine, batches } = await snapshots(catalog);
    expect([events?.rows, quarantine?.rows, batches?.rows]).toEqual([2, 1, 3]);
  });
}
