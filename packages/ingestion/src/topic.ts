/** The topic that all messages come by; the event log of the embedded profile is its one partition. */
export const TOPIC = 'network_events';
