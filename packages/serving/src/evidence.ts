import { RowCondition } from './conditions';
import { KPI_IDS, KpiId, RequestRow } from './contract';
import { InvalidQueryError } from './errors';

/** Facts that have a worst; all of them can be null. */
type Fact = 'ptff_ms' | 'e2e_ms' | 'startup_ms' | 'jitter' | 'fps_mean';

/** The requests that a KPI counts (docs/kpis.md §3, of one request). */
interface Evidence {
  /** Facts that they have. */
  known?: Array<Fact | 'gpu' | 'model'>;
  is?: Partial<Record<'swapped' | 'overlay', boolean>>;
  outcome?: RequestRow['outcome'];
  /** Which of them make it worse: those with the greatest or the least of a fact. */
  worst?: { fact: Fact; is: 'greatest' | 'least' };
}

const latency = (fact: Fact): Evidence => ({
  known: [fact],
  worst: { fact, is: 'greatest' },
});
const frames: Evidence = {
  known: ['fps_mean'],
  worst: { fact: 'fps_mean', is: 'least' },
};

const EVIDENCE: Record<KpiId, Evidence> = {
  output_fps: frames,
  ptff: { ...latency('ptff_ms'), is: { overlay: false } },
  e2e: { ...latency('e2e_ms'), is: { overlay: false } },
  startup: latency('startup_ms'),
  jitter: latency('jitter'),
  failure_rate: { outcome: 'failed' },
  swap_rate: { is: { swapped: true } },
  cue: { ...frames, known: ['fps_mean', 'gpu', 'model'] },
};

/** @throws InvalidQueryError for a KPI that there is not */
function evidenceOf(kpi: KpiId): Evidence {
  if (KPI_IDS.includes(kpi)) return EVIDENCE[kpi];
  throw new InvalidQueryError(
    `There is no KPI ${JSON.stringify(kpi)}; there are ${KPI_IDS.join(', ')}`,
  );
}

/** Which of the requests of a KPI make it worse; undefined: all alike. */
export function worstOf(kpi: KpiId): Evidence['worst'] {
  return evidenceOf(kpi).worst;
}

/** A condition on `fct_requests`. */
export function evidenceSql(kpi: KpiId): string {
  const { known = [], is = {}, outcome } = evidenceOf(kpi);
  return [
    ...known.map(fact => `${fact} IS NOT NULL`),
    ...Object.entries(is).map(([fact, value]) => `${fact} = ${value}`),
    ...(outcome ? [`outcome = '${outcome}'`] : []),
  ].join(' AND ');
}

/** What `evidenceSql` says, of rows in memory. */
export function rowEvidence(kpi: KpiId): Array<RowCondition<keyof RequestRow>> {
  const { known = [], is = {}, outcome } = evidenceOf(kpi);
  const equals = (
    column: keyof RequestRow,
    wanted: unknown,
  ): RowCondition<keyof RequestRow> => ({
    columns: [column],
    passes: value => value === wanted,
  });
  return [
    ...known.map(
      (fact): RowCondition<keyof RequestRow> => ({
        columns: [fact],
        passes: value => value !== null,
      }),
    ),
    ...Object.entries(is).map(([fact, value]) =>
      equals(fact as keyof RequestRow, value),
    ),
    ...(outcome ? [equals('outcome', outcome)] : []),
  ];
}
