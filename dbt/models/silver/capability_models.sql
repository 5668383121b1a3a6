{{ config(meta={'families': ['network_capabilities']}) }}
-- One row per model that an entry lists under a capability.
{% set carried = ['event_key', 'event_id', 'day', 'envelope_ms', 'idx', 'address', 'url', 'is_contested'] %}
with entries as (
    select * from {{ ref('capability_entries') }}
    where event_key in (select event_key from {{ ref('arrived_events') }} where is_kept and type = 'network_capabilities')
),

capabilities as (
    select {{ carried | join(', ') }}, key as capability, {{ json_part('value', '$.models') }} as models
    from ({{ explode_json_object('entries', parse_json('per_capability'), carried) }}) by_capability
),

models as (
    {{ explode_json_object('capabilities', 'models', carried + ['capability']) }}
)

select
    {{ carried | join(', ') }}, capability,
    key as model,
    {{ json_is_true('value', '$.warm') }} as is_warm,
    {{ to_quantity(json_text('value', '$.capacity')) }} as capacity_idle,
    {{ to_quantity(json_text('value', '$.capacityInUse')) }} as capacity_in_use,
    nullif({{ json_text('value', '$.runnerVersion') }}, '') as runner_version
from models
-- Nulls may be missing, so a model whose entry is null is not listed; nor is one without a name.
where value is not null and {{ name_or_null('key') }} is not null
