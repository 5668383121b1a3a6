import {
  type DuckDBInstance,
  type DuckDBValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import { MAX_PARSED_BYTES, SHOWN_BYTES } from '../bronzeAnswers';
import { FACT_PATHS } from '../BronzeReader';
import type { BronzeTable } from '../LakeCatalog';
import {
  type AskBronze,
  type BronzeDialect,
  type BronzeValue,
  SqlBronzeReader,
} from '../SqlBronzeReader';
import { openIcebergEngine } from './icebergEngine';

/** The columns that a table has since a later version. */
const LATER_COLUMNS: Partial<Record<BronzeTable, string>> = {
  quarantine: 'NULL::BIGINT AS raw_length, NULL::VARCHAR AS raw_sha256',
};

const DIALECT: BronzeDialect = {
  length:
    'strlen(envelope) + CASE WHEN data_at IS NULL THEN 0 ELSE strlen(data) END',
  rawLength: 'octet_length(raw)',
  rawBeginning: `array_slice(raw, 1, ${SHOWN_BYTES})`,
  // Texts begin with a quote.
  said: `CASE WHEN strlen(data) <= ${MAX_PARSED_BYTES} THEN list_transform(
    TRY(json_extract(data, [${Object.values(FACT_PATHS).map(
      path => `'${path}'`,
    )}])),
    lambda part: CASE json_type(part) WHEN 'VARCHAR' THEN '"' || left(json_extract_string(part, '$'), ${SHOWN_BYTES})
      ELSE left(CAST(part AS VARCHAR), 64) END
  ) END`,
};

const valueOf = (value: BronzeValue): DuckDBValue =>
  value instanceof Date
    ? new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n)
    : value;

/** Where the newest metadata of a table is; undefined when there is no such table. */
export interface MetadataLocations {
  metadataLocation(table: BronzeTable): string | undefined;
}

/** Reads the Iceberg tables with DuckDB, in process. */
export class DuckDbBronzeReader extends SqlBronzeReader {
  #instance: Promise<DuckDBInstance> | undefined;

  constructor(private readonly catalog: MetadataLocations) {
    super(DIALECT);
  }

  async close(): Promise<void> {
    const instance = await this.#instance;
    this.#instance = undefined;
    instance?.closeSync();
  }

  /** Whatever a question reads of the table is of one snapshot. */
  protected newest(table: BronzeTable): AskBronze {
    const metadata = this.catalog.metadataLocation(table);
    return async <Row extends object>(
      sql: (bronze: string) => string,
      values: BronzeValue[],
    ) => {
      if (!metadata) return [];
      const connection = await (await this.#engine()).connect();
      try {
        const later = LATER_COLUMNS[table];
        // A table has them from its next commit on.
        const bronze = later
          ? `(SELECT ${later} WHERE false UNION ALL BY NAME SELECT * FROM iceberg_scan(?))`
          : 'iceberg_scan(?)';
        const reader = await connection.runAndReadAll(sql(bronze), [
          metadata,
          ...values.map(valueOf),
        ]);
        // The caller's SQL says so.
        return reader.getRowObjectsJS() as object[] as Row[];
      } finally {
        connection.closeSync();
      }
    };
  }

  protected isTooMuch(error: unknown): boolean {
    return /Out of Memory/.test(String(error));
  }

  #engine(): Promise<DuckDBInstance> {
    this.#instance ??= openIcebergEngine().catch(error => {
      this.#instance = undefined;
      throw error;
    });
    return this.#instance;
  }
}
