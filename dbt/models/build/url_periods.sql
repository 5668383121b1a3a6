-- Which capability entry speaks for a URL, and when.
with entries as (
    select url, envelope_ms, event_id, event_key, idx, address
    from {{ ref('capability_entries') }}
    where url is not null
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
)

{{ report_periods('entries', ['url'], ['event_key', 'idx', 'address']) }}
