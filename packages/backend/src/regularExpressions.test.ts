import { dynamicPatterns, shippedPatterns } from './__testUtils__/patterns';
import { WorstText, worstTexts, written } from './__testUtils__/worstTexts';

const MEBIBYTE = 1 << 20;

/**
 * What exponential and what quadratic time shows at: a search that is linear takes some µs there, one that is not
 * takes many ms.
 */
const TELLING_LENGTHS = [20, 4096];
const TOO_LONG_MS = 1;

/** So many of the texts of a pattern, the slowest, are looked at closely. */
const FINALISTS = 3;

/** Where no stranger's text of unbounded length comes to a pattern, by file. They are linear all the same. */
const BOUNDED: Record<string, string> = {
  'packages/backend/src/http/allowedHosts.ts':
    'hosts of the configuration, and of headers of 16 KiB at most',
  'packages/backend/src/rootLogger.ts': 'names of fields of our log',
  'packages/backend/src/http/Admission.ts':
    'paths, which have 16 KiB at most with all headers',
  'packages/backend/src/http/middleware.ts':
    'paths, which have 16 KiB at most with all headers',
  'packages/cli/src/options.ts': 'options of the command',
  'packages/ingestion/src/eventlog/segmentFile.ts': 'names of files of our log',
  'packages/ingestion/src/scraper/answers/prometheus.ts':
    'lines, which have 8,192 characters at most',
  'packages/ingestion/src/scraper/targets.ts':
    'names, which have 512 characters at most',
  'packages/ingestion/src/simulator/certificate.ts': 'what it made itself',
  'packages/lakehouse/src/sqlite/SqliteLakeCatalog.ts':
    'errors of SQLite, and what our worker wrote about tables',
  'packages/serving/src/chdb/chdbDatabase.ts': 'the status file of chDB',
  'plugins/catalog-backend-module-naap/src/plainTitle.ts':
    'names, which have 512 characters at most',
  'plugins/naap-backend-module-lakehouse/src/requestEvent.ts':
    'beginnings of messages, which have 1,024 characters at most',
  'plugins/naap-backend/src/routes/fallbackRouter.ts': 'paths of our API',
  'plugins/naap/src/explorer/windowText.ts': 'names of our windows',
  'plugins/naap/src/export/table.ts': 'times that we wrote',
  'plugins/naap-common/src/verdict.ts': 'numbers that we wrote',
  'plugins/naap/src/quality/rawText.ts':
    'beginnings of messages, which have 1,024 bytes at most',
};

/** CPU time of the process, ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * No less than what the search takes this thread, ms. The clock on the wall adds what others of a busy machine take
 * meanwhile, the time of the process what its other threads do: each by itself would take a good pattern for a slow one.
 */
function searchMs(pattern: RegExp, text: string): number {
  const beganOnWall = performance.now();
  const began = cpuMs();
  text.search(pattern);
  return Math.min(cpuMs() - began, performance.now() - beganOnWall);
}

/**
 * The best of some: the first compiles the pattern, and any may pay for what ran before it, or beside it on a busy
 * machine. What is really slow is slow each time.
 */
function bestMs(pattern: RegExp, text: string, tries: number): number {
  const all = Array.from({ length: tries }, () => searchMs(pattern, text));
  return Math.min(...all);
}

/** A linear search of 1 MB, and what it takes a machine that has nothing else to do, ms. */
const YARDSTICK = { pattern: /\p{L}\p{Cc}/u, ms: 2 };

/** How many times as long as that machine this one takes; 1 or more. */
function slowness(): number {
  const ms = bestMs(YARDSTICK.pattern, 'x'.repeat(MEBIBYTE), 7);
  return Math.max(1, ms / YARDSTICK.ms);
}

/** How long 1 MB of its worst text takes a pattern, ms; infinite for one that is not linear. */
function worstMs(pattern: RegExp): number {
  const texts = worstTexts(pattern);
  let tried: Array<{ text: WorstText; ms: number }> = [];
  for (const length of TELLING_LENGTHS) {
    tried = [];
    for (const text of texts) {
      const ms = searchMs(pattern, written(text, length));
      if (ms > TOO_LONG_MS) {
        // Looked at closely, by what the machine does in a millisecond now.
        const best = bestMs(pattern, written(text, length), 20);
        if (best > TOO_LONG_MS * slowness()) return Infinity;
      }
      tried.push({ text, ms });
    }
  }
  const finalists = tried.sort((a, b) => b.ms - a.ms).slice(0, FINALISTS);
  return Math.max(
    ...finalists.map(({ text }) => bestMs(pattern, written(text, MEBIBYTE), 7)),
  );
}

const patterns = shippedPatterns().map(({ pattern, at }) => ({
  at,
  file: at.replace(/:\d+$/, ''),
  pattern: String(pattern),
  ms: worstMs(pattern) / slowness(),
}));

describe('regular expressions', () => {
  it('none takes more than linear time', () => {
    expect(patterns.length).toBeGreaterThan(40);
    expect(patterns.filter(({ ms }) => ms === Infinity)).toEqual([]);
  });

  it('take under 50 ms in sum for 1 MB of the worst text that a stranger may send to each', () => {
    const strangers = patterns.filter(({ file }) => !(file in BOUNDED));
    const sum = strangers.reduce((total, { ms }) => total + ms, 0);
    const slowest = strangers.sort((a, b) => b.ms - a.ms).slice(0, 5);
    expect(sum < 50 ? 'under 50 ms' : { sum, slowest }).toBe('under 50 ms');
  });

  it('are all literals, which can be judged before they run', () => {
    expect(dynamicPatterns()).toEqual([]);
  });

  it('that have bounds are still there', () => {
    const files = new Set(patterns.map(({ file }) => file));
    expect(Object.keys(BOUNDED).filter(file => !files.has(file))).toEqual([]);
  });

  it.each([
    /\/+$/,
    /=*$/,
    /\s*\n\s*/g,
    /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g,
    /^([^:]*):? ?(.*)$/,
    /(\.\d*?)0+(?!\d)/,
    /^(?:a|a)*$/,
    /^x(?:a+)+$/,
    /foo.*bar/,
  ])('that are slow are found: %s', pattern => {
    expect(worstMs(pattern)).toBe(Infinity);
  });
});
