import type { ScrapeMetric } from '@naap/events';
import { MAX_TEXT } from './bounded';

const MAX_SERIES = 500;
const MAX_LABELS = 16;
const MAX_LINE = 8192;

/** What go-livepeer counts about AI and about its own events; buckets are wrong there. */
const AI_SERIES =
  /^livepeer_(?:ai_|live_ai_|orchestrator_swaps|discovery_errors|kafka_event)/;
const BUCKET = /_bucket$/;

const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)/;
/** Each where the last one ended: looked for anywhere, it would take quadratic time. */
const LABEL = /[,\s]*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gy;

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char));
}

function labelsOf(written: string): Record<string, string> {
  const labels = [...written.matchAll(LABEL)]
    .slice(0, MAX_LABELS)
    .map(([, name, value]) => [
      name.slice(0, MAX_TEXT),
      unescape(value).slice(0, MAX_TEXT).toWellFormed(),
    ]);
  return Object.fromEntries(labels);
}

/** The AI series of a Prometheus text exposition. Lines of another form or without end are left out, as are NaN and infinities. */
export function parseAiSeries(exposition: string): ScrapeMetric[] {
  const series: ScrapeMetric[] = [];
  for (const line of exposition.split('\n')) {
    if (series.length === MAX_SERIES) break;
    if (line.length > MAX_LINE || !AI_SERIES.test(line)) continue;
    const [, name, labels = '', written] = SAMPLE.exec(line) ?? [];
    const value = Number(written);
    if (!name || BUCKET.test(name) || !Number.isFinite(value)) continue;
    series.push({
      name: name.slice(0, MAX_TEXT),
      labels: labelsOf(labels),
      value,
    });
  }
  return series;
}
