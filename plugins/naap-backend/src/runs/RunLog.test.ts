import { mockServices } from '@backstage/backend-test-utils';
import type { RunLogLine } from '@naap/plugin-naap-common';
import { RunLog, runLogger } from './RunLog';

const quiet = () => mockServices.rootLogger({ level: 'none' });

function setUp(fails: () => boolean = () => false) {
  const written: RunLogLine[] = [];
  const batches: number[] = [];
  const write = async (lines: RunLogLine[]) => {
    if (fails()) throw new Error('no database');
    batches.push(lines.length);
    written.push(...lines);
  };
  return { written, batches, log: new RunLog(write, quiet(), 1) };
}

describe('RunLog', () => {
  it('numbers lines from 1 and writes them in batches that SQLite takes', async () => {
    const { log, written, batches } = setUp();
    for (let i = 1; i <= 450; i++) log.line('info', `line ${i}`);
    await log.close();
    expect(written.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 450 }, (_, i) => i + 1),
    );
    expect(batches).toEqual([200, 200, 50]);
  });

  it('keeps the first 5,000 lines and says how many it left out', async () => {
    const { log, written } = setUp();
    for (let i = 0; i < 5_010; i++) log.line('debug', 'x');
    await log.close();
    expect(written).toHaveLength(5_001);
    expect(written.at(-1)).toMatchObject({
      level: 'warn',
      message: '… 10 lines left out',
    });
  });

  it('cuts long lines, and drops NUL, which PostgreSQL cannot keep', async () => {
    const { log, written } = setUp();
    log.line('info', `a\0b${'x'.repeat(3_000)}`);
    await log.close();
    expect(written[0].message).toBe(
      `ab${'x'.repeat(1_998)}… 1002 characters left out`,
    );
  });

  it('writes later what cannot be written now, in order and once', async () => {
    let down = true;
    const { log, written } = setUp(() => down);
    log.line('info', 'first');
    await new Promise(resolve => setTimeout(resolve, 20));
    down = false;
    log.line('info', 'second');
    await log.close();
    expect(written.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('is a logger that writes to the portal too, with the error of a line', async () => {
    const { log, written } = setUp();
    const portal = mockServices.logger.mock({ child: () => portal });
    const logger = runLogger(portal, log);
    logger.info('began', { rows: 7 });
    logger.child({ part: 'dbt' }).error('broke', new Error('disk is full'));
    await log.close();
    expect(written.map(({ level, message }) => [level, message])).toEqual([
      ['info', 'began'],
      ['error', 'broke: Error: disk is full'],
    ]);
    expect(portal.info).toHaveBeenCalledWith('began', { rows: 7 });
    expect(portal.error).toHaveBeenCalledTimes(1);
  });
});
