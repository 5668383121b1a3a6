import {
  type Builder,
  type BuildOptions,
  type BuildPlan,
  type BuildResult,
  UnknownModelError,
} from '../Builder';
import type { BuildRecord } from '../buildRecord';

/** Models in order, each made of those before it. */
const MODELS = ['fct_requests', 'kpi_hourly'];

/** A builder whose bronze is a number of events, and whose gold is that number in every model. */
export class MemoryBuilder implements Builder {
  #events = 0;
  #builds = 0;
  #record: BuildRecord | null = null;

  addEvent(): void {
    this.#events += 1;
  }

  async plan({ full, model }: BuildOptions): Promise<BuildPlan> {
    const at = model === undefined ? MODELS.length : MODELS.indexOf(model);
    if (at < 0) throw new UnknownModelError(model!, MODELS);
    return {
      models: (full ? MODELS : MODELS.slice(at)).map(name => ({
        name,
        layer: 'gold',
        rows: this.#record?.tables?.[name] ?? null,
      })),
    };
  }

  async run(options: Parameters<Builder['run']>[0] = {}): Promise<BuildResult> {
    const { model, onProgress, signal } = options;
    await this.plan(options);
    signal?.throwIfAborted();
    const last = this.#record;
    const result = {
      buildId: last?.build.id ?? null,
      full: false,
      skipped: null,
      watermark: null,
      tests: { passed: 0, failed: 0, warned: 0 },
      failures: [],
      models: [],
      seconds: 0,
    };
    if (this.#events === 0) return { ...result, skipped: 'no_events' };
    const snapshot = String(this.#events);
    const full = options.full || last === null;
    if (!full && model === undefined && last.snapshots?.events === snapshot) {
      return { ...result, skipped: 'nothing_new' };
    }
    this.#builds += 1;
    const rows = this.#events;
    onProgress?.({ message: `counted ${rows} events` });
    this.#record = {
      build: {
        id: `build ${this.#builds}`,
        at: '2026-01-09T00:00:00.000Z',
        tests: result.tests,
      },
      watermark: null,
      simulated: false,
      snapshots: { events: snapshot, quarantine: null, batches: null },
      tables: Object.fromEntries(MODELS.map(name => [name, rows])),
    };
    return {
      ...result,
      buildId: this.#record.build.id,
      full,
      models: MODELS.map(name => ({ name, ms: 0, rows })),
    };
  }

  async state(): Promise<BuildRecord | null> {
    return this.#record;
  }
}
