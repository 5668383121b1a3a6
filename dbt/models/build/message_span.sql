-- The span of envelope times of the messages of this build's requests: capability reports outside of its reach don't matter.
select
    min(envelope_ms) - {{ var('capability_back_ms') }} as from_ms,
    max(envelope_ms) + {{ var('capability_ahead_ms') }} as to_ms
from (
    select envelope_ms from {{ ref('traces') }} where {{ of_changed_requests('request_id') }}
    union all
    select envelope_ms from {{ ref('statuses') }} where {{ of_changed_requests('request_id') }}
    union all
    select envelope_ms from {{ ref('payments') }}
    where {{ of_changed_payments('event_key') }}
    union all
    -- A round is judged by those of the hour before it.
    select envelope_ms from {{ ref('scrapes') }}
    where {{ of_changed_scrape_hours('envelope_ms') }} or {{ of_changed_scrape_hours('envelope_ms + ' ~ var('scrape_memory_ms')) }}
) spoken
