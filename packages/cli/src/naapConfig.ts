import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of `naap` in the configuration that the CLI looks at, as they are written: no variables are filled in. */
export interface NaapConfig {
  ingestion?: { sources?: unknown[]; kafka?: Record<string, unknown> };
  scraper?: Record<string, unknown>;
}

/** Reads app-config.yaml and, over it, app-config.local.yaml; what is missing is empty. */
export async function readNaapConfig(root: string): Promise<NaapConfig> {
  const merged: NaapConfig = {};
  for (const name of ['app-config.yaml', 'app-config.local.yaml']) {
    const text = await readFile(join(root, name), 'utf8').catch(() => '');
    const { naap } = (parse(text) ?? {}) as { naap?: NaapConfig };
    const { sources, kafka } = naap?.ingestion ?? {};
    if (sources?.length) merged.ingestion = { ...merged.ingestion, sources };
    if (kafka) merged.ingestion = { ...merged.ingestion, kafka };
    if (naap?.scraper) merged.scraper = { ...merged.scraper, ...naap.scraper };
  }
  return merged;
}
