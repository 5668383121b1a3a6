{{ config(meta={'families': ['network_capabilities']}) }}
-- One row per GPU (or, without GPU data, per runner) that an entry reports for a model.
{% set carried = ['event_key', 'event_id', 'day', 'envelope_ms', 'idx', 'address', 'url', 'is_contested'] %}
with entries as (
    select * from {{ ref('capability_entries') }}
    where event_key in (select event_key from {{ ref('arrived_events') }} where is_kept and type = 'network_capabilities')
),

runners as (
    select
        event_key, event_id, day, envelope_ms, entry_idx as idx, address, url, is_contested,
        cast(idx as bigint) as hardware_idx,
        {{ json_text('value', '$.pipeline') }} as pipeline,
        {{ json_text('value', '$.model_id') }} as model,
        {{ json_part('value', '$.gpu_info') }} as gpu_info
    from ({{ explode_json_array(
        '(select *, idx as entry_idx from entries) numbered', parse_json('hardware'),
        ['event_key', 'event_id', 'day', 'envelope_ms', 'entry_idx', 'address', 'url', 'is_contested']) }}) listed
),

gpus as (
    {{ explode_json_object('runners', 'gpu_info', carried + ['hardware_idx', 'pipeline', 'model'], keep=true) }}
),

told as (
    select
        {{ carried | join(', ') }}, hardware_idx, pipeline, model,
        {{ json_text('value', '$.id') }} as gpu_id,
        {{ json_text('value', '$.name') }} as gpu,
        {{ to_number(json_text('value', '$.memory_total')) }} as memory_bytes
    from gpus
)

select
    {{ carried | join(', ') }}, hardware_idx,
    {{ name_or_null('pipeline') }} as pipeline,
    {{ name_or_null('model') }} as model,
    {{ name_or_null('gpu_id') }} as gpu_id,
    {{ name_or_null('gpu') }} as gpu,
    memory_bytes
from told
