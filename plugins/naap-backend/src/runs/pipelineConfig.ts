import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { STEP_IDS, type StepId } from '@naap/plugin-naap-common';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import type { StepSchedules } from './Schedules';

/**
 * Commits leave a small file each, so the lake needs its housekeeping; and each night it is looked at whether all that came by
 * Kafka is there. A scheduled task only asks for the run.
 */
const DEFAULT_SCHEDULES: StepSchedules = {
  maintain: {
    frequency: { minutes: 10 },
    timeout: { minutes: 1 },
    initialDelay: { minutes: 10 },
  },
  compare: {
    frequency: { cron: '30 3 * * *' },
    timeout: { minutes: 1 },
  },
};
const DEFAULT_SCRAPE_SECONDS = 60;
const LONGEST_TIMEOUT_MS = 60_000;
const DEFAULT_LEASE_SECONDS = 30;

export interface PipelineConfig {
  schedules: StepSchedules;
  /** The steps whose runs this process executes, and which its loop asks for; undefined: all that there are. */
  executes: readonly StepId[] | undefined;
  leaseMs: number;
  openLineageUrl: string | undefined;
}

/** Reads and checks `naap.pipeline` and `naap.openLineage`; throws an error that names the key, the value and the mend. */
export function readPipelineConfig(config: RootConfigService): PipelineConfig {
  return {
    schedules: {
      ...DEFAULT_SCHEDULES,
      ...scrapeSchedule(config),
      ...readSchedules(config),
    },
    executes: readExecutes(config),
    leaseMs: readLeaseMs(config),
    openLineageUrl: readOpenLineageUrl(config),
  };
}

function assertStep(text: string, what: string): asserts text is StepId {
  if ((STEP_IDS as readonly string[]).includes(text)) return;
  throw new InputError(`${what} is no step; use ${STEP_IDS.join(', ')}`);
}

/** A worker has its list; a portal executes all, or nothing where workers do. */
function readExecutes(
  config: RootConfigService,
): readonly StepId[] | undefined {
  if (!config.has('naap.worker')) {
    const all = config.getOptionalBoolean('naap.pipeline.execute') ?? true;
    return all ? undefined : [];
  }
  const key = 'naap.worker.steps';
  const steps = config.getStringArray(key);
  if (steps.length === 0) {
    throw new InputError(`${key} is empty; use some of ${STEP_IDS.join(', ')}`);
  }
  return steps.map(step => {
    assertStep(step, `'${step}' of ${key}`);
    return step;
  });
}

/** Rounds of the scraper, where it is configured. The step checks the interval. */
function scrapeSchedule(config: RootConfigService): StepSchedules {
  if (!config.has('naap.scraper')) return {};
  const seconds = config.getOptionalNumber('naap.scraper.intervalSeconds');
  return {
    scrape: {
      frequency: { seconds: seconds ?? DEFAULT_SCRAPE_SECONDS },
      timeout: { minutes: 1 },
      initialDelay: { seconds: 10 },
    },
  };
}

function readSchedules(config: RootConfigService): StepSchedules {
  const all = config.getOptionalConfig('naap.pipeline.schedules');
  const schedules: StepSchedules = {};
  for (const step of all?.keys() ?? []) {
    const key = `naap.pipeline.schedules.${step}`;
    assertStep(step, key);
    let schedule: SchedulerServiceTaskScheduleDefinition;
    try {
      schedule = readSchedulerServiceTaskScheduleDefinitionFromConfig(
        all!.getConfig(step),
      );
    } catch (error) {
      throw new InputError(
        `${key} can't be read: ${error}; use for example { frequency: { hours: 6 }, timeout: { minutes: 1 } }`,
      );
    }
    const timeoutMs = durationToMilliseconds(schedule.timeout as HumanDuration);
    if (!(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
      throw new InputError(
        `${key}.timeout is ${
          timeoutMs / 1000
        } s; use at most 60 s: the task only asks for the run, which may take as long as it needs`,
      );
    }
    schedules[step] = schedule;
  }
  return schedules;
}

function readLeaseMs(config: RootConfigService): number {
  const key = 'naap.pipeline.leaseSeconds';
  const seconds = config.getOptionalNumber(key) ?? DEFAULT_LEASE_SECONDS;
  if (!(seconds >= 1 && seconds <= 3600)) {
    throw new InputError(`${key} is ${seconds}; use a number from 1 to 3600`);
  }
  return seconds * 1_000;
}

function readOpenLineageUrl(config: RootConfigService): string | undefined {
  const key = 'naap.openLineage.url';
  const text = config.getOptionalString(key);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (
    url?.protocol !== 'https:' &&
    !(url?.protocol === 'http:' && loopback.includes(url.hostname))
  ) {
    throw new InputError(
      `${key} is '${text}'; use an https URL, or http to this machine, such as http://localhost:5000/api/v1/lineage`,
    );
  }
  return text;
}
