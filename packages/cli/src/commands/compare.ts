import { Command } from 'commander';
import { createContext } from '../context';
import { FailedError } from '../errors';
import { withPlatform } from '../withPlatform';

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'looks whether the lake has each message of the topics of Kafka that it was filled from, once',
    )
    .action(async () => {
      const context = await createContext(program.opts());
      const partitions = await withPlatform(context, (platform, progress) =>
        platform.compare(progress),
      );
      process.stdout.write(`${JSON.stringify(partitions)}\n`);
      const wrong = partitions.filter(
        ({ missing, repeated, surplus }) => missing + repeated + surplus > 0,
      );
      if (wrong.length > 0) {
        const names = wrong.map(one => `${one.topic}/${one.partition}`);
        throw new FailedError(
          `not each message once: ${names.join(
            ', ',
          )} (docs/lake.md, "Each message once")`,
        );
      }
    });
}
