import type { ScrapeTls } from '@naap/events';
import type { X509Certificate } from 'node:crypto';
import { connect, isIP, Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  TLSSocket,
} from 'node:tls';
import { isSameAddress } from '../guard/addressRange';
import type { Destination } from '../guard/gate';
import { ProbeError } from '../ProbeError';
import type { ProbeLimits } from './limits';
import { phase } from './phase';
import { tlsFacts } from './tlsFacts';

/** Made once: it reads all root certificates. */
const secureContext = createSecureContext();

export interface ConnectorOptions {
  /** Those that were checked, tried one after the other. */
  addresses: readonly string[];
  limits: ProbeLimits;
  /** Aborts when the time of the target is over or the round is abandoned. */
  signal: AbortSignal;
}

const since = (start: number) => performance.now() - start;

/**
 * Opens sockets to one destination: only to addresses that were checked, the
 * same ones as long as it lives, whatever its name means meanwhile.
 */
export class Connector {
  /** Milliseconds of the first connection. */
  readonly latency = {
    connect: null as number | null,
    tls: null as number | null,
  };

  /** The address that was connected to first. */
  address: string | null = null;
  certificate: X509Certificate | null = null;

  constructor(
    private readonly to: Destination,
    private readonly options: ConnectorOptions,
  ) {}

  /**
   * A socket, after the TLS handshake if there is one. Any certificate will do.
   *
   * @throws ProbeError; the signal's reason; errors of sockets and TLS
   */
  async open(): Promise<Socket> {
    const started = performance.now();
    const socket = await this.#connectAny(this.options.addresses);
    const connected = performance.now();
    this.address ??= socket.remoteAddress ?? null;
    this.latency.connect ??= connected - started;
    if (!this.to.secure) return socket;

    const secured = await this.#secure(socket);
    this.latency.tls ??= since(connected);
    this.certificate ??= secured.getPeerX509Certificate() ?? null;
    return secured;
  }

  get tls(): ScrapeTls | null {
    return this.certificate && tlsFacts(this.certificate, this.to.host);
  }

  async #connectAny(addresses: readonly string[]): Promise<Socket> {
    let failure: unknown;
    for (const address of addresses) {
      try {
        return await this.#connect(address, addresses.length);
      } catch (error) {
        if (this.options.signal.aborted) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** `among` addresses share the time of the phase. */
  async #connect(address: string, among: number): Promise<Socket> {
    const { limits, signal } = this.options;
    const ms = limits.connectMs / among;
    const limit = { ms, late: 'connect_timeout', signal } as const;
    const socket = await phase<Socket>(limit, (connected, fail) => {
      const opening = connect({ host: address, port: this.to.port });
      opening.once('connect', () => connected(opening));
      opening.on('error', fail);
      return () => opening.destroy();
    });
    const { remoteAddress } = socket;
    if (!remoteAddress || !isSameAddress(remoteAddress, address)) {
      socket.destroy();
      throw new ProbeError(remoteAddress ? 'refused_address' : 'closed');
    }
    return socket;
  }

  #secure(socket: Socket): Promise<TLSSocket> {
    const { limits, signal } = this.options;
    const limit = { ms: limits.tlsMs, late: 'timeout', signal } as const;
    return phase<TLSSocket>(limit, (secured, fail) => {
      const securing = connectTls({
        socket,
        secureContext,
        servername: isIP(this.to.host) ? undefined : this.to.host,
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
      });
      securing.once('secureConnect', () => secured(securing));
      securing.on('error', fail);
      return () => securing.destroy();
    });
  }
}
