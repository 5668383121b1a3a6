import type { ScrapeTargetKind } from '@naap/events';
import { readDiscovery } from './discovery';
import type { Reader } from './Findings';
import { readCapabilities, readMetrics, readStatus } from './node';
import {
  readHardwareInfo,
  readHardwareStats,
  readHealth,
  readRunnerVersion,
} from './runner';

export interface Question {
  path: string;
  /** Statuses that say "not here": facts, no errors. */
  absent: readonly number[];
  read: Reader;
}

/** What each kind of target is asked, in this order. */
export const QUESTIONS: Record<ScrapeTargetKind, readonly Question[]> = {
  // Before go-livepeer 0.9, and without live runners, there is no discovery.
  orchestrator: [{ path: '/discovery', absent: [404], read: readDiscovery }],
  node: [
    { path: '/status', absent: [], read: readStatus },
    { path: '/metrics', absent: [404], read: readMetrics },
    {
      path: '/getNetworkCapabilities',
      absent: [400, 404],
      read: readCapabilities,
    },
  ],
  runner: [
    { path: '/health', absent: [], read: readHealth },
    { path: '/version', absent: [404], read: readRunnerVersion },
    { path: '/hardware/info', absent: [404], read: readHardwareInfo },
    { path: '/hardware/stats', absent: [404], read: readHardwareStats },
  ],
};
