import type {
  LifecycleService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { turn } from '@naap/system';
import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { type Admission, kindOf } from './Admission';
import { misdirected } from './allowedHosts';
import { isOwn } from './ownSockets';
import { refuse } from './refuse';

/** Seconds after which somebody who was refused may find a place. */
const RETRY_AFTER = '1';
/** How long a question may be asked, and its answer read. */
const ANSWER_MS = 60_000;
const TELL_MS = 60_000;
const GUESTS_PER_MINUTE = 300;

/** What tells nothing and is asked by who knows the address only, such as probes of a cluster. */
const ASKED_BY_ADDRESS =
  /^(?:\/\.backstage\/health\/v1\/(?:liveness|readiness)|\/api\/naap\/v1\/health\/(?:live|ready))$/;

/** What is there from the first moment. */
const HEALTH = /^\/\.backstage\/health\//;

/**
 * Who asks waits until those are in who connect at the same time, and then they are answered, or refused, one after the
 * other. The event loop lets in one connection each time round: if each were answered at once, who stands behind a
 * thousand others would wait for all their answers. Whether the process answers is told at once, and what plugins ask
 * each other waited before.
 */
export const oneByOne: RequestHandler = (req, _res, next) => {
  // Who was dropped or has gone needs no answer.
  if (req.socket.destroyed) return;
  if (isOwn(req.socket) || kindOf(req.method, req.path) === 'life') {
    next();
    return;
  }
  turn().then(() => {
    if (!req.socket.destroyed) next();
  });
};

/** Refuses what was meant for somebody else: `misdirected`. */
export function onlyTo(hosts: ReadonlySet<string>): RequestHandler {
  return (req, res, next) => {
    const wrong =
      req.method === 'GET' && ASKED_BY_ADDRESS.test(req.path)
        ? undefined
        : misdirected(hosts, req);
    if (wrong) {
      refuse(res, wrong.status, 'MisdirectedRequestError', wrong.message);
    } else {
      next();
    }
  };
}

/**
 * Refuses what comes before the portal can answer it: routes that are not there yet would be taken for none. Plugins
 * that start may ask each other.
 */
export function onlyStarted(
  lifecycle: Pick<LifecycleService, 'addStartupHook'>,
): RequestHandler {
  let hasStarted = false;
  lifecycle.addStartupHook(() => {
    hasStarted = true;
  });
  return (req, res, next) => {
    if (hasStarted || isOwn(req.socket) || HEALTH.test(req.path)) {
      next();
      return;
    }
    refuse(
      res,
      503,
      'ServiceUnavailableError',
      `The portal is starting; ask again in ${RETRY_AFTER} s`,
      { 'Retry-After': RETRY_AFTER },
    );
  };
}

/** Refuses what is too much to be answered soon: `Admission`. What plugins ask each other was let in before. */
export function admit(
  admission: Pick<Admission, 'enter'>,
  logger: LoggerService,
): RequestHandler {
  let refused = 0;
  const tell = () => {
    logger.warn(
      `Refused ${refused} requests in the last minute: more was asked than can be answered soon`,
    );
    refused = 0;
  };
  return (req, res, next) => {
    if (isOwn(req.socket)) {
      next();
      return;
    }
    const kind = kindOf(req.method, req.path);
    const leave = admission.enter(kind, ipKeyGenerator(req.ip ?? ''));
    if (!leave) {
      if (refused++ === 0) setTimeout(tell, TELL_MS).unref();
      refuse(
        res,
        503,
        'ServiceUnavailableError',
        `The portal has more to answer than it can; ask again in ${RETRY_AFTER} s`,
        { 'Retry-After': RETRY_AFTER },
      );
      return;
    }
    res.once('close', leave);
    if (kind === 'question' || kind === 'page') {
      // Who reads slowly would keep the place.
      const slow = setTimeout(() => {
        if (!req.complete || res.headersSent) req.socket.destroy();
      }, ANSWER_MS).unref();
      res.once('close', () => clearTimeout(slow));
    }
    next();
  };
}

/** Guests have tokens for the asking, but not for any number of times. */
export function boundGuests(): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: GUESTS_PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Behind a proxy that is not named in backend.trustProxy all clients have its address.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_req, res) =>
      refuse(
        res,
        429,
        'TooManyRequestsError',
        `More than ${GUESTS_PER_MINUTE} guests a minute from this address; Retry-After says when to come again`,
      ),
  });
}

/** What no page of ours asks a browser for. */
export const denyDevices: RequestHandler = (_req, res, next) => {
  res.setHeader(
    'Permissions-Policy',
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  );
  next();
};
