import { FileLock } from '../FileLock';

/** Takes the lock of the path given, if it is free, says so and holds it until this process ends. */
async function main(): Promise<void> {
  try {
    await FileLock.acquire(process.argv[2], { what: 'It', waitMs: 0 });
    process.stdout.write('held\n');
    process.stdin.resume();
  } catch (error) {
    process.stdout.write(`${(error as Error).name}\n`);
  }
}

main();
