#!/usr/bin/env node
/**
 * What runs as a service of its own, without a home of the platform: the image of deploy/platform has this alone, and none of the
 * engines.
 */
import { ownerOnly } from '@naap/system';
import { Command } from 'commander';
import { addGate } from './commands/gate';
import { addScrape } from './commands/scrape';
import { addSimulate } from './commands/simulate';
import { exitCodeOf, reportError, UsageError } from './errors';

ownerOnly();
const program = new Command('naap').exitOverride(error =>
  process.exit(error.exitCode === 0 ? 0 : 2),
);
addGate(program);
addSimulate(program);
addScrape(program, async () => {
  throw new UsageError('--kafka is missing: here is no other platform');
});
program.parseAsync(process.argv).catch(error => {
  reportError(error);
  process.exitCode = exitCodeOf(error);
});
