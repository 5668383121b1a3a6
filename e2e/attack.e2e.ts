/**
 * The attacks that the platform is built to stand, done to a real portal by the real `naap up`, in production and in
 * development. All the while a process of its own asks `/health/live` every 100 ms: never over a second, the portal
 * never over 1.5 GiB. After each the honest numbers are those of a home that nobody attacked.
 *
 *     node --test e2e/attack.e2e.ts
 *     ATTACK_SCALE=full node --test --test-name-pattern=names e2e/attack.e2e.ts
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { guests, hosts, scheduler } from './attack/access.ts';
import { compressed } from './attack/compressed.ts';
import {
  assertServesNow,
  largeFile,
  largeInputsYield,
  manyDays,
  retries,
  slowUpload,
} from './attack/inputs.ts';
import { guestLimit, readers, silentConnections } from './attack/load.ts';
import { bigMessages } from './attack/messages.ts';
import { distinctNames } from './attack/names.ts';
import { FULL } from './attack/target.ts';
import type { Target } from './attack/target.ts';
import { longTexts } from './attack/texts.ts';
import { thirdParty } from './attack/thirdParty.ts';
import { Home } from './command.ts';
import {
  assertSameRows,
  HONEST_CUT,
  HONEST_WINDOW,
  honestNetwork,
  queryOf,
} from './honest.ts';
import type { Honest } from './honest.ts';
import { Portal } from './portal.ts';
import type { Mode } from './portal.ts';
import { Watch } from './watch.ts';

/** An attack that takes longer has stopped the portal. */
const PATIENCE_MS = FULL ? 3_600_000 : 600_000;

const ATTACKS: Record<string, (target: Target) => Promise<void>> = {
  'long texts in every name of every family stop nothing and count as empty':
    longTexts,
  'names without number: every list has bounds, pages on and adds up':
    distinctNames,
  'big messages: lists show the first kilobyte, the whole is fetched singly':
    bigMessages,
  'what is compressed is unpacked once, counted as it comes out, and bounded':
    compressed,
  'nobody starts by the scheduler what he may not start': scheduler,
  'no page of a stranger reaches it by another host': hosts,
  'guests read, run steps in development, and nothing more': guests,
  'a file over 1 GiB is taken while it runs': largeFile,
  'a sender may take its time': slowUpload,
  'many days at once hold up no event of now': manyDays,
  "strangers' reports aim the scraper at nobody": thirdParty,
  'what is sent again counts once': retries,
  'large inputs let others have their turn': largeInputsYield,
  'readers over the limit are refused at once': readers,
  'silent connections keep nobody else out': silentConnections,
  'guests are limited like who has no token': guestLimit,
  'nobody else of this machine may read the home': privateHome,
  'the pages run no text as code': contentSecurity,
  'afterwards it goes on': goesOn,
};

let honest: Honest;

before(async () => {
  honest = await honestNetwork();
});

for (const mode of ['production', 'development'] as const) {
  describe(`attacked in ${mode}`, () => {
    let home: Home;
    let names: string;
    let target: Target;

    before(async () => {
      home = await Home.create();
      // No name server is asked: no name is known.
      names = join(tmpdir(), `naap-names-${randomUUID()}.json`);
      await writeFile(names, '{}');
      const portal = await Portal.up(home, mode, {
        naap_scraper: scraperOf(mode, names),
      });
      target = { portal, mode, watch: await Watch.start(portal) };
      await portal.push(honest.events);
      await portal.run();
    });

    after(async () => {
      target?.watch.stop();
      await target?.portal.down();
      await home?.remove();
      await rm(names, { force: true });
    });

    for (const [name, attack] of Object.entries(ATTACKS)) {
      test(name, { timeout: PATIENCE_MS }, () =>
        target.watch.over(`${mode}: ${name}`, async () => {
          await attack(target);
          const { rows } = await target.portal.get<{ rows: object[] }>(
            `/kpis?${queryOf(HONEST_WINDOW)}&by=${HONEST_CUT}`,
          );
          assertSameRows(rows, honest.kpis);
        }),
      );
    }
  });
}

/** The shortest interval: a round waits for half of it. In development private addresses may be asked. */
function scraperOf(mode: Mode, hostsFile: string): object {
  const settings = { hostsFile, intervalSeconds: 20 };
  return mode === 'development'
    ? { ...settings, allowPrivateTargets: true }
    : settings;
}

async function privateHome({ portal }: Target): Promise<void> {
  const open: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const info = await lstat(path).catch(() => null);
    // It may go while one looks. A link has no mode of its own.
    if (!info || info.isSymbolicLink()) return;
    if ((info.mode & 0o077) !== 0) open.push(path);
    if (!info.isDirectory()) return;
    for (const name of await readdir(path)) await visit(join(path, name));
  };
  await visit(portal.home.path);
  assert.deepEqual(open.slice(0, 10), [], `${open.length} are open`);
}

async function contentSecurity({ portal }: Target): Promise<void> {
  const { headers } = await portal.ask('/', { as: 'nobody' });
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src/);
  assert.doesNotMatch(policy, /unsafe-eval/);
}

async function goesOn(target: Target): Promise<void> {
  const { portal } = target;
  await assertServesNow(target, 'afterwards');
  const state = await portal.get<{ loop: { lastError: unknown } }>(
    '/freshness',
  );
  assert.equal(state.loop.lastError, null);
}
