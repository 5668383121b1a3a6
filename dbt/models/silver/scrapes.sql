{{ config(meta={'families': ['orchestrator_scrape']}) }}
{% set family = 'orchestrator_scrape' %}
with scrapes as (
    select
        event_key, event_id, day, event_ms, envelope_ms,
        {{ normal_url(event_field(family, 'target')) }} as url,
        {{ event_field(family, 'kind') }} as kind,
        {{ to_count(event_field(family, 'round_targets')) }} as round_targets,
        case {{ event_field(family, 'attempted') }} when 'true' then true when 'false' then false end as is_attempted,
        case {{ event_field(family, 'reachable') }} when 'true' then true when 'false' then false end as is_reachable,
        nullif({{ event_field(family, 'error_class') }}, '') as error_class,
        cast({{ to_count(event_field(family, 'http_status'), '1e6') }} as integer) as http_status,
        {{ event_field(family, 'version') }} as version,
        {{ event_field(family, 'health') }} as health,
        {{ to_quantity(event_field(family, 'dns')) }} as dns_ms,
        {{ to_quantity(event_field(family, 'connect')) }} as connect_ms,
        {{ to_quantity(event_field(family, 'tls')) }} as tls_ms,
        {{ to_quantity(event_field(family, 'first_byte')) }} as first_byte_ms,
        {{ to_quantity(event_field(family, 'total')) }} as response_ms,
        {{ to_quantity(event_field(family, 'capacity_total')) }} as capacity_total,
        {{ to_quantity(event_field(family, 'capacity_used')) }} as capacity_used,
        {{ to_quantity(event_field(family, 'capacity_available')) }} as capacity_available,
        {{ to_count(event_field(family, 'runners_total')) }} as runners_total,
        {{ json_to_text(json_part('data', '$.runners')) }} as runners,
        {{ json_to_text(json_part('data', '$.gpus')) }} as gpus
    from {{ ref('arrived_events') }}
    where is_kept and type = '{{ family }}'
)

select
    *,
    coalesce(url is not null and kind in ('orchestrator', 'node', 'runner') and is_reachable is not null and round_targets >= 1, false) as is_readable
from scrapes
