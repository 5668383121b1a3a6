import { MAX_PARSED_BYTES, SHOWN_BYTES } from '../bronzeAnswers';
import { FACT_PATHS } from '../BronzeReader';
import type { BronzeTable } from '../LakeCatalog';
import {
  type AskBronze,
  type BronzeDialect,
  type BronzeValue,
  SqlBronzeReader,
} from '../SqlBronzeReader';
import type { TrinoClient } from './TrinoClient';
import { TrinoError } from './TrinoError';

/** Somebody waits for the answer. */
const TIMEOUT_MS = 60_000;

/** What is half of a character pair stands in JSON text as an escape, behind an even number of backslashes. */
const HALF_A_PAIR = String.raw`(^|[^\\])(\\\\)*\\u[dD][89a-fA-F]`;

const DIALECT: BronzeDialect = {
  length:
    'length(to_utf8(envelope)) + IF(data_at IS NULL, 0, length(to_utf8(data)))',
  rawLength: 'length(raw)',
  rawBeginning: `substr(raw, 1, ${SHOWN_BYTES})`,
  // Parsed once: a list of no document or one. Texts begin with a quote.
  said: `IF(length(to_utf8(data)) <= ${MAX_PARSED_BYTES}, element_at(transform(
    filter(ARRAY[TRY(json_parse(data))], document -> NOT regexp_like(json_format(document), '${HALF_A_PAIR}')),
    document -> transform(
      ARRAY[${Object.values(FACT_PATHS).map(
        path => `json_extract(document, '${path}')`,
      )}],
      part -> IF(json_format(part) LIKE '"%', '"' || substr(json_extract_scalar(part, '$'), 1, ${SHOWN_BYTES}),
        substr(json_format(part), 1, 64)))), 1))`,
};

const TIMES = ['event_time', 'envelope_time', 'ingested_at', 'seen_at'];
const NOT_THERE = ['TABLE_NOT_FOUND', 'SCHEMA_NOT_FOUND'];

/** `2026-01-09 10:00:00.002000 UTC`; of bronze they all are. */
const timeIn = (text: string) =>
  new Date(text.replace(' ', 'T').replace(' UTC', 'Z'));

/** Reads the bronze tables of a lake that others share. The client is its own: it is closed with it. */
export class TrinoBronzeReader extends SqlBronzeReader {
  constructor(private readonly trino: TrinoClient) {
    super(DIALECT);
  }

  protected newest(table: BronzeTable): AskBronze {
    return async <Row extends object>(
      sql: (bronze: string) => string,
      values: BronzeValue[],
    ) => {
      try {
        const rows = await this.trino.all<Record<string, unknown>>(
          sql(`bronze.${table}`),
          values,
          { timeoutMs: TIMEOUT_MS },
        );
        for (const row of rows) {
          for (const name of TIMES) {
            const text = row[name];
            if (typeof text === 'string') row[name] = timeIn(text);
          }
        }
        // The caller's SQL says so.
        return rows as object[] as Row[];
      } catch (error) {
        if (NOT_THERE.includes((error as TrinoError).code ?? '')) return [];
        throw error;
      }
    };
  }

  protected isTooMuch(error: unknown): boolean {
    return error instanceof TrinoError && error.kind === 'too large';
  }

  close(): Promise<void> {
    return this.trino.close();
  }
}
