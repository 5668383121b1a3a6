import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { capabilityEntry, lines, message } from './payloads.ts';
import type { Target } from './target.ts';

/** Set where every address of the Internet is this machine: a namespace that `./naap test attack` makes. */
const IS_ALONE = Boolean(process.env.NAAP_ALONE);
const PORTS = [8935, 8936];
/** Nobody is asked more in a round, by all that he has in one IPv4 /24 or IPv6 /64, counting what asks for leave. */
const MOST_OF_A_NETWORK = 40;
/** Says who asks, why, and how to make it stop. */
const OUR_AGENT = /naap.*orchestrator.*opt out/i;
const OUR_PATHS = /^\/(?:discovery|\.well-known\/[\w.-]+)?$/;

const range = (length: number, urlOf: (i: number) => string) =>
  Array.from({ length }, (_, i) => urlOf(i));

/** Orchestrators that strangers report, none of them one: by network that they hit. */
function aims(): Record<string, string[]> {
  if (!IS_ALONE) {
    // Without a namespace nothing but loopback can be aimed at: in production nothing of it may be asked.
    return {
      '127.9.9': range(
        3_000,
        i => `http://127.9.9.${i % 256}:8935/delete/${i}`,
      ),
    };
  }
  return {
    // An IPv6 /64.
    '2a00:1450:4001:82a': range(
      3_000,
      i => `http://[2a00:1450:4001:82a::${(i + 1).toString(16)}]:8935`,
    ),
    // An IPv4 /28, on two ports.
    '93.184.215': range(
      320,
      i => `http://93.184.215.${i % 16}:${PORTS[i % 2]}/x/${i}`,
    ),
    // One server, by paths and by what looks like none.
    '151.101.1': range(
      1_000,
      i => `http://151.101.1.69:8935/admin/${'../'.repeat(i % 9)}delete/${i}`,
    ),
  };
}

interface Asked {
  address: string;
  path: string;
  agent: string;
}

async function listen(port: number, asked: (one: Asked) => void) {
  const server = createServer((request, response) => {
    const { localAddress = '' } = request.socket;
    asked({
      address: localAddress.replace('::ffff:', ''),
      path: request.url ?? '',
      agent: request.headers['user-agent'] ?? '',
    });
    response.statusCode = 404;
    response.end();
  });
  server.listen(port, '::');
  await once(server, 'listening');
  return server;
}

/** Strangers' reports aim the scraper at nobody: few questions, at the origin, less and less. */
export async function thirdParty({ portal, mode }: Target): Promise<void> {
  const asked: Asked[] = [];
  const servers: Server[] = [];
  for (const port of PORTS) {
    servers.push(await listen(port, one => asked.push(one)));
  }
  try {
    const entries = Object.values(aims())
      .flat()
      .map((url, i) => capabilityEntry(`aimed-${i}`, 'model', url));
    for (let i = 0; i < entries.length; i += 500) {
      const report = entries.slice(i, i + 500);
      await portal.push(
        lines([message('network_capabilities', Date.now(), 'gw-sea', report)]),
      );
    }
    for (let round = 0; round < 3; round += 1) {
      const before = asked.length;
      await portal.run('commit', 'scrape');
      const now = asked.slice(before);
      for (const network of Object.keys(aims())) {
        const hits = now.filter(({ address }) =>
          address.startsWith(network),
        ).length;
        assert.ok(hits <= MOST_OF_A_NETWORK, `${network}: ${hits} a round`);
      }
    }
    const wrong = asked.filter(
      ({ path, agent }) => !OUR_PATHS.test(path) || !OUR_AGENT.test(agent),
    );
    assert.deepEqual(wrong.slice(0, 5), []);
    if (!IS_ALONE && mode === 'production') assert.equal(asked.length, 0);
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
