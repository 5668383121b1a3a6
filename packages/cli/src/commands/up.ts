import { Command } from 'commander';
import { createContext } from '../context';
import { toNumber, toPort } from '../options';
import { runnerOf } from '../platform/openPlatform';

interface Options {
  detach: boolean;
  port: string;
  simulate: boolean;
  eventsPerDay: string;
}

export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'runs everything and prints the URL; simulates a network when no source is configured. Distributed: starts the containers, returns when they are healthy',
    )
    .option('--detach', 'return when it is healthy', false)
    .option('--port <n>', 'port of the portal', process.env.PORT || '7007')
    .option('--no-simulate', 'never simulate a network')
    .option(
      '--events-per-day <n>',
      'how busy the simulated network is',
      '200000',
    )
    .action(async ({ port, eventsPerDay, ...options }: Options) => {
      const runner = runnerOf(await createContext(program.opts()));
      await runner.up({
        ...options,
        port: toPort(port, 1),
        eventsPerDay: toNumber('--events-per-day', eventsPerDay),
      });
    });
}

export function addDown(program: Command): void {
  program
    .command('down')
    .description('stops what `naap up` runs')
    .option('--volumes', 'remove all that the containers keep too', false)
    .action(async (options: { volumes: boolean }) => {
      const runner = runnerOf(await createContext(program.opts()));
      await runner.down(options);
    });
}

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('how what `naap up` runs is doing')
    .action(async () => {
      const runner = runnerOf(await createContext(program.opts()));
      await runner.status();
    });
}
