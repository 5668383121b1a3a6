export interface Config {
  naap?: {
    /** Directory of all state, absolute. */
    home?: string;
  };
}
