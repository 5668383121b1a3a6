import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError, NotFoundError, toError } from '@backstage/errors';
import type {
  LineageAnswer,
  LineageNode,
  LineageNodeAnswer,
  LineageState,
  Run,
  StepId,
} from '@naap/plugin-naap-common';
import type {
  LineageGraph,
  LineageNodeFacts,
  LineageSource,
  NaapLineageExtensionPoint,
} from '@naap/plugin-naap-node';
import { mergeGraphs } from './mergeGraphs';

/** Where a node stands, by what its layer knows and by the last run of the step that writes it. */
function stateOf(
  facts: LineageNodeFacts | undefined,
  run: Run | undefined,
): LineageState | null {
  if (!facts && !run) return null;
  // Who cancels a run says nothing about what is there.
  const whole = run?.state === 'cancelled' ? undefined : run;
  return {
    updatedAt: facts?.updatedAt ?? whole?.finishedAt ?? null,
    runId: run?.id ?? null,
    ok: whole ? whole.state === 'succeeded' : facts?.ok ?? null,
    rows: facts?.rows ?? null,
    tests: facts?.tests ?? null,
  };
}

/** The sources that the layers' modules brought. */
export class LineageSources implements NaapLineageExtensionPoint {
  readonly #sources = new Map<string, LineageSource>();

  addSource(source: LineageSource): void {
    if (this.#sources.has(source.id)) {
      throw new ConflictError(
        `Two modules bring the lineage source '${source.id}'`,
      );
    }
    this.#sources.set(source.id, source);
  }

  all(): LineageSource[] {
    return [...this.#sources.values()];
  }
}

/** The lineage of all layers in one. */
export class Lineage {
  readonly #sources: LineageSources;
  readonly #lastRuns: (steps?: StepId[]) => Promise<Map<StepId, Run>>;
  readonly #logger: LoggerService;

  constructor(options: {
    sources: LineageSources;
    /** The last run that has ended of each of the steps, or of all. */
    lastRuns: (steps?: StepId[]) => Promise<Map<StepId, Run>>;
    logger: LoggerService;
  }) {
    this.#sources = options.sources;
    this.#lastRuns = options.lastRuns;
    this.#logger = options.logger;
  }

  /** The whole graph. What a source can't tell is among the problems; the rest is there. */
  async read(): Promise<Omit<LineageAnswer, 'next'>> {
    const problems: string[] = [];
    const sources = this.#sources.all();
    const from = <T>(what: string, ask: Promise<T>) =>
      this.#known(what, ask, problems);
    const [graphs, facts, runs] = await Promise.all([
      Promise.all(sources.map(s => from(s.id, s.read()))),
      Promise.all(sources.map(s => from(`state of ${s.id}`, s.facts()))),
      from('runs', this.#lastRuns()),
    ]);
    const read = graphs.filter((graph): graph is LineageGraph => !!graph);
    graphs.forEach((graph, i) => {
      if (graph?.nodes.length === 0) {
        problems.push(`${sources[i].id}: has no nodes`);
      }
    });
    const known = Object.assign({}, ...facts.filter(Boolean)) as Record<
      string,
      LineageNodeFacts
    >;
    const merged = mergeGraphs(read);
    return {
      ...merged,
      nodes: merged.nodes.map(
        (node): LineageNode => ({
          ...node,
          state: stateOf(
            known[node.id],
            node.step === null ? undefined : runs?.get(node.step),
          ),
        }),
      ),
      problems,
    };
  }

  /**
   * One node, from its own layer alone, and more about it: from whoever knows more. What reads a table may describe it.
   *
   * @throws NotFoundError when no layer brings the node
   */
  async node(id: string): Promise<LineageNodeAnswer> {
    for (const source of this.#sources.all()) {
      const graph = await this.#known(source.id, source.read());
      const found = graph?.nodes.find(node => node.id === id);
      if (!found || found.hidden) continue;
      const { hidden, ...node } = found;
      const steps = node.step === null ? [] : [node.step];
      const [facts, runs, detail] = await Promise.all([
        this.#known(`state of ${source.id}`, source.facts()),
        this.#known('runs', this.#lastRuns(steps)),
        this.#detail(id, source),
      ]);
      const run = node.step === null ? undefined : runs?.get(node.step);
      return {
        node: { ...node, state: stateOf(facts?.[id], run) },
        ...(detail ?? { columns: [], sql: null, path: null, tests: [] }),
      };
    }
    throw new NotFoundError(`The lineage has no node '${id}'`);
  }

  async #detail(id: string, own: LineageSource) {
    const others = this.#sources.all().filter(source => source !== own);
    for (const source of [own, ...others]) {
      const detail = await source.detail?.(id);
      if (detail) return detail;
    }
    return undefined;
  }

  /** What was asked for; undefined, and a problem, when it can't be told. */
  async #known<T>(
    what: string,
    ask: Promise<T>,
    problems: string[] = [],
  ): Promise<T | undefined> {
    try {
      return await ask;
    } catch (error) {
      const { message } = toError(error);
      this.#logger.warn(`Lineage: ${what} can't be read: ${message}`);
      problems.push(`${what}: ${message}`);
      return undefined;
    }
  }
}
