{{ config(meta={'families': ['stream_ingest_metrics']}) }}
select
    event_key, event_id, day, event_ms, envelope_ms, gateway, stream_id, request_id,
    {{ event_field('stream_ingest_metrics', 'quality') }} as quality,
    {{ to_number(event_field('stream_ingest_metrics', 'bytes_received')) }} as bytes_received,
    {{ to_number(event_field('stream_ingest_metrics', 'bytes_sent')) }} as bytes_sent,
    {{ json_to_text(json_part(parse_json('data'), '$.stats.track_stats')) }} as tracks
from {{ ref('arrived_events') }}
where is_kept and type = 'stream_ingest_metrics'
