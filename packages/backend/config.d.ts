export interface Config {
  backend?: {
    /**
     * Names and addresses by which the portal may be asked for, without scheme and port, beside loopback and the hosts of
     * `app.baseUrl`, `backend.baseUrl` and `backend.listen`. Others are refused: see SECURITY.md.
     */
    allowedHosts?: string[];
  };
  naap?: {
    /** Which engines the layers work on: `embedded`, one process on one home. */
    profile?: string;
  };
}
