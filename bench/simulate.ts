/**
 * Prints how fast a day of the simulated network is made, and how large it is.
 * Arguments: events per day, seed. How to run it is in docs/simulator.md.
 */
import { simulate } from '../packages/ingestion/src/simulator';

const [eventsPerDay = '830000', seed = '1'] = process.argv.slice(2);
const from = Date.UTC(2026, 0, 15);

let events = 0;
let bytes = 0;
const cpu = process.cpuUsage();
for (const { raw } of simulate({
  seed: Number(seed),
  from,
  to: from + 86_400_000,
  eventsPerDay: Number(eventsPerDay),
})) {
  events++;
  // Counting bytes also makes V8 write the text out, as sending it would.
  bytes += Buffer.byteLength(raw) + 1;
}
const { user, system } = process.cpuUsage(cpu);
const cpuSeconds = (user + system) / 1e6;

process.stdout.write(
  `${JSON.stringify({
    events,
    megabytes: Math.round(bytes / 1e5) / 10,
    bytesPerEvent: Math.round(bytes / events),
    cpuSeconds: Math.round(cpuSeconds * 100) / 100,
    eventsPerCpuSecond: Math.round(events / cpuSeconds),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
