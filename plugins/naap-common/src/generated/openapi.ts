/** Made from openapi.yaml by scripts/openapi.mjs; not to be edited. */

export interface paths {
  '/kpis': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The KPIs of a window, whole or by group */
    get: operations['GetKpis'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The facts of every request that counts */
    get: operations['GetRequests'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/requests/{requestId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One request with the raw events that it was computed from
     * @description A request is the pair of stream_id and request_id. When request_id alone names several, the answer is 409 with the candidates; ask again with stream_id. Events come in pages. The text of the messages needs naap.raw.read: it holds addresses of clients and what they signed in with.
     */
    get: operations['GetRequest'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dimensions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The values that the filters can take in a window
     * @description Without `dimension` the busiest values of every filter, and how many each has. With it the values of this one in pages, busiest first, and with `search` those that have the text in them.
     */
    get: operations['GetDimensions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/freshness': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How old the served numbers are, and how the loop is doing */
    get: operations['GetFreshness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/quarantine': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Ignored and rejected messages, newest first
     * @description With the beginning of each message; that needs naap.raw.read, since messages hold addresses of clients and what they signed in with. GET /messages has the whole.
     */
    get: operations['GetQuarantine'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/messages/{topic}/{partition}/{offset}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One message whole, as it came in; needs naap.raw.read
     * @description Accepted, ignored and rejected messages that the lake holds. Of one that was rejected as too_large only the beginning is kept.
     */
    get: operations['GetMessage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/ingest-stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Class counts of the messages that came in, by hour, as far as they are served */
    get: operations['GetIngestStats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/scores': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** SLA scores of a window */
    get: operations['GetScores'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/targets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The targets of every model for a window */
    get: operations['GetTargets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/supply': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the orchestrators offered, by their capability reports */
    get: operations['GetSupply'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/availability': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the scraper found at orchestrators: reachability, response time, capacity, prices, measured GPU utilisation */
    get: operations['GetAvailability'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/gpus': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The KPIs of a window by GPU */
    get: operations['GetGpus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/swaps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How often requests went from one orchestrator to another */
    get: operations['GetSwaps'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every orchestrator and model that the events ever named */
    get: operations['GetInventory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/contested': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** URLs that capability reports give to two or more addresses, so that what they serve is nobody's */
    get: operations['GetContested'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The way of the data from its sources to its readers, with where each node of it stands */
    get: operations['GetLineage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/lineage/node': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One node with its columns, their origins, its SQL and its tests */
    get: operations['GetLineageNode'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/gpu/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How well each GPU serves */
    get: operations['GetGpuMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/network/demand': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What was asked of the network, and what it offered */
    get: operations['GetNetworkDemand'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sla/compliance': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The SLA score of each orchestrator with its parts, and its KPIs against their targets */
    get: operations['GetSlaCompliance'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/datasets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What data can be had, and how */
    get: operations['GetDatasets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the process answers */
    get: operations['GetLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether all parts that answers need are there */
    get: operations['GetReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Bring raw gateway messages
     * @description Messages as go-livepeer sends them to Kafka: NDJSON, JSON arrays, or JSON objects one after another over any number of lines; bare, in what kcat -J, Kafka Connect or a Kafka browser wrap them, or as rows of a table with event_id, event_type, event_ts, gateway, data; UTF-8, or UTF-16 with a byte order mark; gzip or not. At most 1 GiB, unpacked. It may take as long as it likes while something comes every 60 s. Answers once everything is durable. After an error the message says how much is kept; sending the same again only makes duplicates. Needs the bearer token of a source (naap.ingestion.sources); a service principal may name the source instead.
     */
    post: operations['PostEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/steps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The steps of the pipeline, how each stands, and which the caller may run */
    get: operations['GetSteps'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/steps/{step}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run one step of the pipeline now and wait for its end
     * @description Asks for a run as `POST /runs` does, and answers when it has ended.
     */
    post: operations['RunStep'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/steps/{step}/plan': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What a run of a step would touch; runs nothing */
    post: operations['PlanStep'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Runs, newest first */
    get: operations['GetRuns'];
    put?: never;
    /**
     * Ask for a run of a step
     * @description Answers at once. A queued run of the same step with the same arguments is joined: it is the one that is answered. One run of a step at a time, over all replicas.
     */
    post: operations['StartRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One run */
    get: operations['GetRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{id}/log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lines of a run's log, oldest first */
    get: operations['GetRunLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{id}/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A run and its log as they come
     * @description Server-sent events: `log` (a line; its `seq` is the id) and `run` (when its state changes). Ends when the run has ended; after a broken connection ask again with `after`.
     */
    get: operations['FollowRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask for the end of a queued or running run
     * @description A queued run is cancelled at once, a running one within seconds. What it did so far stays sound. 409 when it has ended.
     */
    post: operations['CancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/runs/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Ask for a run with the step and the arguments of one that has ended */
    post: operations['RetryRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/connectors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The connectors of Kafka Connect that write the lake, how each stands, and what the caller may do */
    get: operations['GetConnectors'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/connectors/{connector}/{action}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause, resume or restart a connector
     * @description Answers when Kafka Connect has been told; it does so within seconds. Needs naap.connector.<action>.
     */
    post: operations['ChangeConnector'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest records that connectors could not read, newest first */
    get: operations['GetDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @enum {string} */
    StepId:
      | 'scrape'
      | 'commit'
      | 'build'
      | 'sync'
      | 'maintain'
      | 'compare'
      | 'replay';
    StepOrNull: components['schemas']['StepId'] | null;
    /** @enum {string} */
    ConnectorAction: 'pause' | 'resume' | 'restart';
    ConnectorInfo: {
      name: string;
      /** @description Topics that it reads */
      topics: string[];
      /** @description The table that it writes, such as bronze.events */
      table: string | null;
      /**
       * @description Of it and its tasks: failed when one of them has. missing: nobody has made it. unknown: Kafka Connect does not answer. unassigned: no worker has it just now.
       * @enum {string}
       */
      state:
        | 'running'
        | 'paused'
        | 'stopped'
        | 'failed'
        | 'unassigned'
        | 'restarting'
        | 'missing'
        | 'unknown';
      /** @description What it failed of, in a line */
      error: string | null;
      /** @description Records that it has yet to write; null where that is not known */
      lag: number | null;
      /**
       * Format: date-time
       * @description When the table was last written; null where it never was, or that is not known
       */
      committedAt: string | null;
      /** @description Settings that are not as declared */
      drift: {
        /** @description Name of the setting; connector: it is missing */
        what: string;
        is: string | null;
        should: string | null;
      }[];
    };
    DeadLetterRow: {
      partition: number;
      /** @description 64 bit, in decimal digits */
      offset: string;
      /** Format: date-time */
      at: string;
      connector: string | null;
      /** @description Where it lies in the topic that the connector reads */
      source: {
        topic: string;
        partition: number;
        offset: string;
      } | null;
      /** @description What the connector was at, such as VALUE_CONVERTER */
      stage: string | null;
      /** @description Class of the error */
      error: string | null;
      /** @description Of the error; it may hold a piece of the record, so it is null without naap.raw.read */
      message: string | null;
      /** @description The first 1024 bytes of the record; null without naap.raw.read */
      raw_base64: string | null;
      raw_length: number;
    };
    LineageNode: {
      id: string;
      /** @enum {string} */
      layer:
        | 'source'
        | 'topic'
        | 'gate'
        | 'bronze'
        | 'silver'
        | 'gold'
        | 'serving'
        | 'consumer';
      type: string;
      title: string;
      description: string;
      step: components['schemas']['StepOrNull'];
      /** @description How it is named in the catalog; null when it is too fine for it */
      entity: {
        /** @enum {string} */
        kind: 'Component' | 'Resource' | 'API';
        name: string;
        type: string;
        tags: string[];
        /** @description Names of parts */
        restsOn?: string[];
      } | null;
      /** @description Whether /lineage/node tells columns, SQL or tests of it */
      detailed: boolean;
      /** @description Where it stands; null where nobody knows */
      state: {
        /** Format: date-time */
        updatedAt: string | null;
        runId: string | null;
        ok: boolean | null;
        rows: number | null;
        tests: {
          passed: number;
          failed: number;
          failing: string[];
        } | null;
      } | null;
    };
    /** @description What a step knows of these is in its `parameters`; any other is refused */
    StepArguments: {
      /** @description build: everything instead of what changed; replay: also what the gate of today has judged */
      full?: boolean;
      /** @description build: this model and its children */
      model?: string;
      /** @description sync: only these days */
      days?: string[];
      /** @description replay: only what came in from then on, ISO 8601 */
      from?: string;
      /** @description replay: only what came in before then, ISO 8601 */
      to?: string;
    };
    StepParameter: {
      /** @enum {string} */
      name: 'full' | 'model' | 'days' | 'from' | 'to';
      /** @enum {string} */
      type: 'flag' | 'model' | 'days' | 'time';
      title: string;
      description: string;
    };
    StepInfo: {
      id: components['schemas']['StepId'];
      title: string;
      description: string;
      /** @description Entity ref of the component that the step belongs to */
      component: string | null;
      parameters: components['schemas']['StepParameter'][];
      /** @description What running it needs */
      permission: string;
      /** @description Whether the caller has that */
      mayRun: boolean;
      running: components['schemas']['RunOrNull'];
      queued: number;
      lastRun: components['schemas']['RunOrNull'];
      lastSuccess: components['schemas']['RunOrNull'];
      /** @description Median of the last successful runs that changed something */
      usualDurationMs: number | null;
      /**
       * Format: date-time
       * @description By a schedule; null when it runs as there is something to do
       */
      nextRunAt: string | null;
    };
    /** @enum {string} */
    RunState:
      | 'queued'
      | 'running'
      | 'succeeded'
      | 'failed'
      | 'cancelled'
      | 'lost';
    /** @enum {string} */
    RunTrigger:
      | 'manual'
      | 'action'
      | 'loop'
      | 'schedule'
      | 'retry'
      | 'recovery';
    Run: {
      /** Format: uuid */
      id: string;
      step: components['schemas']['StepId'];
      state: components['schemas']['RunState'];
      trigger: components['schemas']['RunTrigger'];
      startedBy: string;
      arguments: components['schemas']['StepArguments'];
      /** Format: uuid */
      retryOf: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      startedAt: string | null;
      /** Format: date-time */
      finishedAt: string | null;
      durationMs: number | null;
      rows: number | null;
      changed: boolean | null;
      details: Record<string, never> | null;
      error: string | null;
    };
    RunOrNull: components['schemas']['Run'] | null;
    RunLogLine: {
      /** @description From 1 within a run */
      seq: number;
      /** Format: date-time */
      at: string;
      /** @enum {string} */
      level: 'debug' | 'info' | 'warn' | 'error';
      message: string;
    };
    Error: {
      name: string;
      message: string;
    };
    /** @description In their order; what is beyond the first hundred is left out */
    FirstHundred: string[];
    /** @description The `cursor` of the next page; null means that this is all */
    Next: string | null;
    /** @description Whether the caller has naap.raw.read; without it the text of messages is null */
    RawReadable: boolean;
    /** @enum {string} */
    KpiFilter:
      | 'orchestrator'
      | 'model'
      | 'gateway'
      | 'region'
      | 'gpu'
      | 'pipeline';
    FilterValues: string[];
    ServedState: {
      build: {
        id: string;
        /** Format: date-time */
        at: string;
        tests: {
          passed: number;
          failed: number;
          warned: number;
        };
        /**
         * Format: date-time
         * @description 95 % of the events that the build took came in then or later; null when it took none, or all again
         */
        arrivedSince?: string | null;
      } | null;
      /** Format: date-time */
      watermark: string | null;
      /** Format: date-time */
      syncedAt: string | null;
      /** Format: date-time */
      firstHour: string | null;
      /** Format: date-time */
      lastHour: string | null;
      simulated: boolean;
    };
    AnswerMeta: components['schemas']['ServedState'] & {
      freshnessMs: number | null;
      /** @description As it was answered, with its own ends */
      window: {
        /** Format: date-time */
        from: string | null;
        /** Format: date-time */
        to: string | null;
        /**
         * @description What its ends are rounded to
         * @enum {string}
         */
        grain: '5m' | '1h';
        /** @enum {string|null} */
        state: 'provisional' | 'final' | 'revised' | null;
      };
    };
    LatencySummary: {
      n: number;
      mean: number | null;
      p50: number | null;
      p95: number | null;
      p99: number | null;
    };
    /** @description The grouped dimensions and the KPIs */
    KpiRow: {
      orchestrator?: string | null;
      model?: string | null;
      gateway?: string | null;
      region?: string | null;
      gpu?: string | null;
      pipeline?: string | null;
      /** Format: date-time */
      slot?: string | null;
      /** Format: date-time */
      hour?: string | null;
      /** Format: date */
      day?: string | null;
    } & components['schemas']['KpiMeasures'];
    /** @description Rates are fractions */
    KpiMeasures: {
      requests: number;
      failed: number;
      unserved: number;
      abandoned: number;
      unknown: number;
      running: number;
      served: number;
      swapped: number;
      swapped_served: number;
      failed_swaps: number;
      error_events: number;
      /** @description Of runners while they served */
      restarts: number;
      overlay: number;
      complete: number;
      startup_missing: number;
      fps_samples: number;
      fps_mean: number | null;
      fps_fed_samples: number;
      fps_fed_mean: number | null;
      fps_p50: number | null;
      fps_p95: number | null;
      failure_rate: number | null;
      failure_rate_low: number;
      failure_rate_high: number;
      swap_rate: number | null;
      swap_rate_low: number;
      swap_rate_high: number;
      error_rate: number | null;
      jitter_n: number;
      jitter_mean: number | null;
      jitter_p95: number | null;
      /** @description Estimated */
      cue: number | null;
      cue_samples: number;
      ptff_ms: components['schemas']['LatencySummary'];
      e2e_ms: components['schemas']['LatencySummary'];
      startup_ms: components['schemas']['LatencySummary'];
      cold_startup_ms: components['schemas']['LatencySummary'];
      /** @description In the hours in which it was served, also of requests of earlier hours */
      inference_ms: number;
      inference_minutes: number;
      fees_eth: number;
      /** @description Payments and signed tickets, read or not */
      payments: number;
      /** @description Of them those whose fee can not be read */
      unread_payments: number;
    };
    DimensionValues: {
      value: string | null;
      requests: number;
    }[];
    RequestEvent: {
      event_id: string;
      type: string;
      subtype: string | null;
      /** Format: date-time */
      event_time: string;
      /** Format: date-time */
      envelope_time: string;
      gateway: string | null;
      topic: string;
      partition: number;
      offset: number;
      /** @description Of a status */
      state: string | null;
      /** @description Of a status: output FPS */
      fps: number | null;
      /** @description Of a status */
      input_fps: number | null;
      /** @description Of an error or a swap; its first 1024 bytes, with the addresses of clients left out */
      message: string | null;
      /** @description Of the orchestrator that it is about, in lower case and without slashes at its end */
      orch_uri: string | null;
      /**
       * Format: date-time
       * @description Of a status: start_time, by the runner
       */
      started_at: string | null;
      /**
       * Format: date-time
       * @description Of a status: last_output_time, by the runner
       */
      last_output_at: string | null;
      /**
       * Format: date-time
       * @description Of a status: timestamp, by the runner
       */
      said_at: string | null;
      /**
       * Format: date-time
       * @description Of a status: last_state_update_time, by the runner
       */
      state_since: string | null;
      /** @description The first 1024 bytes of the message; null without naap.raw.read */
      raw: string | null;
      /** @description Bytes of the message */
      raw_length: number;
    };
    QuarantineRow: {
      /** @enum {string} */
      class: 'ignored' | 'rejected';
      reason: string;
      /** @description The first 1024 bytes of the message; null without naap.raw.read */
      raw_base64: string | null;
      /** @description Bytes of the message as it came in */
      raw_length: number;
      /** @description Of the whole message, hex; null: it is kept whole */
      raw_sha256: string | null;
      /** Format: date-time */
      seen_at: string;
      topic: string;
      partition: number;
      offset: number;
      source: string;
    };
    RequestRow: {
      stream_id: string;
      request_id: string;
      /** Format: date-time */
      requested_at: string;
      /** Format: date-time */
      hour: string;
      gateway: string;
      region: string | null;
      orchestrator: string | null;
      /**
       * @description contested: several addresses claim its URL, so it is nobody’s
       * @enum {string|null}
       */
      identity: 'canonical' | 'reported' | 'contested' | null;
      orch_uri: string | null;
      model: string | null;
      pipeline: string | null;
      gpu: string | null;
      warm: boolean | null;
      ptff_ms: number | null;
      e2e_ms: number | null;
      startup_ms: number | null;
      overlay: boolean;
      fps_mean: number | null;
      fps_samples: number;
      jitter: number | null;
      /** @enum {string} */
      outcome:
        | 'running'
        | 'unserved'
        | 'failed'
        | 'abandoned'
        | 'unknown'
        | 'ok';
      /** @enum {string|null} */
      reason:
        | 'swap_failed'
        | 'no_output'
        | 'output_lost'
        | 'startup_failed'
        | 'error'
        | null;
      error_events: number;
      /** @description Of runners while they served */
      restarts: number;
      swapped: boolean;
      swap_events: number;
    };
    /** @description 95 % Wilson interval; null without a value */
    Interval: {
      low: number;
      high: number;
    } | null;
    ScoreRow: {
      key: string;
      /** @description 0 to 100; null: not enough data */
      score: number | null;
      score_low: number | null;
      score_high: number | null;
      reliability: number | null;
      quality: number | null;
      attainments: components['schemas']['Attainments'];
      served: number;
      completeness: number | null;
    };
    /** @description 1 at the target or better, 0 at twice the target (FPS: half of it) or worse; null without a target, or with too few samples or requests to grade */
    Attainments: {
      fps: number | null;
      startup: number | null;
      e2e: number | null;
      jitter: number | null;
    };
    ModelTarget: {
      value: number;
      /** @enum {string} */
      source: 'table' | 'network_median';
    } | null;
    ModelTargets: {
      model: string;
      fps: components['schemas']['ModelTarget'];
      ptff_ms: components['schemas']['ModelTarget'];
      startup_ms: components['schemas']['ModelTarget'];
    };
    /** @description The grouped dimensions, and means over the hours that have a report of anybody: one in which a group is not listed counts 0 for it */
    SupplyRow: {
      orchestrator?: string | null;
      model?: string | null;
      pipeline?: string | null;
      gpu?: string | null;
      /** Format: date-time */
      hour?: string | null;
      /** Format: date */
      day?: string | null;
      /** @description Hours that have a report of anybody */
      hours: number;
      orchestrators: number;
      /** @description Distinct ids, once per orchestrator */
      gpus: number;
      /** @description Containers, busy or idle */
      capacity: number | null;
      capacity_in_use: number | null;
      /** @description Containers that have the model loaded */
      warm: number | null;
    };
    /** @description The grouped dimensions, and what the scraper found; an observation is one URL in one round */
    AvailabilityRow: {
      orchestrator?: string | null;
      url?: string | null;
      /** Format: date-time */
      hour?: string | null;
      /** Format: date */
      day?: string | null;
      observations: number;
      reachable: number;
      /** @description A fraction, reachable / observations */
      availability: number | null;
      /** @description Lower end of the 95 % Wilson interval */
      availability_low: number;
      availability_high: number;
      /** @description Refused by the scraper's gate; no observation */
      refused: number;
      /** @description In rounds that are not whole, or in which the scraper was cut off; no observation */
      masked: number;
      response_ms: components['schemas']['LatencySummary'];
      /** @description Streams, as means over the hours that say it */
      capacity: {
        /** @description Answers that say the total */
        n: number;
        total: number | null;
        in_use: number | null;
        available: number | null;
        /** @description A fraction */
        share_in_use: number | null;
      };
      /** @description Measured */
      gpu_utilization: {
        /** @description Readings */
        n: number;
        gpus: number;
        /** @description A fraction */
        mean: number | null;
      };
      /** @description The first hundred */
      prices: {
        pipeline: string | null;
        model: string | null;
        currency: string | null;
        unit: string | null;
        /** @description Readings */
        n: number;
        mean: number;
      }[];
    };
    GpuRow: components['schemas']['KpiMeasures'] & {
      orchestrator: string | null;
      /** @description Null for what can't be tied to one GPU */
      gpu_id: string | null;
      /** @description Name of the GPU */
      gpu: string | null;
      models: components['schemas']['FirstHundred'];
      regions: components['schemas']['FirstHundred'];
      orchestrator_version: string | null;
      /** Format: date-time */
      first_seen_at: string | null;
      /** Format: date-time */
      last_seen_at: string | null;
      /** @description False: reported under another id every hour or so */
      stable: boolean | null;
    };
    SwapRow: {
      from: string | null;
      to: string | null;
      swaps: number;
      failed: number;
    };
    OrchestratorInfo: {
      orchestrator: string;
      uris: components['schemas']['FirstHundred'];
      gpus: components['schemas']['FirstHundred'];
      models: components['schemas']['FirstHundred'];
      /** Format: date-time */
      first_seen_at: string | null;
      /** Format: date-time */
      last_seen_at: string | null;
      version: string | null;
      /** @description What its operator is called; null: nobody told */
      name: string | null;
      /** @description How its operator is reached */
      contact: string | null;
      /** @description Its stake in LPT, a decimal */
      stake_lpt: string | null;
    };
    ModelInfo: {
      model: string;
      pipeline: string | null;
      /** Format: date-time */
      first_seen_at: string | null;
      /** Format: date-time */
      last_seen_at: string | null;
      flops_per_frame: number | null;
    };
    ContestedUrl: {
      url: string;
      /** @description The first hundred of those that claim it */
      addresses: string[];
      /** Format: date-time */
      first_seen_at: string;
      /** Format: date-time */
      last_seen_at: string;
      /** @description Reports that give it to several */
      reports: number;
    };
    DeployRow: {
      orchestrator: string;
      model: string;
      version: string;
      /** Format: date-time */
      first_seen_at: string;
    };
    GpuMetricsRow: {
      /** @description Address of the orchestrator */
      o_wallet: string | null;
      orchestrator_agent_version: string | null;
      /** @description ISO 8601 from/to */
      time_window: string | null;
      /** @description From the capability report; null for what can't be tied to one GPU */
      gpu_id: string | null;
      /** @description Null: reported in too few hours to say */
      gpu_id_stable: boolean | null;
      /** @description What to mind about this row */
      note: string | null;
      gpu_name: string | null;
      /** @description Model ids, the first hundred */
      workflows: string[];
      regions: components['schemas']['FirstHundred'];
      /** @description Null where there is no evidence */
      metrics: {
        /** @description Mean of the output samples */
        output_fps: number | null;
        /** @description Mean of the requests */
        prompt_to_first_frame_latency_ms: number | null;
        /** @description Mean of the requests */
        jitter_coefficient: number | null;
        failure_rate_pct: number | null;
        /** @description Estimated from tables of models and GPUs */
        cuda_utilization_efficiency_pct: number | null;
      };
      evidence: {
        requests: number;
        served: number;
        failed: number;
        failure_rate_pct: components['schemas']['Interval'];
        output_fps_samples: number;
        prompt_to_first_frame: components['schemas']['LatencySummary'];
        jitter_requests: number;
        cue_samples: number;
      };
    };
    DemandRow: {
      /** @description ISO 8601 from/to */
      interval: string;
      gateway: string | null;
      region: string | null;
      total_requests: number;
      /** @description Neither running, unserved, abandoned nor unknown */
      served: number;
      /** @description Found no orchestrator */
      unserved: number;
      failed: number;
      /** @description In the interval in which it was served */
      total_inference_minutes: number;
      fees_eth: number;
      /** @description Payments whose fee can not be read */
      unread_payments: number;
      /** @description Of runners while they served */
      restarts: number;
    };
    CapacityRow: {
      /** @description ISO 8601 from/to */
      interval: string;
      /** @description Hours with a capability report */
      hours: number;
      /** @description Most in one hour */
      gpus: number | null;
      /** @description Containers times the minutes of these hours up to the watermark */
      capacity_minutes: number | null;
      /** @description Of these hours */
      inference_minutes: number;
      /** @description inference_minutes / capacity_minutes */
      capacity_rate: number | null;
      /** @description Requests of the interval that found no orchestrator */
      missing_capacity: number;
    };
    ComplianceRow: {
      orchestrator_id: string;
      /** @description ISO 8601 from/to */
      period: string | null;
      /** @description 0 to 100; null: not enough data */
      sla_score: number | null;
      sla_score_interval: components['schemas']['Interval'];
      reliability: number | null;
      quality: number | null;
      attainments: components['schemas']['Attainments'];
      /** @description Served requests */
      n: number;
      /** @description Share of them with whole telemetry; not part of the score */
      completeness: number | null;
      kpis: {
        kpi: string;
        value: number | null;
        /** @enum {string} */
        unit: 'fps' | 'ms' | 'ratio' | 'fraction';
        n: number;
        interval: components['schemas']['Interval'];
        /** @description Null where there is no single one; the status is then met when each model meets its own */
        target: {
          value: number;
          /** @enum {string} */
          comparison: '<' | '≤' | '≥';
          /** @enum {string} */
          source: 'contract' | 'table' | 'network_median';
        } | null;
        /** @enum {string} */
        status: 'met' | 'not_met' | 'too_few' | 'inconclusive' | 'no_target';
      }[];
    };
    /** @enum {string} */
    DatasetType: 'aggregates' | 'facts' | 'scores' | 'supply' | 'inventory';
    DatasetRow: {
      name: string;
      type: components['schemas']['DatasetType'];
      description: string;
      columns: {
        name: string;
        type: string;
        description: string | null;
      }[];
      /** Format: date-time */
      first_hour: string | null;
      /** Format: date-time */
      last_hour: string | null;
      /** @description Null: as many as the question asks for */
      rows: number | null;
      /** @description Path on this host */
      url: string;
      formats: string[];
      /** @enum {string} */
      access: 'public' | 'token';
      license: string;
      /** Format: date-time */
      refreshed_at: string | null;
    };
    Readiness: {
      /** @enum {string} */
      status: 'ok' | 'error';
      parts: {
        /** @enum {string} */
        name: 'events' | 'kpis' | 'database';
        ready: boolean;
        /**
         * @description Why not, where who asks may know
         * @enum {string}
         */
        reason?: 'disk_full';
      }[];
    };
    ClassCounts: {
      read: number;
      accepted: number;
      ignored: number;
      rejected: number;
      duplicate: number;
      reasons: {
        [key: string]: number;
      };
    };
  };
  responses: {
    /** @description What was wrong and with which parameter */
    Error: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': {
          error: components['schemas']['Error'];
        };
      };
    };
    /** @description Not now, such as when the disk is full; Retry-After says when to come again */
    Unavailable: {
      headers: {
        /** @description Seconds */
        'Retry-After'?: number;
        [name: string]: unknown;
      };
      content: {
        'application/json': {
          error: components['schemas']['Error'];
        };
      };
    };
    /** @description Address and headers are longer than 16 KiB together; the answer is empty */
    TooLong: {
      headers: {
        [name: string]: unknown;
      };
      content?: never;
    };
    /** @description Too many requests from this address; Retry-After says when to come again */
    TooManyRequests: {
      headers: {
        /** @description Seconds */
        'Retry-After'?: number;
        [name: string]: unknown;
      };
      content: {
        'application/json': {
          error: components['schemas']['Error'];
        };
      };
    };
  };
  parameters: {
    step: components['schemas']['StepId'];
    runId: string;
    /** @description Only lines after this one */
    after: number;
    /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
    from: string;
    /** @description End of the window, not included; ceiled as `from` is floored */
    to: string;
    /** @description Address, in any case; may be repeated; ~ means none */
    orchestrator: components['schemas']['FilterValues'];
    /** @description Model id; may be repeated; ~ means none */
    model: components['schemas']['FilterValues'];
    /** @description Name of the gateway; may be repeated; ~ means none */
    gateway: components['schemas']['FilterValues'];
    /** @description Region; may be repeated; ~ means none */
    region: components['schemas']['FilterValues'];
    /** @description Name of the GPU; may be repeated; ~ means none */
    gpu: components['schemas']['FilterValues'];
    /** @description Workflow pipeline; may be repeated; ~ means none */
    pipeline: components['schemas']['FilterValues'];
    /** @description Id of a GPU as capability reports give it; may be repeated */
    gpu_id: components['schemas']['FilterValues'];
    /** @description A pipeline such as live-video-to-video or a model id; where both have the name, the pipeline is meant */
    workflow: string;
    /** @description 1h, 24h, 7d or 30d up to now, or ISO 8601 from/to; exact to five minutes where it begins within the last two days, else whole hours */
    time_range: string;
    stream_id: string;
    /** @description Rows of a page at most; fewer where they are more than 8 MiB. With 0 only the total, and `next` is null */
    limit: number;
    /** @description Rows of a page at most; fewer where they are more than 8 MiB */
    pageLimit: number;
    /** @description Rows to leave out from the start or from the cursor on; a cursor goes deeper, and faster */
    offset: number;
    /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
    cursor: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  GetKpis: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Dimensions to group by, separated by commas; a slot is five minutes */
        by?: (
          | 'orchestrator'
          | 'model'
          | 'gateway'
          | 'region'
          | 'gpu'
          | 'pipeline'
          | 'slot'
          | 'hour'
          | 'day'
        )[];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per group, or one row for the whole window */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['KpiRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetRequests: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Outcomes to show; may be repeated */
        outcome?: (
          | 'running'
          | 'unserved'
          | 'failed'
          | 'abandoned'
          | 'unknown'
          | 'ok'
        )[];
        /** @description Only the requests that this KPI counts, those that make it worse first: the slowest, the unsteadiest, those with the fewest frames */
        kpi?:
          | 'output_fps'
          | 'ptff'
          | 'e2e'
          | 'startup'
          | 'jitter'
          | 'failure_rate'
          | 'swap_rate'
          | 'cue';
        request_id?: string;
        stream_id?: components['parameters']['stream_id'];
        order?: 'newest' | 'oldest';
        /** @description Rows of a page at most; fewer where they are more than 8 MiB. With 0 only the total, and `next` is null */
        limit?: components['parameters']['limit'];
        /** @description Rows to leave out from the start or from the cursor on; a cursor goes deeper, and faster */
        offset?: components['parameters']['offset'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of requests and how many there are */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            total: number;
            rows: components['schemas']['RequestRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetRequest: {
    parameters: {
      query?: {
        stream_id?: components['parameters']['stream_id'];
        /** @description Events of a page */
        limit?: number;
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        requestId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The request and a page of its events, oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            request: components['schemas']['RequestRow'];
            raw_readable: components['schemas']['RawReadable'];
            events: components['schemas']['RequestEvent'][];
            next: components['schemas']['Next'];
          };
        };
      };
      404: components['responses']['Error'];
      /** @description The request_id names several requests */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            error: components['schemas']['Error'];
            candidates: {
              stream_id: string;
              /** Format: date-time */
              requested_at: string;
            }[];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetDimensions: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Only the values of this filter */
        dimension?: components['schemas']['KpiFilter'];
        /** @description Only values with this text in them, in any case; needs `dimension` */
        search?: string;
        /** @description Values of a filter */
        limit?: number;
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Values by filter with their requests; `next` is null without `dimension` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            /** @description Of every filter, or of the one that was asked for */
            values: {
              orchestrator?: components['schemas']['DimensionValues'];
              model?: components['schemas']['DimensionValues'];
              gateway?: components['schemas']['DimensionValues'];
              region?: components['schemas']['DimensionValues'];
              gpu?: components['schemas']['DimensionValues'];
              pipeline?: components['schemas']['DimensionValues'];
            };
            /** @description How many values there are, with the text that was searched for */
            totals: {
              orchestrator?: number;
              model?: number;
              gateway?: number;
              region?: number;
              gpu?: number;
              pipeline?: number;
            };
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetFreshness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description State of what is served and of the loop */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ServedState'] & {
            freshnessMs: number | null;
            /** @description p95 of sync finished − came in, over the events that the served build took; null when it took none, or all again */
            eventToServedP95Ms: number | null;
            loop: {
              running?: string | null;
              /** Format: date-time */
              lastCommitAt?: string | null;
              /** Format: date-time */
              lastBuildAt?: string | null;
              /** Format: date-time */
              lastSyncAt?: string | null;
              lastError?: {
                step?: string;
                message?: string;
                /** Format: date-time */
                at?: string;
              } | null;
            };
            /** @description Room for events */
            storage: {
              freeBytes: number;
              /** @description New events are refused until there is more room */
              full: boolean;
            };
            /** @description The topics of Kafka that the platform reads; absent where it reads none */
            kafka?: {
              /** @description Connected, and asked the broker for messages in the last minute */
              alive: boolean;
              /** @description Messages that wait; null before the broker was asked */
              lag: number | null;
              partitions: {
                topic: string;
                partition: number;
                /** @description All below it is durable; 64 bit, in decimal digits */
                position: string;
                end: string;
                lag: number;
              }[];
              lastError: {
                message: string;
                /** Format: date-time */
                at: string;
              } | null;
            };
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetQuarantine: {
    parameters: {
      query?: {
        class?: 'ignored' | 'rejected';
        reason?: string;
        limit?: number;
        /** @description Rows to leave out from the start or from the cursor on; a cursor goes deeper, and faster */
        offset?: components['parameters']['offset'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of messages and how many there are */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            total: number;
            raw_readable: components['schemas']['RawReadable'];
            rows: components['schemas']['QuarantineRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        topic: string;
        partition: number;
        offset: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The bytes, as a download */
      200: {
        headers: {
          /** @description Attachment */
          'Content-Disposition'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': string;
        };
      };
      403: components['responses']['Error'];
      404: components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  GetIngestStats: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per UTC hour with messages, oldest first, and the sum of the whole window */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            total: components['schemas']['ClassCounts'];
            rows: (components['schemas']['ClassCounts'] & {
              /** Format: date-time */
              hour: string;
            })[];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetScores: {
    parameters: {
      query: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description What is scored */
        by: 'orchestrator' | 'model' | 'gpu';
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per orchestrator, model or GPU */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['ScoreRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetTargets: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per model */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['ModelTargets'][];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetSupply: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Dimensions to group by, separated by commas */
        by?: ('orchestrator' | 'model' | 'pipeline' | 'gpu' | 'hour' | 'day')[];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per group, or one row for the whole window */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['SupplyRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetAvailability: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Dimensions to group by, separated by commas */
        by?: ('orchestrator' | 'url' | 'hour' | 'day')[];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per group, or one row for the whole window */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['AvailabilityRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetGpus: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Id of a GPU as capability reports give it; may be repeated */
        gpu_id?: components['parameters']['gpu_id'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per orchestrator and GPU */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['GpuRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetSwaps: {
    parameters: {
      query?: {
        /** @description Start of the window; everything served without it. Floored to five minutes where it lies within the two days before the watermark, else to the hour; supply, availability and ingest counts are by the hour alone */
        from?: components['parameters']['from'];
        /** @description End of the window, not included; ceiled as `from` is floored */
        to?: components['parameters']['to'];
        /** @description Address, in any case; may be repeated; ~ means none */
        orchestrator?: components['parameters']['orchestrator'];
        /** @description Model id; may be repeated; ~ means none */
        model?: components['parameters']['model'];
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description Name of the GPU; may be repeated; ~ means none */
        gpu?: components['parameters']['gpu'];
        /** @description Workflow pipeline; may be repeated; ~ means none */
        pipeline?: components['parameters']['pipeline'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per pair; a filter on orchestrator matches either end */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['SwapRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetInventory: {
    parameters: {
      query?: {
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of the three lists one after the other: orchestrators, models, and which runner versions came when */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            orchestrators: components['schemas']['OrchestratorInfo'][];
            models: components['schemas']['ModelInfo'][];
            deploys: components['schemas']['DeployRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetContested: {
    parameters: {
      query?: {
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the order of the URLs, of all times */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['ContestedUrl'][];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetLineage: {
    parameters: {
      query?: {
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of the lists of the graph one after the other: nodes, edges, parts; `problems` says what could not be read */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            nodes: components['schemas']['LineageNode'][];
            edges: {
              from: string;
              to: string;
            }[];
            /** @description What runs the steps, and the databases */
            parts: {
              /** @enum {string} */
              kind: 'Component' | 'Resource';
              name: string;
              type: string;
              title: string;
              description: string;
              step: components['schemas']['StepOrNull'];
              /** @description Names of the parts that it rests on */
              restsOn?: string[];
            }[];
            problems: string[];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetLineageNode: {
    parameters: {
      query: {
        id: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The node */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            node: components['schemas']['LineageNode'];
            columns: {
              name: string;
              type: string | null;
              description: string | null;
              /** @description Columns that it is computed from; empty when of constants, of counts, or not known */
              from: {
                node: string;
                column: string;
              }[];
            }[];
            /** @description As written, with its Jinja */
            sql: string | null;
            path: string | null;
            tests: {
              name: string;
              passed: boolean | null;
            }[];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetGpuMetrics: {
    parameters: {
      query?: {
        /** @description Address of the orchestrator, in any case; may be repeated */
        o_wallet?: components['schemas']['FilterValues'];
        /** @description Id of a GPU as capability reports give it; may be repeated */
        gpu_id?: components['parameters']['gpu_id'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description A pipeline such as live-video-to-video or a model id; where both have the name, the pipeline is meant */
        workflow?: components['parameters']['workflow'];
        /** @description 1h, 24h, 7d or 30d up to now, or ISO 8601 from/to; exact to five minutes where it begins within the last two days, else whole hours */
        time_range?: components['parameters']['time_range'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per orchestrator and GPU */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['GpuMetricsRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      429: components['responses']['TooManyRequests'];
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetNetworkDemand: {
    parameters: {
      query?: {
        /** @description Name of the gateway; may be repeated; ~ means none */
        gateway?: components['parameters']['gateway'];
        /** @description Region; may be repeated; ~ means none */
        region?: components['parameters']['region'];
        /** @description A pipeline such as live-video-to-video or a model id; where both have the name, the pipeline is meant */
        workflow?: components['parameters']['workflow'];
        /** @description Length of the intervals; capacity is by the hour at least */
        interval?: '5m' | 'hour' | 'day';
        /** @description 1h, 24h, 7d or 30d up to now, or ISO 8601 from/to; exact to five minutes where it begins within the last two days, else whole hours */
        time_range?: components['parameters']['time_range'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of the two lists one after the other. rows: demand per interval, gateway and region, oldest first. capacity: what all orchestrators together offered to the workflow, per interval; an orchestrator serves any gateway, so it has no region. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['DemandRow'][];
            capacity: components['schemas']['CapacityRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      429: components['responses']['TooManyRequests'];
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetSlaCompliance: {
    parameters: {
      query?: {
        /** @description Address of the orchestrator, in any case; may be repeated */
        orchestrator_id?: components['schemas']['FilterValues'];
        /** @description 1h, 24h, 7d or 30d up to now, or ISO 8601 from/to; exact to five minutes where it begins within the last two days, else whole hours */
        period?: string;
        /** @description Rows of a page at most */
        limit?: number;
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per orchestrator that served in the period */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['ComplianceRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      429: components['responses']['TooManyRequests'];
      431: components['responses']['TooLong'];
      default: components['responses']['Error'];
    };
  };
  GetDatasets: {
    parameters: {
      query?: {
        /** @description A pipeline such as live-video-to-video or a model id; where both have the name, the pipeline is meant */
        workflow?: components['parameters']['workflow'];
        type?: components['schemas']['DatasetType'];
        /** @description Rows of a page at most; fewer where they are more than 8 MiB */
        limit?: components['parameters']['pageLimit'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per dataset */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            meta: components['schemas']['AnswerMeta'];
            rows: components['schemas']['DatasetRow'][];
            next: components['schemas']['Next'];
          };
        };
      };
      429: components['responses']['TooManyRequests'];
      default: components['responses']['Error'];
    };
  };
  GetLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ok';
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All parts answer */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description A part is not there; its log says why */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  PostEvents: {
    parameters: {
      query?: {
        /** @description Who brought the messages; service principals only */
        source?: string;
        /** @description What the body is, in UTF-8: lines that are a message each, or the elements of a JSON array without its brackets. Without it what it says tells. */
        format?: 'lines' | 'array';
      };
      header?: {
        /** @description Names this body. When it is sent again under the same key, such as after a broken connection, the counts are those of all tries together, each message once. The last 1,000 keys are known, until the portal starts anew. */
        'Idempotency-Key'?: string;
        /** @description Without it, gzip is found by its first bytes. */
        'Content-Encoding'?: 'gzip' | 'identity';
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/x-ndjson': string;
        'application/json': unknown;
      };
    };
    responses: {
      /** @description Class counts; they add up to read */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ClassCounts'] & {
            nextOffset: number;
            /** @description Messages that an earlier try with the same key brought */
            resumed?: number;
          };
        };
      };
      400: components['responses']['Error'];
      401: components['responses']['Error'];
      408: components['responses']['Error'];
      409: components['responses']['Error'];
      413: components['responses']['Error'];
      415: components['responses']['Error'];
      429: components['responses']['Error'];
      503: components['responses']['Unavailable'];
      default: components['responses']['Error'];
    };
  };
  GetSteps: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per step, in the order in which data passes them */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            rows: components['schemas']['StepInfo'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  RunStep: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        step: components['parameters']['step'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['StepArguments'];
      };
    };
    responses: {
      /** @description What the step did */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            step: components['schemas']['StepId'];
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            finishedAt: string;
            changed: boolean;
            details: Record<string, never>;
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  PlanStep: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        step: components['parameters']['step'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['StepArguments'];
      };
    };
    responses: {
      /** @description The plan */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            step: components['schemas']['StepId'];
            arguments: components['schemas']['StepArguments'];
            summary: string;
            touches: {
              /** @enum {string} */
              kind: 'model' | 'day' | 'table';
              name: string;
              rows: number | null;
              note: string | null;
            }[];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetRuns: {
    parameters: {
      query?: {
        step?: components['schemas']['StepId'];
        /** @description Any of these; may be repeated */
        state?: components['schemas']['RunState'][];
        /** @description Any of these; may be repeated */
        trigger?: components['schemas']['RunTrigger'][];
        limit?: number;
        /** @description Rows to leave out from the start or from the cursor on; a cursor goes deeper, and faster */
        offset?: components['parameters']['offset'];
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of runs and how many there are */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            total: number;
            rows: components['schemas']['Run'][];
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  StartRun: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          step: components['schemas']['StepId'];
          arguments?: components['schemas']['StepArguments'];
        };
      };
    };
    responses: {
      /** @description The run */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['runId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetRunLog: {
    parameters: {
      query?: {
        /** @description Only lines after this one */
        after?: components['parameters']['after'];
        limit?: number;
        /** @description `next` of the page before, with the other parameters as they were. Within one build pages leave out and repeat no row. */
        cursor?: components['parameters']['cursor'];
      };
      header?: never;
      path: {
        id: components['parameters']['runId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Lines, and whether the run has ended and these are the last; `next` is null when there are no more by now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            rows: components['schemas']['RunLogLine'][];
            done: boolean;
            next: components['schemas']['Next'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  FollowRun: {
    parameters: {
      query?: {
        /** @description Only lines after this one */
        after?: components['parameters']['after'];
      };
      header?: never;
      path: {
        id: components['parameters']['runId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      default: components['responses']['Error'];
    };
  };
  CancelRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['runId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The run */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  RetryRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['runId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The new run */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetConnectors: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One row per declared connector; none where no Kafka Connect is configured */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            rows: components['schemas']['ConnectorInfo'][];
            /** @description Records that could not be read; null where that is not known */
            deadLetters: number | null;
            /** @description What could not be asked, and why; the rest is there */
            problems: string[];
            /** @description What the caller may do */
            may: {
              pause: boolean;
              resume: boolean;
              restart: boolean;
            };
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  ChangeConnector: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        connector: string;
        action: components['schemas']['ConnectorAction'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What it was told */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            connector: string;
            action: components['schemas']['ConnectorAction'];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
  GetDeadLetters: {
    parameters: {
      query?: {
        /** @description Rows at most */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The newest of them, and how many are kept */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            total: number;
            raw_readable: components['schemas']['RawReadable'];
            rows: components['schemas']['DeadLetterRow'][];
          };
        };
      };
      default: components['responses']['Error'];
    };
  };
}
