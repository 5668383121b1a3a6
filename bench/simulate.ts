import { simulate } from '../packages/ingestion/src/simulator';

/** Prints how fast a day of the simulated network is made and how large it is. */
function main([eventsPerDay = '830000', seed = '1']: string[]): void {
  const from = Date.UTC(2026, 0, 15);
  const started = performance.now();
  let events = 0;
  let bytes = 0;
  for (const { raw } of simulate({
    seed: Number(seed),
    from,
    to: from + 86_400_000,
    eventsPerDay: Number(eventsPerDay),
  })) {
    events++;
    bytes += Buffer.byteLength(raw) + 1;
  }
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `${JSON.stringify({
      events,
      megabytes: Math.round(bytes / 1e5) / 10,
      bytesPerEvent: Math.round(bytes / events),
      seconds: Math.round(seconds * 100) / 100,
      eventsPerSecond: Math.round(events / seconds),
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    })}\n`,
  );
}

main(process.argv.slice(2));
