export { addCounts, noCounts } from './counts';
export type { IngestCounts } from './counts';
export { EventLog } from './log/EventLog';
export type {
  AppendOptions,
  AppendResult,
  EventLogOptions,
} from './log/EventLog';
export { EventLogError } from './log/EventLogError';
export type { EventLogErrorCode } from './log/EventLogError';
export * from './replay';
export * from './scraper';
export * from './simulator';
export { ingestStream, IngestStreamError } from './stream/ingestStream';
export { GzipError, InputLimitError } from './stream/unpacked';
export { TOPIC } from './topic';
export type { IngestStreamOptions } from './stream/ingestStream';
export { MessageSplitter } from './stream/MessageSplitter';
export type { Format } from './stream/MessageSplitter';
export { piecesOf } from './stream/pieces';
export type { Piece } from './stream/pieces';
