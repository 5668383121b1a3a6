import { LakeWorker } from '../LakeWorker';

/** A model, seed or source of the dbt project. */
export interface DbtNode {
  /** dbt's: `model.naap.kpi_hourly`, `source.naap.bronze.events`. */
  id: string;
  name: string;
  /** Schema: `build` (scratch of one build), `silver`, `gold`, `seeds`, `bronze`. */
  layer: string;
  description: string;
  /** In the repository. */
  path: string;
  /** As written; null of seeds and sources. */
  sql: string | null;
  /** Ids of what it reads. */
  dependsOn: string[];
  columns: Array<{
    name: string;
    type: string | null;
    description: string | null;
    /** Columns of tables that outlive a build; empty: of constants, of counts, or not known. */
    from: Array<{ node: string; column: string }>;
  }>;
  /** Names of its data tests. */
  tests: string[];
}

/** Who reads gold. */
export interface DbtExposure {
  id: string;
  name: string;
  label: string;
  type: string;
  description: string;
  meta: Record<string, unknown>;
  dependsOn: string[];
}

export interface DbtProjectContent {
  models: DbtNode[];
  seeds: DbtNode[];
  sources: DbtNode[];
  exposures: DbtExposure[];
}

/** What the dbt project says of itself. */
export class DbtProject {
  #content: Promise<DbtProjectContent> | undefined;

  constructor(private readonly home: string) {}

  /**
   * Read once, in a worker of its own that is ended after it: the first time takes seconds, and neither a commit nor a
   * build should wait for it. Needs no lake.
   *
   * @throws LakeWorkerError when dbt can't read the project; the next call tries again
   */
  read(): Promise<DbtProjectContent> {
    this.#content ??= this.#read().catch(error => {
      this.#content = undefined;
      throw error;
    });
    return this.#content;
  }

  async #read(): Promise<DbtProjectContent> {
    const worker = new LakeWorker();
    try {
      return await worker.call('project', { home: this.home });
    } finally {
      await worker.stop();
    }
  }
}

/** Without the scratch of a build. Pure. */
export function keptModels(models: DbtNode[]): DbtNode[] {
  return models.filter(({ layer }) => layer !== 'build');
}

/**
 * The models that a build of `model` makes anew, scratch left out, in the order of `models`; undefined when there is no
 * such model. Pure.
 */
export function modelsRebuiltWith(
  model: string,
  models: DbtNode[],
): DbtNode[] | undefined {
  const first = keptModels(models).find(({ name }) => name === model);
  if (!first) return undefined;
  const found = new Set([first.id]);
  // A set that grows while it is walked: children of children are met too.
  for (const parent of found) {
    for (const node of models) {
      if (node.dependsOn.includes(parent)) found.add(node.id);
    }
  }
  return keptModels(models).filter(({ id }) => found.has(id));
}
