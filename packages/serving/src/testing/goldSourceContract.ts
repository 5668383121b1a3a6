import { GoldRows, GoldSnapshot, GoldSource } from '../contract';
import { DAY_TABLES, DIMENSION_TABLES } from '../tables';

/** Rows that each day table has of a day, by day. */
export type RowsByDay = Record<string, number>;

/** A source of gold, and what a test must be able to do beside it. */
export interface GoldUnderTest {
  gold: GoldSource;
  /** Ends a build that leaves these days. A day that has other rows than before is changed by it. */
  build(id: string, days: RowsByDay): Promise<void>;
  /** The rows that lie in what was exported of one table. */
  read(rows: GoldRows[]): Promise<RowsByDay>;
  close(): Promise<void>;
}

/** What every source of gold keeps to. */
export function goldSourceContract(open: () => Promise<GoldUnderTest>): void {
  let tested: GoldUnderTest;
  let held: GoldSnapshot[];

  beforeEach(async () => {
    tested = await open();
    held = [];
  });

  afterEach(async () => {
    for (const snapshot of held) await snapshot.dispose();
    await tested.close();
  });

  const take = async () => {
    const snapshot = await tested.gold.snapshot();
    if (!snapshot) throw new Error('gold has no build');
    held.push(snapshot);
    return snapshot;
  };

  it('gives nothing before the first build', async () => {
    expect(await tested.gold.snapshot()).toBeNull();
  });

  it('names the build, and the days with the build that changed each, oldest first', async () => {
    await tested.build('b1', { '2026-01-08': 2, '2026-01-07': 1 });
    await tested.build('b2', { '2026-01-08': 3, '2026-01-07': 1 });
    const snapshot = await take();
    expect(snapshot.build.id).toBe('b2');
    expect(await snapshot.days()).toEqual([
      { day: '2026-01-07', buildId: 'b1' },
      { day: '2026-01-08', buildId: 'b2' },
    ]);
  });

  it('exports days asked for, from the first on, and no other; it says of each what lies in the files', async () => {
    await tested.build('b1', {
      '2026-01-06': 5,
      '2026-01-07': 1,
      '2026-01-08': 3,
    });
    const asked = ['2026-01-08', '2026-01-07'];
    const { days, files } = await (await take()).export(asked);
    expect(days.length).toBeGreaterThan(0);
    expect(days.map(({ day }) => day)).toEqual(asked.slice(0, days.length));
    for (const table of DAY_TABLES) {
      const rows = days.map(({ day, tables }) => [day, tables[table].rows]);
      expect(await tested.read(files[table])).toEqual(Object.fromEntries(rows));
    }
    expect(days[0]).toMatchObject({
      buildId: 'b1',
      sparse: true,
      tables: { kpi_hourly: { rows: 3 } },
    });
  });

  it('refuses a day that gold does not have', async () => {
    await tested.build('b1', { '2026-01-08': 1 });
    const exported = (await take()).export(['2020-01-01']);
    await expect(exported).rejects.toThrow('2020-01-01');
  });

  it('exports the dimension tables whole', async () => {
    await tested.build('b1', { '2026-01-08': 1 });
    const exported = await (await take()).exportDimensions();
    expect(Object.keys(exported).sort()).toEqual([...DIMENSION_TABLES].sort());
    for (const { path, rows } of Object.values(exported)) {
      expect(path).toBeTruthy();
      expect(rows).toEqual(expect.any(Number));
    }
  });

  it('gives what its build left, whoever builds meanwhile', async () => {
    await tested.build('b1', { '2026-01-07': 1, '2026-01-08': 2 });
    const snapshot = await take();
    const building = tested.build('b2', { '2026-01-08': 7 });
    expect(await snapshot.days()).toEqual([
      { day: '2026-01-07', buildId: 'b1' },
      { day: '2026-01-08', buildId: 'b1' },
    ]);
    const { days, files } = await snapshot.export(['2026-01-08']);
    expect(days).toMatchObject([
      { buildId: 'b1', tables: { fct_swaps: { rows: 2 } } },
    ]);
    expect(await tested.read(files.fct_swaps)).toEqual({ '2026-01-08': 2 });
    expect(snapshot.build.id).toBe('b1');
    await snapshot.dispose();

    await building;
    const after = await take();
    expect(after.build.id).toBe('b2');
    expect(await after.days()).toEqual([{ day: '2026-01-08', buildId: 'b2' }]);
  });

  it('gives nothing any more once it is disposed of, which can be repeated', async () => {
    await tested.build('b1', { '2026-01-08': 1 });
    const snapshot = await take();
    await snapshot.dispose();
    await snapshot.dispose();
    await expect(snapshot.days()).rejects.toThrow('disposed of');
    await expect(snapshot.export(['2026-01-08'])).rejects.toThrow(
      'disposed of',
    );
    await expect(snapshot.exportDimensions()).rejects.toThrow('disposed of');
  });
}
