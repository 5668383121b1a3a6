-- One row per GPU (or, without GPU data, per runner) that an entry reports for a model.
select
    c.event_key, c.event_id, c.day, c.envelope_ms, c.idx, c.url,
    cast(h.hardware_idx as bigint) as hardware_idx,
    nullif({{ json_text('h.item', '$.pipeline') }}, '') as pipeline,
    nullif({{ json_text('h.item', '$.model_id') }}, '') as model,
    g.gpu_id, g.gpu, g.memory_bytes
from {{ ref('capability_entries') }} c
cross join {{ unnest_json_array(parse_json('c.hardware'), 'h', 'item', 'hardware_idx') }}
left join lateral (
    select
        {{ json_text(json_value('gpu_entry'), '$.id') }} as gpu_id,
        nullif({{ json_text(json_value('gpu_entry'), '$.name') }}, '') as gpu,
        {{ to_number(json_text(json_value('gpu_entry'), '$.memory_total')) }} as memory_bytes
    from {{ unnest_json_object(json_part('h.item', '$.gpu_info'), 'gpu_entry') }}
) g on true
where c.event_key in (select event_key from {{ ref('arrived_events') }} where is_kept and type = 'network_capabilities')
