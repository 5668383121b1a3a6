import type { FreshnessAnswer } from '@naap/plugin-naap-common';
import { isRunning } from '@naap/system';
import { LakeCommitter, LakeWorker } from '@naap/lakehouse';
import { FailedError, UsageError } from '../../errors';
import { list } from '../../output';
import type { Places } from '../../places';
import { startDetached } from '../../up/detach';
import { runPlatform } from '../../up/runPlatform';
import { homeHolder } from '../portal/portalRecord';
import { findPortal } from '../portal/RunningPortal';
import type { Row, Runner, UpOptions } from '../Runner';

const STOP_PATIENCE_MS = 60_000;

/** Everything in one process, which has the home. */
export class EmbeddedRunner implements Runner {
  constructor(private readonly places: Places) {}

  async up({ detach, ...options }: UpOptions): Promise<void> {
    const { home } = this.places;
    const portal = await findPortal(home);
    if (portal) {
      throw new FailedError(
        `this home is up already, at ${portal.record.url}: ./naap down stops it`,
      );
    }
    if (detach) await startDetached(home, options.port);
    else await runPlatform(this.places, options);
  }

  async down({ volumes }: { volumes: boolean }): Promise<void> {
    const { home } = this.places;
    if (volumes) {
      throw new UsageError(
        `--volumes is for containers; here all that is kept is in ${home}`,
      );
    }
    const holder = homeHolder(home);
    if (holder === 'free') {
      process.stderr.write('nothing is running on this home\n');
      return;
    }
    if (holder === null) {
      throw new FailedError(
        `something holds ${home}, but it can't be told which process: it may just have begun (try again), or run in another container`,
      );
    }
    process.kill(holder.pid, 'SIGTERM');
    const deadline = Date.now() + STOP_PATIENCE_MS;
    while (isRunning(holder)) {
      if (Date.now() > deadline) {
        throw new FailedError(
          `process ${holder.pid} does not stop; see run/up.log in ${home}, or end it with kill -9 ${holder.pid}: nothing is lost by that`,
        );
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    process.stderr.write('stopped\n');
  }

  async status(): Promise<void> {
    const { home } = this.places;
    const portal = await findPortal(home);
    const holder = homeHolder(home);
    if (holder === 'free') {
      throw new FailedError(`nothing is running on ${home}: ./naap up`);
    }
    if (!portal || !(await portal.isReady())) {
      throw new FailedError(
        `process ${
          holder?.pid ?? '(which, can not be told)'
        } has ${home}, but is not ready (starting, or ill: see run/up.log there)`,
      );
    }
    const state = await portal.client.freshness();
    const seconds = (ms: number | null) =>
      ms === null ? '–' : `${Math.round(ms / 1000)} s`;
    process.stdout.write(
      list([
        ['url', portal.record.url],
        ['pid', String(holder?.pid ?? '–')],
        ['watermark', state.watermark ?? '–'],
        ['freshness', seconds(state.freshnessMs)],
        ['event to page, p95', seconds(state.eventToServedP95Ms)],
        ['build', state.build?.id ?? '–'],
        ['simulated', state.simulated ? 'yes' : 'no'],
        ['last commit', state.loop.lastCommitAt ?? '–'],
        ['last build', state.loop.lastBuildAt ?? '–'],
        ['last sync', state.loop.lastSyncAt ?? '–'],
        ['last error', state.loop.lastError?.message ?? 'none'],
        ...kafkaRows(state),
        [
          'disk',
          `${Math.floor(state.storage.freeBytes / 1024 ** 2)} MB free${
            state.storage.full ? ': full, new events are refused' : ''
          }`,
        ],
      ]),
    );
  }

  async work(): Promise<never> {
    throw new UsageError(
      'the embedded profile is one process, which executes all steps; use --profile distributed',
    );
  }

  async apply(): Promise<never> {
    throw new UsageError('the embedded profile has nothing to apply');
  }

  async doctor(row: Row): Promise<void> {
    const portal = await findPortal(this.places.home);
    row(
      'portal',
      true,
      portal ? `runs at ${portal.record.url}` : 'not running: ./naap up',
    );
    await this.#checkLake(row);
  }

  async #checkLake(row: Row): Promise<void> {
    const worker = new LakeWorker();
    try {
      const committer = new LakeCommitter(this.places.home, worker);
      const rows = Object.entries(await committer.describe()).map(
        ([name, held]) => `${name} ${held.rows}`,
      );
      row(
        'lake',
        true,
        rows.length > 0
          ? `rows: ${rows.join(', ')}`
          : 'empty: ./naap ingest FILE',
      );
    } catch (error) {
      row('lake', false, (error as Error).message);
    } finally {
      await worker.stop();
    }
  }
}

/** How far it is with the topics that it reads, if any. */
function kafkaRows({ kafka }: FreshnessAnswer): string[][] {
  if (!kafka) return [];
  const lag = kafka.lag === null ? '–' : `${kafka.lag} messages behind`;
  const error = kafka.lastError;
  return [
    ['kafka', kafka.alive ? lag : `not reached (${lag} at the last look)`],
    ...(error ? [['kafka, last error', `${error.at}: ${error.message}`]] : []),
  ];
}
