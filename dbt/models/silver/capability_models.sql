-- One row per model that an entry lists under a capability.
select
    c.event_key, c.event_id, c.day, c.envelope_ms, c.idx, c.url,
    {{ json_key('cap') }} as capability,
    {{ json_key('mod') }} as model,
    {{ json_is_true(json_value('mod'), '$.warm') }} as is_warm,
    {{ to_number(json_text(json_value('mod'), '$.capacity')) }} as capacity_idle,
    {{ to_number(json_text(json_value('mod'), '$.capacityInUse')) }} as capacity_in_use,
    {{ json_text(json_value('mod'), '$.runnerVersion') }} as runner_version
from {{ ref('capability_entries') }} c
cross join {{ unnest_json_object(parse_json('c.per_capability'), 'cap') }}
cross join {{ unnest_json_object(json_part(json_value('cap'), '$.models'), 'mod') }}
where c.event_key in (select event_key from {{ ref('arrived_events') }} where is_kept and type = 'network_capabilities')
