import { Command } from 'commander';
import { createContext } from '../context';
import { BUILD_COMMAND, buildHere } from '../up/buildPortal';

/** What `naap up` starts to have the portal built. */
export function addBuildPortal(program: Command): void {
  program.command(BUILD_COMMAND, { hidden: true }).action(async () => {
    const { root } = await createContext(program.opts());
    // Code, not state: it may be read by whom the rest of the checkout may be read by.
    process.umask(0o022);
    await buildHere(root, text => process.stderr.write(`${text}\n`));
  });
}
