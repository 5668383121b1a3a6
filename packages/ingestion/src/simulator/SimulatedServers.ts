import { createServer, RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { KeyAndCertificate, selfSigned } from './certificate';
import type { SimulatedMessage } from './dirt';
import { LiveState } from './LiveState';
import type { Endpoint, Network } from './network';
import {
  containersOf,
  discoveryOf,
  gatewayAnswers,
  hasDiscovery,
  runnerAnswers,
} from './nodeAnswers';
import { Random } from './random';
import { networkOf, SimulateOptions } from './simulate';

/** Where go-livepeer puts the containers of live video, and the command line of a gateway. */
const RUNNER_PORT = 8900;
const GATEWAY_PORT = 5935;
const GATEWAY = 'gateway.example';

const NOT_FOUND = '404 page not found\n';
const NOT_FOUND_HEAD = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'content-length': NOT_FOUND.length,
};

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** Of those that only transcode, one in so many is gone for good. */
const GONE_EVERY = 12;
/** One in so many has the certificate of another name, one an expired one. */
const ODD_CERTIFICATE_EVERY = 9;

/** A target of the scraper. */
interface ServedTarget {
  url: string;
  kind: 'node' | 'runner';
}

/** Names of the simulated network and their addresses. */
type Hosts = Record<string, string>;

/**
 * The nodes of the simulated network as real HTTPS and HTTP servers, each at an
 * address of its own in 127.0.0.0/8 with the port of its URL. What they answer
 * agrees with the messages that they are shown.
 */
export class SimulatedServers {
  readonly hosts: Hosts = {};
  /** What an operator would configure: the gateway and the runners; the gateway names the orchestrators. */
  readonly targets: ServedTarget[] = [];
  readonly #state = new LiveState();
  readonly #servers: Server[] = [];

  private constructor(
    private readonly network: Network,
    private readonly seed: number,
    private readonly now: () => number,
  ) {}

  /**
   * Listens for all of the network that `simulate` shows for the same options.
   * `block` is the second number of its addresses.
   *
   * @throws errors of sockets, such as on a system that has only 127.0.0.1
   */
  static async start(
    options: Pick<SimulateOptions, 'seed' | 'orchestrators' | 'gateways'>,
    block: number,
    now: () => number = Date.now,
  ): Promise<SimulatedServers> {
    const servers = new SimulatedServers(networkOf(options), options.seed, now);
    try {
      await servers.#listen(block);
      return servers;
    } catch (error) {
      await servers.close();
      throw error;
    }
  }

  /** Shows a message of the simulation as it is sent. */
  observe({ at, raw }: SimulatedMessage): void {
    this.#state.observe(raw, at);
  }

  async close(): Promise<void> {
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(
      this.#servers.map(
        server => new Promise<void>(done => server.close(() => done())),
      ),
    );
  }

  async #listen(block: number): Promise<void> {
    const endpoints = this.network.orchestrators.flatMap(o => o.endpoints);
    const addressOf = (n: number) => `127.${block}.${n >> 8}.${n & 255}`;
    for (const [i, endpoint] of endpoints.entries()) {
      const { hostname } = new URL(endpoint.url);
      this.hosts[hostname] = addressOf(i + 1);
      if (endpoint.offers.length > 0 || i % GONE_EVERY !== 0) {
        await this.#serveEndpoint(endpoint, i);
      }
    }
    this.hosts[GATEWAY] = addressOf(endpoints.length + 1);
    this.targets.push({
      url: `http://${GATEWAY}:${GATEWAY_PORT}`,
      kind: 'node',
    });
    await this.#open(
      createServer(
        answering(() => gatewayAnswers(this.network, this.#state, this.now())),
      ),
      this.hosts[GATEWAY],
      GATEWAY_PORT,
    );
  }

  async #serveEndpoint(endpoint: Endpoint, index: number): Promise<void> {
    const { hostname, port } = new URL(endpoint.url);
    const address = this.hosts[hostname];
    const delayMs = endpoint.orchestrator.quality.e2eMs / 10;
    const server = createHttpsServer(
      certificateOf(hostname, index),
      answering((): Record<string, object> => {
        if (!hasDiscovery(endpoint)) return {};
        return { '/discovery': discoveryOf(endpoint, this.#state, this.now()) };
      }, delayMs),
    );
    server.on('connection', socket => {
      if (this.#isDown(endpoint, index)) socket.destroy();
    });
    await this.#open(server, address, Number(port));
    for (const container of containersOf(endpoint)) {
      const runnerPort = RUNNER_PORT + container.index;
      this.targets.push({
        url: `http://${hostname}:${runnerPort}`,
        kind: 'runner',
      });
      await this.#open(
        createServer(
          answering(() => runnerAnswers(container, this.#state, this.now())),
        ),
        address,
        runnerPort,
      );
    }
  }

  /** Who fails sessions is also away for as large a share of the minutes. */
  #isDown({ orchestrator }: Endpoint, index: number): boolean {
    const minute = Math.floor(this.now() / MINUTE_MS);
    const random = new Random(this.seed, minute, index, 0x446f776e);
    return random.chance(orchestrator.quality.failure);
  }

  async #open(server: Server, address: string, port: number): Promise<void> {
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, address, done);
    });
    this.#servers.push(server);
  }
}

function certificateOf(name: string, index: number): KeyAndCertificate {
  const now = Date.now();
  switch (index % ODD_CERTIFICATE_EVERY) {
    case 4:
      return selfSigned('localhost', now - DAY_MS, now + 365 * DAY_MS);
    case 7:
      return selfSigned(name, now - 400 * DAY_MS, now - 35 * DAY_MS);
    default:
      return selfSigned(name, now - 30 * DAY_MS, now + 335 * DAY_MS);
  }
}

/** Answers each path with what it has now, as text or JSON; 404 to any other, as Go's servers do. */
function answering(
  answersNow: () => Record<string, object | string>,
  delayMs = 0,
): RequestListener {
  return ({ url = '' }, response) => {
    const answer = new Map(Object.entries(answersNow())).get(url);
    setTimeout(() => {
      if (answer === undefined) {
        response.writeHead(404, NOT_FOUND_HEAD);
        response.end(NOT_FOUND);
        return;
      }
      if (typeof answer === 'object') {
        response.setHeader('content-type', 'application/json');
      }
      response.end(
        typeof answer === 'object' ? JSON.stringify(answer) : answer,
      );
    }, delayMs);
  };
}
