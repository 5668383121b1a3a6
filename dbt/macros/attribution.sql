{# The one rule by which what names a request by its request_id alone, which is not unique over time, belongs to one
   (docs/kpis.md §2): one that was first seen up to a day before it or five minutes after it, and only where there is one. #}

{# Select: the requests that messages name whole, each with when it was first seen. `messages` is what stands after FROM. #}
{% macro named_requests(messages) %}
    select request_id, stream_id, min(envelope_ms) as first_ms
    from {{ messages }}
    where stream_id is not null
    group by request_id, stream_id
{% endmacro %}

{# Select: event_key and the stream_id of the one request that a row of `rows` can be of. `column` has its request_id. #}
{% macro only_request(rows, column, named) %}
    select r.event_key, min(n.stream_id) as stream_id
    from {{ rows }} r
    join {{ named }} n
        on n.request_id = r.{{ column }}
        and n.first_ms between r.envelope_ms - {{ var('stream_id_before_ms') }} and r.envelope_ms + {{ var('stream_id_after_ms') }}
    group by r.event_key
    having count(*) = 1
{% endmacro %}
