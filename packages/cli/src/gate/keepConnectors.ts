import { ConnectClient, Restarts } from '@naap/lakehouse/kafka-connect';

const LOOK_MS = 10_000;

/**
 * Looks every 10 s for connectors that have failed, and starts them anew with back-off. While Kafka Connect is away
 * nothing is told: that it is away is what its health tells.
 */
export function keepConnectors(
  url: string,
  tell: (message: string) => void,
): { stop(): void } {
  const client = new ConnectClient(url);
  const restarts = new Restarts(client, (name, error) =>
    tell(`connector ${name} failed, starts anew: ${error}`),
  );
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  async function look(): Promise<void> {
    try {
      await restarts.look(await client.names());
    } catch {
      // The next look asks again.
    }
    if (!isStopped) timer = setTimeout(look, LOOK_MS);
  }
  look();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
