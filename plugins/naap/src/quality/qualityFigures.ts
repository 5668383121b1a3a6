import {
  BuildInfo,
  IngestStatsRow,
  KpiRow,
  LineageNode,
} from '@naap/plugin-naap-common';
import { NamedFigure } from '../components/Figures';
import { formatCount, formatCountOf, formatValue } from '../lib/format';
import { formatUtc } from '../lib/time';
import type { RejectedShare } from './rejectedShare';

/** The classes of messages, in the order in which they are stacked. */
export const CLASSES = [
  'accepted',
  'duplicate',
  'ignored',
  'rejected',
] as const;

/** Messages by class over all hours. */
export function classTotals(
  rows: readonly IngestStatsRow[],
): Record<(typeof CLASSES)[number] | 'read', number> {
  const totals = {
    read: 0,
    accepted: 0,
    duplicate: 0,
    ignored: 0,
    rejected: 0,
  };
  for (const row of rows) {
    totals.read += row.read;
    CLASSES.forEach(name => {
      totals[name] += row[name];
    });
  }
  return totals;
}

/** Why messages were ignored or rejected, most first. */
export function reasonTotals(
  rows: readonly IngestStatsRow[],
): Array<{ reason: string; messages: number }> {
  const totals = new Map<string, number>();
  for (const { reasons } of rows) {
    for (const [reason, messages] of Object.entries(reasons)) {
      totals.set(reason, (totals.get(reason) ?? 0) + messages);
    }
  }
  return [...totals]
    .map(([reason, messages]) => ({ reason, messages }))
    .sort((a, b) => b.messages - a.messages || (a.reason < b.reason ? -1 : 1));
}

/** Messages of the window by class, with their shares. */
export function messageFigures(rows: readonly IngestStatsRow[]): NamedFigure[] {
  const totals = classTotals(rows);
  return [
    { name: 'Messages', value: formatCount(totals.read), evidence: 'came in' },
    ...CLASSES.map(name => ({
      name: name.charAt(0).toUpperCase() + name.slice(1),
      value: totals.read > 0 ? formatCount(totals[name]) : null,
      evidence: `${formatValue(
        totals.read > 0 ? totals[name] / totals.read : null,
        'fraction',
      )} of ${formatCountOf(totals.read, 'messages')}`,
      absence: 'No message in this window',
    })),
  ];
}

/** How far the telemetry of requests can be trusted, and the tests of the build. */
export function coverageFigures(
  total: KpiRow | undefined,
  build: BuildInfo | null,
): NamedFigure[] {
  const share = (
    name: string,
    count: number | undefined,
    of: number | undefined,
    nouns: string,
    absence: string,
  ): NamedFigure => ({
    name,
    value: of ? formatValue((count ?? 0) / of, 'fraction') : null,
    evidence: `${formatCount(count ?? 0)} of ${formatCountOf(of ?? 0, nouns)}`,
    absence,
  });
  const none = 'No request in this window';
  return [
    share(
      'Complete telemetry',
      total?.complete,
      total?.served,
      'served requests',
      'No served request in this window',
    ),
    share('Unknown outcome', total?.unknown, total?.requests, 'requests', none),
    share('Loading overlay', total?.overlay, total?.requests, 'requests', none),
    {
      name: 'Data tests',
      value: build && formatCountOf(build.tests.failed, 'failures'),
      evidence:
        build &&
        `${formatCount(build.tests.passed)} passed, ${formatCount(
          build.tests.warned,
        )} warned`,
      absence: 'No build yet',
    },
  ];
}

/** The rejected share of the newest hour against what is normal. */
export function rejectedFigure(rejected: RejectedShare | null): NamedFigure {
  const normal =
    rejected &&
    (rejected.normal === null
      ? 'the first hour with messages'
      : `normal is ${formatValue(rejected.normal, 'fraction')}`);
  return {
    name: 'Rejected, newest hour',
    value: rejected && formatValue(rejected.share, 'fraction'),
    evidence:
      rejected &&
      [
        rejected.alarming && 'above normal',
        `of ${formatCount(rejected.read)} at ${formatUtc(
          new Date(rejected.hour),
          new Date(),
        )} UTC`,
        normal,
      ]
        .filter(Boolean)
        .join(', '),
    absence: 'No message in this window',
  };
}

/** Messages whose request cannot be told, of all that is in the lake. */
export function unattributedFigure(
  node: Pick<LineageNode, 'state'> | undefined,
): NamedFigure {
  const rows = node?.state?.rows;
  return {
    name: 'Unattributed',
    value: typeof rows === 'number' ? formatCount(rows) : null,
    evidence: 'messages whose request cannot be told, of all built',
    absence: 'No build has counted them yet',
  };
}
