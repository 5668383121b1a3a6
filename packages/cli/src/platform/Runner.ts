export interface UpOptions {
  /** Of the portal. */
  port: number;
  /** Return when it is healthy. */
  detach: boolean;
  simulate: boolean;
  eventsPerDay: number;
}

export interface WorkOptions {
  /** Ids of the steps whose runs are executed. */
  steps: string[];
  /** Where it tells whether it is well; 0: any that is free. */
  port: number;
}

/** Tells one thing that was looked at. */
export type Row = (name: string, ok: boolean, text: string) => void;

/** Brings the programs of a profile up on this machine, and tells how they are. */
export interface Runner {
  /** Resolves when it is stopped, or healthy where it runs on by itself. */
  up(options: UpOptions): Promise<void>;
  /** @param options.volumes - what containers have kept goes too */
  down(options: { volumes: boolean }): Promise<void>;
  /**
   * Executes runs of some steps until it is stopped.
   *
   * @throws UsageError where one process does all of it
   */
  work(options: WorkOptions): Promise<void>;
  /**
   * Prints how it is.
   *
   * @throws FailedError when nothing runs, or it is not well
   */
  status(): Promise<void>;
  /**
   * Makes engines what is declared; answers how each differed, in its own terms.
   *
   * @param options.check - only looks
   * @throws UsageError when there is nothing to declare
   */
  apply(options: { check: boolean }): Promise<Record<string, object[]>>;
  /** Looks at what the profile needs, and at what it runs. */
  doctor(row: Row): Promise<void>;
}
