export { runnersLeftOut } from './answers/discovery';
export { DEFAULT_PORTS, gatePolicy, parsePorts } from './guard/GatePolicy';
export type { GatePolicy, PortRange } from './guard/GatePolicy';
export type { Resolve } from './guard/resolve';
export { toLines } from './event';
export type { ScrapeMessage } from './event';
export type { ProbeLimits } from './probe/limits';
export { readTargetsFile, resolveFromFile } from './files';
export { INTERVAL_MS, roundOf, roundStarts } from './schedule';
export type { ScrapeMetrics } from './ScrapeMetrics';
export { Scraper } from './Scraper';
export type { Round, ScraperOptions } from './Scraper';
export { readScraperSettings, ScraperSettingsError } from './settings';
export type { ScraperSettings } from './settings';
export { scraperOf, targetsOf } from './sources';
export type { Reported } from './sources';
export type { Target } from './Target';
export {
  mergeTargets,
  parseTargets,
  TargetFileError,
  targetsOfCapabilities,
  targetsOfUrls,
} from './targets';
