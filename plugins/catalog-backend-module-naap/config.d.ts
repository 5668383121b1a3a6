export interface Config {
  naap?: {
    catalog?: {
      /** Seconds between two looks at what the catalog should hold, 1 to 3600; default 30. */
      refreshSeconds?: number;
    };
  };
}
