{{ config(meta={'replaces': {'columns': ['day', 'topic', '"partition"', '"offset"'], 'by': 'arrived_places'}}) }}
select topic, "partition", "offset", day, hour, arrived_ms, source, class, reason, digest, is_repeat, n
from {{ ref('arrived_messages') }}
