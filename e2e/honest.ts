import assert from 'node:assert/strict';
import { distinctRequest, lines } from './attack/payloads.ts';
import { Home } from './command.ts';

export const HOUR_MS = 3_600_000;
const THIS_HOUR = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;

/** Start of the n-th hour before this one, unix ms. */
export const hoursAgo = (n: number) => THIS_HOUR - n * HOUR_MS;

export interface Window {
  from: string;
  to: string;
}

export const windowOf = (from: number, hours = 1): Window => ({
  from: new Date(from).toISOString(),
  to: new Date(from + hours * HOUR_MS).toISOString(),
});

export const queryOf = ({ from, to }: Window) => `from=${from}&to=${to}`;

/** Three hours, three days ago, so that nothing else is near them. */
export const HONEST_WINDOW = windowOf(hoursAgo(75), 3);

/** What the numbers of honest gateways are compared by. */
export const HONEST_CUT = 'hour,orchestrator,model';

/** A message that came later, so that all before it has ended. */
const LATER = lines(distinctRequest(0, hoursAgo(1)));

/** What honest gateways send, and the KPIs of a home that got nothing else. */
export interface Honest {
  events: string;
  kpis: object[];
}

export async function honestNetwork(): Promise<Honest> {
  const clean = await Home.create();
  const network = await clean.run([
    'simulate',
    '--from',
    HONEST_WINDOW.from,
    '--to',
    HONEST_WINDOW.to,
    '--events-per-day',
    '40000',
  ]);
  assert.equal(network.code, 0, network.stderr);
  const events = network.stdout + LATER;
  await clean.json(['ingest', '-'], events);
  await clean.json(['build']);
  await clean.json(['sync']);
  const kpis = await clean.json<object[]>([
    'kpis',
    '--format',
    'json',
    '--by',
    HONEST_CUT,
    '--from',
    HONEST_WINDOW.from,
    '--to',
    HONEST_WINDOW.to,
  ]);
  await clean.remove();
  assert.ok(kpis.length > 20);
  return { events, kpis };
}

/** The same rows in any order, but for the last bits of doubles. */
export function assertSameRows(actual: object[], expected: object[]): void {
  const rounded = (rows: object[]) =>
    rows
      .map(row =>
        JSON.stringify(row, (_name, value) =>
          typeof value === 'number' ? Number(value.toPrecision(9)) : value,
        ),
      )
      .sort();
  assert.deepEqual(rounded(actual), rounded(expected));
}
