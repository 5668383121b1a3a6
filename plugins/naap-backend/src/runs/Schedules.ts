import type {
  AuthService,
  DiscoveryService,
  LoggerService,
  SchedulerService,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import type { StepId } from '@naap/plugin-naap-common';
import type { RunService } from './RunService';

export type StepSchedules = Partial<
  Record<StepId, SchedulerServiceTaskScheduleDefinition>
>;

const PATIENCE_MS = 2_000;
const taskOf = (step: string) => `naap-schedule-${step}`;

/** Steps that run by the clock: tasks of the Backstage scheduler, which only ask for a run. */
export class Schedules {
  readonly #schedules: StepSchedules;
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #logger: LoggerService;

  constructor(options: {
    schedules: StepSchedules;
    auth: AuthService;
    discovery: DiscoveryService;
    logger: LoggerService;
  }) {
    this.#schedules = options.schedules;
    this.#auth = options.auth;
    this.#discovery = options.discovery;
    this.#logger = options.logger;
  }

  async start(
    scheduler: SchedulerService,
    runs: Pick<RunService, 'start'>,
  ): Promise<void> {
    for (const [step, schedule] of Object.entries(this.#schedules)) {
      await scheduler.scheduleTask({
        ...schedule,
        id: taskOf(step),
        fn: async () => {
          await runs.start({
            step: step as StepId,
            trigger: 'schedule',
            startedBy: 'schedule',
          });
        },
      });
    }
  }

  /** The step that a task of the scheduler asks for a run of; undefined when it does anything else. */
  stepOf(task: string): StepId | undefined {
    const steps = Object.keys(this.#schedules) as StepId[];
    return steps.find(step => taskOf(step) === task);
  }

  /** When each scheduled step runs next, ISO 8601 UTC, as the scheduler says; a step is absent while nobody knows. */
  async nextRuns(): Promise<Partial<Record<StepId, string>>> {
    try {
      const { token } = await this.#auth.getPluginRequestToken({
        onBehalfOf: await this.#auth.getOwnServiceCredentials(),
        targetPluginId: 'naap',
      });
      const url = await this.#discovery.getBaseUrl('naap');
      const response = await fetch(`${url}/.backstage/scheduler/v1/tasks`, {
        headers: { Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { tasks } = (await response.json()) as {
        tasks: Array<{ taskId: string; taskState?: { startsAt?: string } }>;
      };
      return Object.fromEntries(
        Object.keys(this.#schedules).flatMap(step => {
          const task = tasks.find(({ taskId }) => taskId === taskOf(step));
          const at = task?.taskState?.startsAt;
          return at ? [[step, new Date(at).toISOString()]] : [];
        }),
      );
    } catch (error) {
      this.#logger.debug(`The scheduler doesn't say what is next: ${error}`);
      return {};
    }
  }
}
