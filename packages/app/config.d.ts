export interface Config {
  app?: {
    /**
     * Sign everybody in as guest without asking. For a machine of one's own; needs the guest provider in `auth`.
     *
     * @visibility frontend
     */
    autoGuestSignIn?: boolean;
  };
}
