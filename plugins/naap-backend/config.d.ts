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
      /** Topics of Apache Kafka that the portal reads into its event log. See docs/events.md. */
      kafka?: {
        /** Such as `kafka.example:9092`; some of the cluster's brokers are enough. */
        brokers: string[];
        /** Topics of raw messages as gateways write them. */
        topics: string[];
        /** Consumer group that offsets are committed to; default `naap`. */
        group?: string;
        /** Where topics that are new here begin: `earliest` (default), `latest` or an ISO 8601 time. */
        from?: string;
        /** TLS; true: by the certificates that this machine trusts. */
        ssl?:
          | boolean
          | {
              /** PEM text of the cluster's own CA; take it from a file ($file). */
              ca?: string;
              /** PEM text of this client's certificate. */
              cert?: string;
              /**
               * PEM text of its key.
               * @visibility secret
               */
              key?: string;
              /** Name in the broker's certificate, where it is not that of the address. */
              servername?: string;
            };
        sasl?: {
          mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
          username: string;
          /**
           * Take it from an environment variable or a file ($env, $file).
           * @visibility secret
           */
          password: string;
        };
      };
    };
    /** Brokers of the topics that the gate writes and Kafka Connect reads; keys as in `naap.ingestion.kafka`. See docs/distributed.md. */
    kafka?: {
      brokers: string[];
      ssl?:
        | boolean
        | {
            ca?: string;
            cert?: string;
            /** @visibility secret */
            key?: string;
            servername?: string;
          };
      sasl?: {
        mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        username: string;
        /** @visibility secret */
        password: string;
      };
    };
    /** The lake that Kafka Connect writes. */
    lake?: {
      /** Which of the two below it is in. */
      catalog: 'hive' | 'rest';
      /** A Hive Metastore. */
      hive?: {
        /** Such as `thrift://127.0.0.1:9083`. */
        uri: string;
        /** Such as `s3://warehouse/naap`. */
        warehouse: string;
      };
      /** An Iceberg REST catalog. */
      rest?: {
        /** Its base URL. */
        uri: string;
        /** Its name for it. */
        warehouse: string;
      };
      s3?: {
        endpoint: string;
        region: string;
        /** @visibility secret */
        accessKeyId: string;
        /** @visibility secret */
        secretAccessKey: string;
      };
    };
    /** Kafka Connect, which writes the lake where it is in use. See docs/distributed.md. */
    connect?: {
      /** Of the REST API of any of its workers, such as `http://127.0.0.1:8083`. */
      url: string;
    };
    /** The pull scraper; a round runs by the clock where this is there, even empty. See docs/scraper.md. */
    scraper?: {
      /** Seconds between the starts of two rounds, 5 to 240; default 60. */
      intervalSeconds?: number;
      /** What is asked beside the orchestrators that capability reports name. */
      targets?: Array<
        | string
        | {
            url: string;
            /** Default `orchestrator`; `node`: a gateway or another go-livepeer node by its command-line port. */
            kind?: 'orchestrator' | 'node' | 'runner';
          }
      >;
      /** A file with more of them, a URL a line or a JSON array, read at each round. */
      targetsFile?: string;
      /** Ports that may be asked, such as `443,8900-8999`. */
      ports?: string;
      /** Targets at a time, 1 to 1000; default 100. */
      concurrency?: number;
      /** Name of the source that the events come from; default `scraper`. */
      source?: string;
      /** A web or mail address where those who are asked reach the operator: the User-Agent says it. */
      contact?: string;
      /** For development only: private and loopback addresses are targets too. Refused when NODE_ENV is production. */
      allowPrivateTargets?: boolean;
      /** A JSON file of names and addresses that is asked instead of DNS. */
      hostsFile?: string;
    };
    loop?: {
      /** Seconds between two looks at what is due, 1 to 3600; default 5. */
      intervalSeconds?: number;
    };
    /** Where this is there, the process is a worker of the distributed profile: it executes runs of some steps, and has no pages. */
    worker?: {
      /** Ids of the steps whose runs it executes, and which its loop asks for. */
      steps: string[];
    };
    pipeline?: {
      /** Whether this portal executes runs; false where workers do. Default true. */
      execute?: boolean;
      /**
       * By the id of a step, when it runs by the clock, beside when there is something to do; a task only asks for the
       * run, so its timeout is at most 1 minute. Default: `maintain` every 10 minutes and `compare` nightly; `frequency: { trigger: manual }`
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
      /** Of one client address, of those who are nobody or a guest; each replica counts for itself. */
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
