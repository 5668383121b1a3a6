-- Which hardware an address has behind a URL for a model, and when: from the entries whose hardware lists the model.
with entries as (
    select
        url, address, model, envelope_ms, event_id, idx,
        case when min(gpu) = max(gpu) then min(gpu) end as gpu,
        case when min(gpu_id) = max(gpu_id) then min(gpu_id) end as gpu_id,
        min_by(pipeline, hardware_idx) filter (where pipeline is not null) as pipeline
    from {{ ref('capability_hardware') }}
    where url is not null and model is not null
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
    group by url, address, model, envelope_ms, event_id, idx
)

{{ report_periods('entries', ['url', 'address', 'model'], ['gpu', 'gpu_id', 'pipeline']) }}
