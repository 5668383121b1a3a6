import { addCounts, noCounts } from '../packages/ingestion/src/counts.ts';
import type {
  AnswerMeta,
  IngestStatsAnswer,
  IngestStatsRow,
} from '../packages/serving/src/contract/index.ts';
import type {
  QuarantineAnswer,
  QuarantineRow,
} from '../plugins/naap-common/src/api.ts';
import type { Scenario } from './fakeApi.ts';

const HOUR_MS = 3_600_000;

/** Messages as strangers may send them: markup, marks that reorder text, bytes that are no text, one long line. */
export const QUARANTINED: ReadonlyArray<{
  class: QuarantineRow['class'];
  reason: string;
  raw: Buffer;
}> = [
  {
    class: 'rejected',
    reason: 'not_json',
    raw: Buffer.from('<script>window.__hacked=1</script> is no JSON'),
  },
  {
    class: 'ignored',
    reason: 'unsupported_type',
    raw: Buffer.from(
      '{"id":"1","type":"gateway_heartbeat","timestamp":"1767908945298","data":{"note":"\u202egnp.exe"}}',
    ),
  },
  {
    class: 'rejected',
    reason: 'schema',
    raw: Buffer.concat([
      Buffer.from('{"type":"stream_trace",'),
      Buffer.from([0xff, 0xfe, 0x00]),
    ]),
  },
  {
    class: 'rejected',
    reason: 'too_large',
    raw: Buffer.from(
      `{"type":"ai_stream_status","data":"${'x'.repeat(9000)}"}`,
    ),
  },
  {
    class: 'ignored',
    reason: 'unsupported_subtype',
    raw: Buffer.from(
      '{\n  "type": "stream_trace",\n  "data": {"type": "x"}\n}',
    ),
  },
];

const TOTAL = 640;

/** Answers `/ingest-stats` and `/quarantine`; undefined for any other route. */
export function answerQuality(
  scenario: Scenario,
  path: string,
  params: URLSearchParams,
  meta: AnswerMeta,
): IngestStatsAnswer | QuarantineAnswer | undefined {
  if (path === '/ingest-stats') {
    const rows = scenario === 'empty' ? [] : ingestStats(scenario, params);
    const total = noCounts();
    for (const row of rows) addCounts(total, row);
    return { meta, total, rows, next: null };
  }
  return path === '/quarantine' ? quarantine(scenario, params) : undefined;
}

function ingestStats(
  scenario: Scenario,
  params: URLSearchParams,
): IngestStatsRow[] {
  const now = Date.now();
  const to = Math.min(Date.parse(params.get('to') ?? '') || now, now);
  const from = Date.parse(params.get('from') ?? '') || to - 48 * HOUR_MS;
  const hours = Math.max(1, Math.ceil((to - from) / HOUR_MS));
  return Array.from({ length: hours }, (_, i): IngestStatsRow => {
    const isNewest = i === hours - 1;
    const read = Math.round(4200 + 1800 * Math.sin(i / 3));
    const bad = scenario === 'wrong' && isNewest ? 0.31 : 0.012;
    const rejected = Math.round(read * bad);
    const ignored = Math.round(read * (0.03 + 0.01 * Math.cos(i / 5)));
    const duplicate = Math.round(read * 0.02);
    return {
      hour: new Date(from + i * HOUR_MS).toISOString(),
      read,
      accepted: read - rejected - ignored - duplicate,
      duplicate,
      ignored,
      rejected,
      reasons: {
        unsupported_type: ignored,
        not_json: Math.ceil(rejected / 2),
        schema: Math.floor(rejected / 2),
      },
    };
    // An hour without a message has no row.
  }).filter((_, i) => i % 17 !== 5);
}

function quarantine(
  scenario: Scenario,
  params: URLSearchParams,
): QuarantineAnswer {
  const now = Date.now();
  const rows = Array.from(
    { length: scenario === 'empty' ? 0 : TOTAL },
    (_, i): QuarantineRow => {
      const { class: name, reason, raw } = QUARANTINED[i % QUARANTINED.length];
      return {
        class: name,
        reason,
        raw_base64: raw.subarray(0, 1024).toString('base64'),
        raw_length: raw.length,
        raw_sha256: null,
        topic: 'network_events',
        partition: 0,
        seen_at: new Date(now - i * 67_000).toISOString(),
        offset: 90_000 - i * 31,
        source: i % 3 === 0 ? 'gateway-fra' : 'file',
      };
    },
  ).filter(
    row =>
      (!params.has('class') || row.class === params.get('class')) &&
      (!params.has('reason') || row.reason === params.get('reason')),
  );
  const offset = Number(params.get('cursor') ?? params.get('offset') ?? 0);
  const end = offset + Number(params.get('limit') ?? 50);
  return {
    total: rows.length,
    raw_readable: true,
    rows: rows.slice(offset, end),
    next: end < rows.length ? String(end) : null,
  };
}
