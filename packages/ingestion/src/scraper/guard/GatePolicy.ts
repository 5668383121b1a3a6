/** A port, or the first and last of a range. */
export type PortRange = number | readonly [number, number];

/**
 * Web, go-livepeer (8935 and what its operators make of it, 5935 and 7935 of
 * the command line), ai-runner. No mail, no shells, no databases.
 */
export const DEFAULT_PORTS: readonly PortRange[] = [
  80,
  443,
  2935,
  5935,
  6500,
  7935,
  [8000, 8010],
  8443,
  [8900, 8999],
  9126,
  9935,
  9955,
  [18935, 18936],
  19935,
  20080,
  58935,
];

/** Whom the scraper may talk to. */
export interface GatePolicy {
  ports: readonly PortRange[];
  /** For development: private and loopback addresses are targets too. */
  allowPrivateTargets: boolean;
}

/**
 * @throws Error when private targets are asked for in production
 */
export function gatePolicy(options: Partial<GatePolicy> = {}): GatePolicy {
  const { ports = DEFAULT_PORTS, allowPrivateTargets = false } = options;
  if (allowPrivateTargets && process.env.NODE_ENV === 'production') {
    throw new Error('private targets are for development: not in production');
  }
  return { ports, allowPrivateTargets };
}

export function isAllowedPort({ ports }: GatePolicy, port: number): boolean {
  return ports.some(allowed =>
    typeof allowed === 'number'
      ? allowed === port
      : allowed[0] <= port && port <= allowed[1],
  );
}

/**
 * Ports as text, such as `443,8900-8999`.
 *
 * @throws RangeError
 */
export function parsePorts(text: string): PortRange[] {
  return text.split(',').map(part => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(
      part.trim(),
    ) ?? [null, '0'];
    const range = [Number(first), Number(last)] as const;
    if (range[0] < 1 || range[1] > 65535 || range[0] > range[1]) {
      throw new RangeError(`"${part}" is neither a port nor a range of ports`);
    }
    return range;
  });
}
