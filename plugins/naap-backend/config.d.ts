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
  };
}
