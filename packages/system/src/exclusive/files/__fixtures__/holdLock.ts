import { FileLocks } from '../FileLocks';

/** Takes the lock of a folder and name given, if it is free, says so and holds it until this process ends. */
async function main(): Promise<void> {
  const [folder, name] = process.argv.slice(2);
  const held = await new FileLocks(folder).hold(name);
  process.stdout.write(held ? 'held\n' : 'taken\n');
  if (held) process.stdin.resume();
}

main();
