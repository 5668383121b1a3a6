import type {
  AuditorService,
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, toError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import { naapKpiReadPermission } from '@naap/plugin-naap-common';
import type { Request } from 'express';

/** How long a user who may read is not asked about again: a page asks a dozen questions at once. */
const READER_MS = 10_000;
const MAX_READERS = 10_000;

/** Who may do what, and the record of who did: for routes and actions alike. */
export class Access {
  readonly #auditor: AuditorService;
  readonly #permissions: PermissionsService;
  /** Until when (unix ms), by name. */
  readonly #readers = new Map<string, number>();

  constructor(options: {
    auditor: AuditorService;
    permissions: PermissionsService;
  }) {
    this.#auditor = options.auditor;
    this.#permissions = options.permissions;
  }

  /** Throws a NotAllowedError that names the permission when the caller doesn't have it. */
  async require(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const [allowed] = await this.has([permission], credentials);
    if (!allowed) {
      throw new NotAllowedError(`This needs the permission ${permission.name}`);
    }
  }

  /**
   * Like `require` of the permission to read. A user's yes holds for some seconds; asking costs more than most answers.
   * A no never holds.
   */
  async requireReader(credentials: BackstageCredentials): Promise<void> {
    const { userEntityRef } =
      credentials.principal as Partial<BackstageUserPrincipal>;
    const now = Date.now();
    if (userEntityRef && (this.#readers.get(userEntityRef) ?? 0) > now) return;
    await this.require(naapKpiReadPermission, credentials);
    if (!userEntityRef) return;
    if (this.#readers.size >= MAX_READERS) this.#readers.clear();
    this.#readers.set(userEntityRef, now + READER_MS);
  }

  /** Which of the permissions the caller has. */
  async has(
    permissions: BasicPermission[],
    credentials: BackstageCredentials,
  ): Promise<boolean[]> {
    const decisions = await this.#permissions.authorize(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  }

  /** Does something and leaves an audit record of it, whether it succeeds or is refused. */
  async audited<T>(
    event: { eventId: string; request?: Request; meta: JsonObject },
    act: () => Promise<T>,
  ): Promise<T> {
    const audit = await this.#auditor.createEvent({
      ...event,
      severityLevel: 'medium',
    });
    try {
      const result = await act();
      await audit.success();
      return result;
    } catch (error) {
      await audit.fail({ error: toError(error) });
      throw error;
    }
  }
}

/** Entity ref of a user, subject of a service. */
export function nameOf({ principal }: BackstageCredentials): string {
  const { userEntityRef, subject } = principal as Partial<
    BackstageUserPrincipal & BackstageServicePrincipal
  >;
  return userEntityRef ?? subject ?? 'nobody';
}
