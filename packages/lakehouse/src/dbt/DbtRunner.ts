import {
  type Builder,
  type BuildOptions,
  type BuildPlan,
  type BuildResult,
  UnknownModelError,
} from '../Builder';
import {
  type BuildRecord,
  readBuildRecord,
  readLakeBuildRecord,
} from '../buildRecord';
import type { LakeSettings } from '../LakeSettings';
import type { LakeWorker } from '../LakeWorker';
import { exclusivelyIn } from '../rights';
import type { TrinoSettings } from '../TrinoSettings';
import { type DbtProject, keptModels, modelsRebuiltWith } from './DbtProject';

/** A lake that machines share, and the Trino that makes silver and gold there. */
export interface SharedWarehouseSettings {
  lake: LakeSettings;
  trino: TrinoSettings;
}

/** dbt on one lake: bronze → silver → gold. */
export class DbtRunner implements Builder {
  readonly #shared: SharedWarehouseSettings | undefined;

  /**
   * @param home - whose lake it is; of a lake that machines share, where dbt keeps what it writes for itself
   * @param options.shared - machines that share a lake take turns by the queue of runs, and the lake knows who began last
   */
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
    private readonly project: Pick<DbtProject, 'read'>,
    options: { shared?: SharedWarehouseSettings } = {},
  ) {
    this.#shared = options.shared;
  }

  async plan({ full, model }: BuildOptions): Promise<BuildPlan> {
    const { models } = await this.project.read();
    const kept = keptModels(models);
    const rebuilt = model === undefined ? [] : modelsRebuiltWith(model, models);
    if (!rebuilt) {
      throw new UnknownModelError(
        model!,
        kept.map(({ name }) => name),
      );
    }
    const rows = (await this.state())?.tables ?? {};
    return {
      models: (full ? kept : rebuilt).map(({ name, layer }) => ({
        name,
        layer,
        rows: rows[name] ?? null,
      })),
    };
  }

  async run({
    full,
    model,
    days,
    onProgress,
    signal,
  }: Parameters<Builder['run']>[0] = {}): Promise<BuildResult> {
    // The name is looked up before anything is built.
    if (model !== undefined) await this.plan({ model });
    const args = { full: full ?? false, model: model ?? null, days };
    return exclusivelyIn(this.home, 'warehouse', () =>
      this.worker.call<BuildResult>(
        'build',
        { home: this.home, ...this.#shared, ...args },
        { onProgress, signal },
      ),
    );
  }

  state(): Promise<BuildRecord | null> {
    return this.#shared
      ? readLakeBuildRecord(this.#shared.lake, this.worker)
      : readBuildRecord(this.home);
  }
}
