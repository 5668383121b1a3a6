import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  naap?: {
    ingestion?: {
      /** Who may bring events to POST /api/naap/v1/events. */
      sources?: Array<{
        /** Lower-case letters, digits, - and _; kept with every event. */
        name: string;
        /**
         * Bearer token, at least 16 characters; take it from an environment variable or a file ($env, $file).
         * @visibility secret
         */
        token: string;
      }>;
    };
    loop?: {
      /** Seconds between two looks at what is due, 1 to 3600; default 5. */
      intervalSeconds?: number;
    };
    pipeline?: {
      /**
       * By the id of a step, when it runs by the clock, beside when there is something to do; a task only asks for the
       * run, so its timeout is at most 1 minute. Default: `maintain` every 10 minutes; `frequency: { trigger: manual }`
       * turns that off.
       */
      schedules?: {
        [step: string]: SchedulerServiceTaskScheduleDefinitionConfig;
      };
      /** Seconds that a process may be silent before another takes its run for lost, 1 to 3600; default 30. */
      leaseSeconds?: number;
    };
    publicApi?: {
      /** Whether who has no token may read the public SLA API; default true. */
      enabled?: boolean;
      /** Of one client address without a token; each replica counts for itself. */
      rateLimit?: {
        /** 1 to 3600; default 60. */
        windowSeconds?: number;
        /** Requests in that time; default 120. */
        max?: number;
      };
    };
    metrics?: {
      /** Whether Prometheus' page is at /metrics of the root; default true. */
      enabled?: boolean;
    };
    openLineage?: {
      /** Where every run is told of as an OpenLineage event: https, or http to this machine. */
      url?: string;
    };
  };
}
