import { STEP_IDS } from '@naap/plugin-naap-common';
import { Command } from 'commander';
import { createContext } from '../context';
import { UsageError } from '../errors';
import { runnerOf } from '../platform/openPlatform';
import { toPort } from '../options';

interface Options {
  steps: string;
  port: string;
}

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description(
      'distributed: executes the runs of some steps, beside any number of others, until it is stopped. Portals leave them to workers with naap.pipeline.execute: false',
    )
    .requiredOption('--steps <steps>', `some of ${STEP_IDS.join(',')}`)
    .option('--port <n>', 'where it tells whether it is well; 0: any', '0')
    .action(async ({ steps, port }: Options) => {
      const runner = runnerOf(await createContext(program.opts()));
      await runner.work({ steps: toSteps(steps), port: toPort(port, 0) });
    });
}

function toSteps(text: string): string[] {
  const steps = text.split(',').map(step => step.trim());
  const unknown = steps.find(step => !STEP_IDS.some(id => id === step));
  if (unknown === undefined) return steps;
  throw new UsageError(
    `--steps knows no "${unknown}": use ${STEP_IDS.join(', ')}`,
  );
}
