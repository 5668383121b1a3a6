import { isRunning } from '@naap/system';
import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError, UsageError } from '../errors';
import { startDetached } from '../up/detach';
import { runPlatform } from '../up/runPlatform';
import { findPortal } from '../platform/portal/RunningPortal';
import { homeHolder } from '../platform/portal/portalRecord';
import { table } from '../output';
import type { FreshnessAnswer } from '@naap/plugin-naap-common';
import { toNumber } from '../options';

const STOP_PATIENCE_MS = 60_000;

interface UpOptions {
  detach: boolean;
  port: string;
  simulate: boolean;
  eventsPerDay: string;
}

export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'runs everything and prints the URL; simulates a network when no source is configured',
    )
    .option('--detach', 'return when it is healthy', false)
    .option('--port <n>', 'port of the portal', process.env.PORT || '7007')
    .option('--no-simulate', 'never simulate a network')
    .option(
      '--events-per-day <n>',
      'how busy the simulated network is',
      '200000',
    )
    .action(async (options: UpOptions) => {
      const context = await createContext(program.opts());
      const portal = await findPortal(context.home);
      if (portal) {
        throw new FailedError(
          `this home is up already, at ${portal.record.url}: ./naap down stops it`,
        );
      }
      const port = toPort(options.port);
      if (options.detach) {
        await startDetached(context.home, port);
        return;
      }
      await runPlatform(context, {
        port,
        simulate: options.simulate,
        eventsPerDay: toNumber('--events-per-day', options.eventsPerDay),
      });
    });
}

export function addDown(program: Command): void {
  program
    .command('down')
    .description('stops what `naap up` runs')
    .action(async () => {
      const { home } = await createContext(program.opts());
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
    });
}

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('how what `naap up` runs is doing')
    .action(async () => {
      const { home } = await createContext(program.opts());
      await status(home);
    });
}

async function status(home: string): Promise<void> {
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
    table(
      ['what', 'value'],
      [
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
      ],
    ),
  );
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

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`--port is a number from 1 to 65535, not "${text}"`);
  }
  return port;
}
