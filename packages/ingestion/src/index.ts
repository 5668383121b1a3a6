export { addCounts, noCounts } from './counts';
export type { IngestCounts } from './counts';
export * from './bus';
export { EventLog } from './eventlog/EventLog';
export type {
  AppendOptions,
  AppendResult,
  EventLogOptions,
} from './eventlog/EventLog';
export { EventLogError } from './eventlog/EventLogError';
export type { EventLogErrorCode } from './eventlog/EventLogError';
export { EventLogBus, logOffset, logPositions } from './eventlog/EventLogBus';
export type { SourceRecords } from './eventlog/SourceRecords';
export { connectKafka } from './kafka/connection';
export type { KafkaSettings } from './kafka/connection';
export { readDeadLetters } from './kafka/deadLetters';
export type { DeadLetter, DeadLetters } from './kafka/deadLetters';
export { KafkaBus, KafkaBusError } from './kafka/KafkaBus';
export * from './kafka/groups';
export { KafkaGate, KafkaGateError } from './kafka/gate/KafkaGate';
export type { GateState, KafkaGateOptions } from './kafka/gate/KafkaGate';
export { KafkaSource } from './kafka/KafkaSource';
export type { KafkaSourceState } from './kafka/KafkaSource';
export * from './kafka/readTopic';
export * from './kafka/settings';
export { topicRanges } from './kafka/topicRanges';
export type { TopicRangeNow } from './kafka/topicRanges';
export * from './kafka/topics';
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
