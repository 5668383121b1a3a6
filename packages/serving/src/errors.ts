/** The caller asked for something that cannot be answered; the message says which input and why. An API answers 400. */
export class InvalidQueryError extends Error {
  override name = 'InvalidQueryError';
}

/** The ClickHouse directory belongs to another process, or this process holds another directory. */
export class DirectoryInUseError extends Error {
  override name = 'DirectoryInUseError';
}

/** The ClickHouse server does not answer. An API answers 503. */
export class ServerUnreachableError extends Error {
  override name = 'ServerUnreachableError';
}

/** The tables were made by other migrations than those of this version. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** What arrived in the stage differs from what gold says it exported; nothing was published. */
export class SyncVerificationError extends Error {
  override name = 'SyncVerificationError';
}

/** A sync died while it published, so the days may be of two builds. The next sync goes on where it stopped. */
export class PublicationInterruptedError extends Error {
  override name = 'PublicationInterruptedError';
}

/** More is asked for at once than can be answered; the same question may be answered in a few seconds. An API answers 503. */
export class BusyError extends Error {
  override name = 'BusyError';
}
