import { type Builder, UnknownModelError } from '../Builder';

/** A builder on a lake of its own. */
export interface OpenBuilder {
  builder: Builder;
  /** Puts one more event into bronze. */
  addEvent(): Promise<void>;
  close(): Promise<void>;
}

/** What every `Builder` holds to. `open`: one whose bronze is empty and that never built. */
export function builderContract(open: () => Promise<OpenBuilder>): void {
  let lake: OpenBuilder;
  const builder = () => lake.builder;

  // One lake for all: what follows goes on where the test before it ended.
  beforeAll(async () => {
    lake = await open();
  });
  afterAll(() => lake.close());

  it('has nothing to build of an empty lake, and no state', async () => {
    expect(await builder().run()).toMatchObject({
      buildId: null,
      skipped: 'no_events',
      models: [],
    });
    expect(await builder().state()).toBeNull();
  });

  it('makes everything at first, and says what it read and made', async () => {
    await lake.addEvent();
    const progress: string[] = [];
    const result = await builder().run({
      onProgress: ({ message }) => progress.push(message),
    });
    expect(result).toMatchObject({ full: true, skipped: null, failures: [] });
    expect(progress.length).toBeGreaterThan(0);
    const made = result.models.find(({ name }) => name === 'kpi_hourly');
    const state = await builder().state();
    expect(state?.build.id).toBe(result.buildId);
    expect(state?.build.tests).toEqual(result.tests);
    expect(state?.tables?.kpi_hourly).toBe(made?.rows);
    expect(state?.snapshots?.events).toMatch(/^\d+$/);
  });

  it('has nothing to do until there is something new', async () => {
    const state = await builder().state();
    expect(await builder().run()).toMatchObject({
      buildId: state!.build.id,
      skipped: 'nothing_new',
    });
    expect(await builder().state()).toEqual(state);
  });

  it('takes what arrived, and reads at the snapshot that it records', async () => {
    const before = await builder().state();
    await lake.addEvent();
    const result = await builder().run();
    expect(result).toMatchObject({ full: false, skipped: null, failures: [] });
    const after = await builder().state();
    expect(after?.build.id).not.toBe(before?.build.id);
    expect(after?.snapshots?.events).not.toBe(before?.snapshots?.events);
    expect(await builder().run()).toMatchObject({ skipped: 'nothing_new' });
  });

  it('plans nothing for what arrived, a model with its children, or all that is kept', async () => {
    const names = async (options: { full?: boolean; model?: string }) =>
      (await builder().plan(options)).models.map(({ name }) => name);
    expect(await names({})).toEqual([]);
    const limited = await names({ model: 'fct_requests' });
    expect(limited).toEqual(
      expect.arrayContaining(['fct_requests', 'kpi_hourly']),
    );
    const all = await names({ full: true });
    expect(all).toEqual(expect.arrayContaining(limited));
    const rows = (await builder().state())?.tables;
    expect(Object.keys(rows!)).toEqual(expect.arrayContaining(all));
  });

  it('makes a model and its children anew on demand', async () => {
    const result = await builder().run({ model: 'kpi_hourly' });
    expect(result).toMatchObject({ full: false, skipped: null, failures: [] });
    expect(result.models.map(({ name }) => name)).toContain('kpi_hourly');
  });

  it('makes everything anew on demand', async () => {
    expect(await builder().run({ full: true })).toMatchObject({ full: true });
  });

  it('knows of no other model, and says which there are', async () => {
    for (const call of [
      () => builder().plan({ model: 'kpi_daily' }),
      () => builder().run({ model: 'kpi_daily' }),
    ]) {
      const error = await call().catch(e => e);
      expect(error).toBeInstanceOf(UnknownModelError);
      expect(error.message).toMatch(/'kpi_daily'; there are .*kpi_hourly/);
    }
  });

  it('gives up when it is told to, and the next build makes up for it', async () => {
    await lake.addEvent();
    const reason = new Error('enough');
    await expect(
      builder().run({ signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(await builder().run()).toMatchObject({ full: false, skipped: null });
  });
}
