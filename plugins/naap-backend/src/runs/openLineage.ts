import type { LoggerService } from '@backstage/backend-plugin-api';
import type { LineageEdge, LineageNode, Run } from '@naap/plugin-naap-common';

const NAMESPACE = 'naap';
const PRODUCER = 'https://naap.livepeer.org/portal';
const SCHEMA =
  'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
const ERROR_SCHEMA =
  'https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet';
const PATIENCE_MS = 5_000;

const EVENT_TYPES = {
  running: 'START',
  succeeded: 'COMPLETE',
  failed: 'FAIL',
  cancelled: 'ABORT',
  lost: 'ABORT',
} as const;

/** The part of the lineage that the events tell of. */
export interface RunLineage {
  nodes: Array<Pick<LineageNode, 'id' | 'step'>>;
  edges: LineageEdge[];
}

/**
 * The OpenLineage event of a run that has begun or ended. Outputs are what the step writes, inputs what that is made
 * from and another step or nobody writes; by the ids of the lineage page.
 */
export function openLineageEvent(run: Run, { nodes, edges }: RunLineage) {
  if (run.state === 'queued') throw new Error(`Run ${run.id} has not begun`);
  const written = new Set(
    nodes.filter(({ step }) => step === run.step).map(({ id }) => id),
  );
  const read = edges
    .filter(({ from, to }) => written.has(to) && !written.has(from))
    .map(({ from }) => from);
  const dataset = (name: string) => ({ namespace: NAMESPACE, name });
  return {
    eventType: EVENT_TYPES[run.state],
    eventTime: run.finishedAt ?? run.startedAt ?? run.createdAt,
    producer: PRODUCER,
    schemaURL: SCHEMA,
    run: {
      runId: run.id,
      facets: run.error
        ? {
            errorMessage: {
              _producer: PRODUCER,
              _schemaURL: ERROR_SCHEMA,
              message: run.error,
              programmingLanguage: 'TypeScript',
            },
          }
        : {},
    },
    job: { namespace: NAMESPACE, name: run.step },
    inputs: [...new Set(read)].sort().map(dataset),
    outputs: [...written].sort().map(dataset),
  };
}

/**
 * A listener that sends the event of each run, one after the other. It never rejects: whoever listens there must not hold
 * up the pipeline.
 */
export function openLineageSender(options: {
  url: string;
  lineage: () => Promise<RunLineage>;
  logger: LoggerService;
}): (run: Run) => void {
  const { url, lineage, logger } = options;
  const send = async (run: Run) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(openLineageEvent(run, await lineage())),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  };
  let sent = Promise.resolve();
  return run => {
    sent = sent
      .then(() => send(run))
      .catch(error =>
        logger.warn(`OpenLineage was not told of run ${run.id}: ${error}`),
      );
  };
}
