{{ config(materialized='table', meta={'families': ['network_capabilities']}) }}
select
    url,
    {{ json_text_set('address') }} as addresses,
    {{ ms_to_timestamp('min(envelope_ms)') }} as first_seen_at,
    {{ ms_to_timestamp('max(envelope_ms)') }} as last_seen_at,
    cast(count(distinct event_key) as bigint) as reports
from {{ ref('capability_entries') }}
where is_contested
group by url
