import {
  parseTargets,
  readScraperSettings,
  ScraperSettings,
  Target,
  TargetFileError,
} from '@naap/ingestion';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors';
import { readNaapConfig } from '../naapConfig';
import { toNumber } from '../options';

/** Options of the command that stand over the configuration. */
export interface SettingsOptions {
  interval?: string;
  ports?: string;
  allowPrivateTargets: boolean;
}

/** @throws UsageError */
export async function settingsOf(
  root: string,
  options: SettingsOptions,
): Promise<ScraperSettings> {
  const { scraper } = await readNaapConfig(root);
  const { interval, ports, allowPrivateTargets } = options;
  try {
    return readScraperSettings({
      ...scraper,
      ...(interval !== undefined && {
        intervalSeconds: toNumber('--interval', interval),
      }),
      ...(ports !== undefined && { ports }),
      ...(allowPrivateTargets && { allowPrivateTargets }),
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError */
export async function readTargets(file: string): Promise<Target[]> {
  try {
    return parseTargets(await readFile(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TargetFileError) {
      throw new UsageError(`${file}: ${message}`);
    }
    throw new UsageError(
      code === 'ENOENT' ? `no file ${file}` : `can't read ${file} (${code})`,
    );
  }
}
