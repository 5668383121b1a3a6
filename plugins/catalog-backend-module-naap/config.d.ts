export interface Config {
  naap?: {
    catalog?: {
      /** Entity ref of who runs the platform; default group:default/naap-operators. */
      owner?: string;
      /** Seconds between two looks at what the catalog should hold, 1 to 3600; default 30. */
      refreshSeconds?: number;
    };
  };
}
