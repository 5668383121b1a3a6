import {
  formatCount,
  formatCountOf,
  formatValue,
  isIdle,
  KpiFilters,
  kpiDefinition,
  KpiReading,
  KpiRow,
  OrchestratorInfo,
  shortAddress,
  Window,
} from '@naap/plugin-naap-common';
import { cutMiddle } from '../lib/format';
import {
  FILTER_DIMENSIONS,
  FilterDimension,
  isFiltered,
  WindowChoice,
} from './explorerState';
import { dataText, ServedSpan, spanText } from './periodBefore';
import { presetLabel } from './windowText';

const NETWORK = 'Livepeer AI network';
/** Of a name in the line; the whole is in the filter bar and on hover. */
const NAME_LENGTH = 32;
const FAILURES = kpiDefinition('failure_rate');

/** The period before, as far as it has numbers. */
export interface Before {
  row: KpiRow;
  /** From when to when, and since when there is data in it. */
  period: string;
}

export interface HeadlineFacts {
  window: Required<Window>;
  preset: WindowChoice['preset'];
  filters: KpiFilters;
  /** Of the window and the filters. */
  row: KpiRow;
  /** The same by orchestrator, and by model; null where they could not be loaded. */
  orchestrators: readonly KpiRow[] | null;
  models: readonly KpiRow[] | null;
  /** All that were ever seen; null where that could not be loaded. */
  inventory: readonly OrchestratorInfo[] | null;
  before: Before | null;
  served: ServedSpan;
}

export interface Headline {
  /** What it is about; holds texts of events. */
  subject: string;
  /** The same with nothing cut. */
  whole: string;
  /** Which window, and what of it has data. */
  when: string;
  /** How it is. */
  state: string;
  /** What became of it, with what that is held against; null where nothing can be said. */
  change: { text: string; title: string } | null;
}

/** What a page is about and how that is, in words and figures. */
export function headline(facts: HeadlineFacts, now: Date): Headline {
  const { window, preset, filters, row, before } = facts;
  const last =
    preset === 'custom' ? spanText(window, now) : `last ${presetLabel(preset)}`;
  const data = dataText(window, facts.served, now);
  return {
    ...subjectOf(filters, facts.inventory ?? []),
    when: data ? `${last} (${data})` : last,
    state: [
      requestsText(row),
      ...outcomeTexts(row),
      orchestratorsText(facts),
      modelsText(facts),
    ]
      .filter(Boolean)
      .join(', '),
    change: before && changeOf(row, before),
  };
}

/** The filters by name, or the network. */
function subjectOf(
  filters: KpiFilters,
  inventory: readonly OrchestratorInfo[],
): Pick<Headline, 'subject' | 'whole'> {
  if (!isFiltered(filters)) {
    return { subject: NETWORK, whole: NETWORK };
  }
  const texts = (name: (dimension: FilterDimension, value: string) => string) =>
    FILTER_DIMENSIONS.flatMap(dimension => {
      const values = filters[dimension] ?? [];
      return values.length ? [filterText(dimension, values, name)] : [];
    })
      .join(', ')
      .replace(/^./, first => first.toUpperCase());
  return {
    subject: texts((dimension, value) =>
      dimension === 'orchestrator'
        ? orchestratorName(value, inventory)
        : cutMiddle(value, NAME_LENGTH),
    ),
    whole: texts((_, value) => value),
  };
}

function filterText(
  dimension: FilterDimension,
  values: ReadonlyArray<string | null>,
  name: (dimension: FilterDimension, value: string) => string,
): string {
  if (values.length > 2) {
    return `${formatCount(values.length)} ${dimension}s`;
  }
  const names = values.map(value =>
    value === null || value === '' ? 'unknown' : name(dimension, value),
  );
  return `${dimension} ${names.join(' or ')}`;
}

/** A name stands beside the address, never instead of it. */
function orchestratorName(
  address: string,
  inventory: readonly OrchestratorInfo[],
): string {
  const told = inventory.find(info => info.orchestrator === address)?.name;
  const short = shortAddress(address);
  return told ? `${cutMiddle(told, NAME_LENGTH)} (${short})` : short;
}

function requestsText(row: KpiRow): string {
  return row.requests > 0
    ? formatCountOf(row.requests, 'requests')
    : 'no request';
}

/** Who was not served did not fail, and is told apart. */
function outcomeTexts({ requests, failed, unserved }: KpiRow): string[] {
  if (requests === 0) {
    return [];
  }
  const good = 1 - failed / requests;
  // All of them only if it is all of them.
  const text =
    failed > 0 && good >= 0.9995
      ? `> ${formatValue(0.999, 'fraction')}`
      : formatValue(good, 'fraction');
  return [
    `${text} not failed`,
    ...(unserved > 0
      ? [`${formatValue(unserved / requests, 'fraction')} unserved`]
      : []),
  ];
}

/** How many served, of those that were there: by the filters of others than themselves nobody knows who was. */
function orchestratorsText(facts: HeadlineFacts): string | null {
  const { filters, inventory, orchestrators, window } = facts;
  if (!orchestrators || filters.orchestrator?.length) {
    return null;
  }
  const serving = orchestrators.flatMap(({ orchestrator, served }) =>
    orchestrator && served > 0 ? [orchestrator] : [],
  );
  if (!inventory || isFiltered(filters)) {
    return `${formatCountOf(serving.length, 'orchestrators')} served`;
  }
  const there = inventory
    .filter(
      ({ first_seen_at: first, last_seen_at: last }) =>
        first !== null &&
        last !== null &&
        Date.parse(first) < Date.parse(window.to) &&
        Date.parse(last) >= Date.parse(window.from),
    )
    .map(info => info.orchestrator);
  const all = new Set([...there, ...serving]);
  return `${formatCount(serving.length)} of ${formatCountOf(
    all.size,
    'orchestrators',
  )} served`;
}

function modelsText({ filters, models }: HeadlineFacts): string | null {
  if (!models || filters.model?.length) {
    return null;
  }
  const known = models.filter(row => row.model && !isIdle(row));
  return formatCountOf(known.length, 'models');
}

/** The failure rate against the period before; nothing where one of them has too few requests to be graded. */
function changeOf(row: KpiRow, before: Before): Headline['change'] {
  const now = FAILURES.read(row);
  const then = FAILURES.read(before.row);
  const { count } = FAILURES.minimum;
  if (
    now.graded === null ||
    then.graded === null ||
    Math.min(now.evidence, then.evidence) < count
  ) {
    return null;
  }
  const figure = formatValue(now.graded, FAILURES.unit);
  const past = formatValue(then.graded, FAILURES.unit);
  return {
    text: changeText(now, then, figure, past),
    title: `Before: ${past}, n ${formatCountOf(then.n, FAILURES.countOf)}, ${
      before.period
    }`,
  };
}

/** It went up or down where the two intervals lie apart. */
function changeText(
  now: KpiReading,
  then: KpiReading,
  figure: string,
  past: string,
): string {
  if (figure === past) {
    return `failure rate ${figure} as before`;
  }
  if (now.interval && then.interval) {
    if (now.interval.low > then.interval.high) {
      return `failure rate up from ${past} to ${figure}`;
    }
    if (now.interval.high < then.interval.low) {
      return `failure rate down from ${past} to ${figure}`;
    }
  }
  return `failure rate ${figure}, ${past} before: no clear change`;
}
