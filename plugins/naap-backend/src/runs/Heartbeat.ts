/** How often a lease is renewed; more often when it is short. */
const HEARTBEAT_MS = 1_000;
/** A lease that can't be renewed is given up before another may take it for free. */
const LEASE_USED = 0.8;

export interface HeartbeatOptions<T> {
  leaseMs: number;
  /** Answers undefined when somebody else has it. */
  renew: () => Promise<T | undefined>;
  onRenewed?: (held: T) => void;
  /** May be called more than once. */
  onLost: (why: string) => void;
  onError: (error: unknown) => void;
}

/** Renews a lease until it is stopped, and tells when it is lost, or may soon be. */
export class Heartbeat<T> {
  readonly #timer: NodeJS.Timeout;
  #heldSince = performance.now();

  constructor(private readonly options: HeartbeatOptions<T>) {
    this.#timer = setInterval(
      () => this.beat(),
      Math.min(HEARTBEAT_MS, options.leaseMs / 5),
    );
  }

  /** Renews it now. Never rejects. */
  async beat(): Promise<void> {
    const { leaseMs, renew, onRenewed, onLost, onError } = this.options;
    const asked = performance.now();
    if (asked - this.#heldSince > LEASE_USED * leaseMs) {
      onLost('its lease could not be renewed');
    }
    try {
      const held = await renew();
      this.#heldSince = asked;
      if (held === undefined) onLost('another process took it over');
      else onRenewed?.(held);
    } catch (error) {
      onError(error);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
