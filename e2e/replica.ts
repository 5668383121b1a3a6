/**
 * A production portal on a database that it shares with others, bundled by packages/backend/build.mjs. The layers of the
 * embedded profile own their home, so fakes stand in for them here: only the steps matter, which write down in a file when
 * they begin and end. Variables: `NAAP_JOURNAL` (that file), and what app-config.yaml and replica.yaml take.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { completeEnvironment } from '../packages/backend/src/environment';
import { createPortal } from '../packages/backend/src/portal';
import { fakeLayers } from '../plugins/naap-backend/src/__testUtils__/fakes';

/** A build takes long enough to be killed in the middle of it. */
const BUILD_MS = 4_000;
const OTHERS_MS = 200;

completeEnvironment(process.env);

const layers = fakeLayers();
const write = (what: string, step: string) =>
  appendFileSync(
    process.env.NAAP_JOURNAL!,
    `${JSON.stringify({ what, step, pid: process.pid })}\n`,
  );
layers.steps.on = async (step, { logger, signal, options }) => {
  write('began', step);
  logger.info(`began in process ${process.pid}`);
  const whole = options.full === true;
  await delay(whole ? BUILD_MS : OTHERS_MS, undefined, { signal });
  write('ended', step);
  return { changed: false, details: { pid: process.pid } };
};

const portal = createPortal();
portal.add(layers.feature);
portal.start();
