/** When each reason holds (docs/kpis.md §1). */
export const REASON_TEXT: Partial<Record<string, string>> = {
  too_large: 'Over 1 MiB',
  not_json: 'No JSON',
  repeated_name:
    'An object in it names a member twice: programs disagree which one counts',
  not_an_object: 'JSON, but no object',
  missing_type: 'type is absent, empty or no text',
  missing_data: 'data is absent or null',
  bad_timestamp:
    'The envelope’s timestamp is absent, no number, before 2020, or over a day later than the message came in',
  forwarded:
    'A gateway forwarded it for a runner, in a family where only the gateway or the scraper may speak',
  schema: 'The minimum of its family is broken',
  unsupported_type: 'A family that no KPI uses',
  unsupported_subtype: 'A trace that no KPI uses',
};
