import {
  type Builder,
  type BuildOptions,
  type BuildPlan,
  type BuildResult,
  UnknownModelError,
} from '../Builder';
import { type BuildRecord, readBuildRecord } from '../buildRecord';
import type { LakeWorker } from '../LakeWorker';
import { exclusivelyIn } from '../rights';
import { type DbtProject, keptModels, modelsRebuiltWith } from './DbtProject';

/** dbt on the lake of one home: bronze → silver → gold. */
export class DbtRunner implements Builder {
  constructor(
    private readonly home: string,
    private readonly worker: LakeWorker,
    private readonly project: Pick<DbtProject, 'read'>,
  ) {}

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
    onProgress,
    signal,
  }: Parameters<Builder['run']>[0] = {}): Promise<BuildResult> {
    // The name is looked up before anything is built.
    if (model !== undefined) await this.plan({ model });
    return exclusivelyIn(this.home, 'warehouse', () =>
      this.worker.call<BuildResult>(
        'build',
        { home: this.home, full: full ?? false, model: model ?? null },
        { onProgress, signal },
      ),
    );
  }

  state(): Promise<BuildRecord | null> {
    return readBuildRecord(this.home);
  }
}
