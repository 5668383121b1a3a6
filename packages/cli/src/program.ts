import { Command } from 'commander';
import { addApply } from './commands/apply';
import { addAvailability } from './commands/availability';
import { addBuild } from './commands/build';
import { addBuildPortal } from './commands/buildPortal';
import { addDoctor } from './commands/doctor';
import { addCompare } from './commands/compare';
import { addGate } from './commands/gate';
import { addIngest } from './commands/ingest';
import { addKpis } from './commands/kpis';
import { addMaintain } from './commands/maintain';
import { addReplay } from './commands/replay';
import { addRequests } from './commands/requests';
import { addScrape } from './commands/scrape';
import { addSimulate } from './commands/simulate';
import { addSync } from './commands/sync';
import { addDown, addStatus, addUp } from './commands/up';
import { addWorker } from './commands/worker';
import { createContext } from './context';
import { DEFAULT_PROFILE } from './platform/openPlatform';
import { platformDestination } from './scrape/platformDestination';

/** Rounds go to the platform where no Kafka is named. */
function addPlatformScrape(program: Command): void {
  addScrape(program, async () =>
    platformDestination(await createContext(program.opts())),
  );
}

/** The commands; each lives in a file of its own. */
export function createProgram(): Command {
  const program = new Command('naap')
    .description(
      'Analytics of the Livepeer AI network: events in, KPIs and scorecards out',
    )
    .option(
      '--profile <profile>',
      'embedded or distributed',
      process.env.NAAP_PROFILE || DEFAULT_PROFILE,
    )
    .showHelpAfterError('(naap --help shows the commands)')
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const add of [
    addUp,
    addDown,
    addStatus,
    addWorker,
    addIngest,
    addApply,
    addGate,
    addPlatformScrape,
    addBuild,
    addSync,
    addKpis,
    addRequests,
    addAvailability,
    addSimulate,
    addReplay,
    addMaintain,
    addCompare,
    addDoctor,
    addBuildPortal,
  ]) {
    add(program);
  }
  return program;
}
