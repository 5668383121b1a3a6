import {
  KpiRow,
  RowTargets,
  targetsTogether,
  Window,
} from '@naap/plugin-naap-common';
import { useMemo } from 'react';
import { useInventory, useKpis, useScores } from '../api/queries';
import { useTargets } from './queries';
import { cueBasis } from './cueBasis';
import { Subject } from './subject';

const FAILED: RowTargets = { failed: true };

/** Targets of a row of one model; undefined while they are on their way. */
export type TargetsOfModel = (row: KpiRow) => RowTargets | undefined;

/** What a scorecard and its card both ask for. */
export function useScorecard(subject: Subject, window: Required<Window>) {
  const query = { ...window, filters: subject.filters };
  const total = useKpis(query);
  const others = useKpis({ ...query, by: [subject.others] });
  const scores = useScores({ ...query, by: subject.kind });
  const targets = useTargets(window);
  const row = total.data?.rows[0];
  const otherRows = others.data?.rows;
  const targetRows = targets.data?.rows;
  const failed =
    (targets.isError && !targetRows) || (others.isError && !otherRows);
  const rowTargets = useMemo<RowTargets>(() => {
    if (failed) {
      return FAILED;
    }
    if (!targetRows) {
      return {};
    }
    const byModel: KpiRow[] =
      subject.kind === 'orchestrator'
        ? otherRows ?? []
        : (row && [{ ...row, model: subject.id }]) ?? [];
    return targetsTogether(byModel, targetRows);
  }, [subject, row, otherRows, targetRows, failed]);
  /** Of what is of one model. */
  const targetsOf = useMemo(
    (): TargetsOfModel => ofModel =>
      failed ? FAILED : targetRows && targetsTogether([ofModel], targetRows),
    [targetRows, failed],
  );
  return {
    total,
    row,
    others,
    targets: rowTargets,
    targetsOf,
    scores,
    score: scores.data?.rows.find(({ key }) => key === subject.id),
  };
}

/** Where the estimate of CUE comes from, once it is known. */
export function useCueBasis(
  subject: Subject,
  others: readonly KpiRow[] | undefined,
): string | undefined {
  const { data } = useInventory();
  return useMemo(() => {
    if (!data || !others) {
      return undefined;
    }
    const names = new Set(
      subject.kind === 'model'
        ? [subject.id]
        : others.map(({ model }) => model),
    );
    const reporters = new Set(
      subject.kind === 'orchestrator'
        ? [subject.id]
        : others.map(({ orchestrator }) => orchestrator),
    );
    return cueBasis(
      data.models.filter(({ model }) => names.has(model)),
      [
        ...new Set(
          data.orchestrators
            .filter(({ orchestrator }) => reporters.has(orchestrator))
            .flatMap(({ gpus }) => gpus),
        ),
      ].sort(),
    );
  }, [data, others, subject]);
}
