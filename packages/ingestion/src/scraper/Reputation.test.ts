import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_NETWORK_WAIT_MS, MAX_WAIT_MS, Reputation } from './Reputation';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 1, 25);
const ORIGIN = 'https://orch.example:8935';

/** Minutes at which something that never proves itself is asked within so many days. */
function askedAt(days: number, most = MAX_WAIT_MS): number[] {
  const reputation = new Reputation(null);
  const minutes: number[] = [];
  for (let at = NOW; at < NOW + days * DAY_MS; at += MINUTE_MS) {
    if (!reputation.isDue(ORIGIN, at)) continue;
    minutes.push((at - NOW) / MINUTE_MS);
    reputation.disappoint(ORIGIN, at, most);
  }
  return minutes;
}

describe('who never proves itself', () => {
  it('is asked less and less, down to once a day', () => {
    const first = askedAt(1);
    expect(first).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023]);
    expect(askedAt(30).length - first.length).toBeLessThanOrEqual(29);
  });

  it('lets its network be asked once an hour', () => {
    expect(askedAt(1, MAX_NETWORK_WAIT_MS).length).toBeLessThanOrEqual(30);
  });

  it('does not wait for good when the clock was wrong', () => {
    const reputation = new Reputation(null);
    reputation.disappoint(ORIGIN, NOW + 365 * DAY_MS);
    expect(reputation.isDue(ORIGIN, NOW)).toBe(true);
  });

  it('waits with its network, without a question that would count', () => {
    const reputation = new Reputation(null);
    reputation.disappoint('93.184.215.0/24', NOW);
    reputation.defer(ORIGIN, ['93.184.215.0/24', '93.184.0.0/16'], NOW);
    expect(reputation.isDue(ORIGIN, NOW)).toBe(false);
    expect(reputation.isDue(ORIGIN, NOW + MINUTE_MS)).toBe(true);
  });
});

describe('an orchestrator', () => {
  it('is known at the addresses where it proved itself, since the first time', () => {
    const reputation = new Reputation(null);
    reputation.disappoint(ORIGIN, NOW);
    reputation.prove(ORIGIN, '93.184.215.1', NOW);
    reputation.prove(ORIGIN, '93.184.215.2', NOW + 1);
    expect(reputation.isDue(ORIGIN, NOW)).toBe(true);
    expect(reputation.provenSince(ORIGIN, NOW + 2)).toBe(NOW);
    expect(
      reputation.provenAddresses(ORIGIN, ['93.184.215.3', '93.184.215.1']),
    ).toEqual(['93.184.215.1']);
  });

  it('is a stranger again when it has not proved itself for a month', () => {
    const reputation = new Reputation(null);
    reputation.prove(ORIGIN, '93.184.215.1', NOW);
    expect(reputation.provenSince(ORIGIN, NOW + 29 * DAY_MS)).toBe(NOW);
    expect(reputation.provenSince(ORIGIN, NOW + 30 * DAY_MS)).toBeNull();
  });
});

describe('on disk', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'naap-reputation-'));
    path = join(directory, 'run', 'scraper.json');
  });

  afterEach(() => rm(directory, { recursive: true }));

  const reopened = async () => {
    const reputation = new Reputation(path);
    await reputation.read();
    return reputation;
  };

  it('all of it outlives the process', async () => {
    const before = await reopened();
    before.prove(ORIGIN, '93.184.215.1', NOW);
    before.disappoint('https://web.example:443', NOW);
    before.setOptedOut('https://no.example:443', true, NOW);
    await before.save();
    const after = await reopened();
    expect(after.provenSince(ORIGIN, NOW)).toBe(NOW);
    expect(after.isDue('https://web.example:443', NOW)).toBe(false);
    expect(after.isOptedOut('https://no.example:443')).toBe(true);
    expect((await stat(path)).mode % 0o1000).toBe(0o600);
  });

  it('is small, however many are named, and known orchestrators stay', async () => {
    const reputation = await reopened();
    reputation.prove(ORIGIN, '93.184.215.1', NOW);
    const longest = `${'x'.repeat(60)}.`.repeat(4);
    for (let i = 0; i < 50_000; i++) {
      reputation.disappoint(`https://${longest}${i}.example:8935`, NOW);
      reputation.setOptedOut(`https://${longest}${i}.example:8935`, true, NOW);
    }
    await reputation.save();
    expect((await stat(path)).size).toBeLessThan(6 * 1024 ** 2);
    expect((await reopened()).provenSince(ORIGIN, NOW)).toBe(NOW);
  });

  it('begins anew with what it can’t read, and writes nothing when it may not', async () => {
    const kept = await reopened();
    kept.prove(ORIGIN, '93.184.215.1', NOW);
    await kept.save();
    await writeFile(path, '{"proven": [');
    expect((await reopened()).provenSince(ORIGIN, NOW)).toBeNull();
    const reader = new Reputation(path, { isReadOnly: true });
    reader.prove(ORIGIN, '93.184.215.1', NOW);
    await reader.save();
    expect(await readFile(path, 'utf8')).toBe('{"proven": [');
  });
});
