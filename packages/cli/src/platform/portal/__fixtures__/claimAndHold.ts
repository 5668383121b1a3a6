import { ownIdentity } from '@naap/system';
import { claimHome, writeRecord } from '../portalRecord';

/**
 * What `naap up` does first: claims the home given, says so, and writes its record when it is told to go on. Holds the
 * home until it is killed.
 */
async function main(): Promise<void> {
  const home = process.argv[2];
  try {
    await claimHome(home);
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
  process.stdout.write('claimed\n');
  process.stdin.once('data', async () => {
    await writeRecord(home, {
      ...ownIdentity(),
      backend: process.pid,
      url: 'http://localhost:1',
      token: String(process.pid),
    });
    process.stdout.write('written\n');
  });
}

main();
