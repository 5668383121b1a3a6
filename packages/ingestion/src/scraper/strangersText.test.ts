import { name, quantity, text } from './answers/bounded';
import { parseAiSeries } from './answers/prometheus';
import { checkUrl } from './guard/gate';
import { gatePolicy } from './guard/GatePolicy';
import { mergeTargets, targetsOfUrls } from './targets';

const MEBIBYTE = 1 << 20;
const policy = gatePolicy();

const WORST = ['/', '\\', 'a', '.', ' ', '@', '%', '"', '{', '\\"', 'a="'].map(
  run => run.repeat(MEBIBYTE / run.length),
);

/** CPU time of the process, ms: the clock on the wall would take a busy machine for slow work. */
function cpuMs(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

/** Lines as long as one may be, made of a text. */
function series(worst: string): string {
  return `livepeer_ai_x{${worst.slice(0, 8_000)}} 1\n`.repeat(MEBIBYTE / 8_192);
}

it.each<[string, (worst: string) => void]>([
  ['judged as a URL', worst => checkUrl(`https://a.example/${worst}`, policy)],
  ['judged as a host', worst => checkUrl(`https://${worst}`, policy)],
  ['taken for a target', worst => mergeTargets(targetsOfUrls([worst], 'x'))],
  ['read as a field', worst => [text(worst), name(worst), quantity(worst)]],
  ['read as series', worst => parseAiSeries(series(worst))],
])('1 MB of the worst text is soon %s', (_, work) => {
  const slow = WORST.map(worst => {
    const times = [1, 2, 3].map(() => cpuMs(() => work(worst)));
    return { worst: worst.slice(0, 10), ms: Math.min(...times) };
  });
  // Linear work takes some ms, more than linear work seconds to minutes.
  expect(slow.filter(({ ms }) => ms > 250)).toEqual([]);
});
