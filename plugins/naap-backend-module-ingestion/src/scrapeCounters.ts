import type { ScrapeMetrics } from '@naap/ingestion';
import type { LayerCounter } from '@naap/plugin-naap-node';

/** What the scraper counts, for the page of Prometheus metrics. All labels are of closed sets. */
export function scrapeCounters(metrics: ScrapeMetrics): LayerCounter[] {
  const by = (
    name: string,
    label: string,
    help: string,
    counts: Record<string, number>,
  ): LayerCounter => ({
    name,
    help,
    labelNames: [label],
    read: () =>
      Object.entries(counts).map(([key, value]) => ({
        labels: { [label]: key },
        value,
      })),
  });
  const total = (
    name: string,
    help: string,
    value: () => number,
  ): LayerCounter => ({
    name,
    help,
    labelNames: [],
    read: () => [{ labels: {}, value: value() }],
  });
  return [
    total(
      'naap_scrape_rounds_total',
      'Rounds of the scraper that were finished',
      () => metrics.rounds,
    ),
    total(
      'naap_scrape_bytes_total',
      'Bytes of the bodies that targets answered, on the wire',
      () => metrics.bytes,
    ),
    total(
      'naap_scrape_runners_left_out_total',
      'Runners of answers that had more than are kept; their capacity counts',
      () => metrics.runnersLeftOut,
    ),
    by(
      'naap_scrape_targets_total',
      'state',
      'Targets of rounds, by what became of them',
      metrics.targets,
    ),
    by(
      'naap_scrape_refusals_total',
      'reason',
      'Targets that the scraper does not talk to, by rule',
      metrics.refusals,
    ),
    by(
      'naap_scrape_errors_total',
      'class',
      'Targets with an error, by the class of the first',
      metrics.errors,
    ),
  ];
}
