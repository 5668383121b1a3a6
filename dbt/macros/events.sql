{# The parts of `data` that silver takes of each family: name → JSON path. #}
{% macro event_fields(family) %}
  {% set orchestrator = {'address': '$.orchestrator_info.address', 'url': '$.orchestrator_info.url'} %}
  {% set fields = {
    'stream_trace': dict(orchestrator, model='$.pipeline', message='$.message'),
    'ai_stream_status': dict(orchestrator,
      model='$.pipeline', state='$.state', start_time='$.start_time', state_update_time='$.last_state_update_time',
      sent_time='$.timestamp', fps='$.inference_status.fps', last_output_time='$.inference_status.last_output_time',
      last_error='$.inference_status.last_error', last_error_time='$.inference_status.last_error_time',
      restart_count='$.inference_status.restart_count', last_restart_time='$.inference_status.last_restart_time',
      input_fps='$.input_status.fps', last_input_time='$.input_status.last_input_time'),
    'ai_stream_events': dict(orchestrator, model='$.pipeline', message='$.message'),
    'stream_ingest_metrics': {
      'quality': '$.stats.conn_quality', 'bytes_received': '$.stats.peer_conn_stats.BytesReceived', 'bytes_sent': '$.stats.peer_conn_stats.BytesSent'},
    'create_new_payment': {
      'named_request_id': '$.requestID', 'url': '$.orchestrator', 'recipient': '$.recipient', 'sender': '$.sender', 'face_value': '$.faceValue',
      'win_prob': '$.winProb', 'num_tickets': '$.numTickets', 'price': '$.price', 'manifest_id': '$.manifestID', 'session_id': '$.sessionID'},
    'create_signed_ticket': {
      'url': '$.orch_url', 'recipient': '$.orch_address', 'app': '$.app', 'computed_fee': '$.computed_fee', 'num_tickets': '$.num_tickets',
      'manifest_id': '$.manifest_id', 'session_id': '$.session_id'},
    'orchestrator_scrape': {
      'target': '$.target', 'kind': '$.kind', 'round_targets': '$.round_targets', 'attempted': '$.attempted', 'reachable': '$.reachable',
      'error_class': '$.error_class', 'http_status': '$.http_status', 'version': '$.version', 'health': '$.health',
      'dns': '$.latency_ms.dns', 'connect': '$.latency_ms.connect', 'tls': '$.latency_ms.tls', 'first_byte': '$.latency_ms.first_byte',
      'total': '$.latency_ms.total', 'capacity_total': '$.capacity.total', 'capacity_used': '$.capacity.used',
      'capacity_available': '$.capacity.available', 'runners_total': '$.runners_total'},
  } %}
  {{ return(fields[family]) }}
{% endmacro %}

{# The extracted text of one named part of a row of `arrived_events`. #}
{% macro event_field(family, name) %}fields[{{ (event_fields(family).keys() | list).index(name) + 1 }}]{% endmacro %}

{# A number that may be written as text, as JSON would: `try_cast` alone takes blanks, `+1`, `.5` and `1_000` too. What
   is none, or no finite number under `below`, is null. #}
{% macro to_number(text, below='1e18') %}case when abs(try_cast({{ text }} as double)) < {{ below }} and {{ is_like_pattern(text, json_number()) }} then try_cast({{ text }} as double) end{% endmacro %}
{% macro json_number() %}-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?{% endmacro %}

{# A number from 0 up, and a whole one; anything else is null. #}
{% macro to_quantity(text) %}case when {{ to_number(text) }} >= 0 then {{ to_number(text) }} end{% endmacro %}
{% macro to_count(text, below='1e18') %}case when {{ to_number(text, below) }} >= 0 and floor({{ to_number(text, below) }}) = {{ to_number(text, below) }} then {{ to_number(text, below) }} end{% endmacro %}

{# A time inside `data` as unix ms: under 10^11 it is in seconds; 0 and what is no number are null (docs/kpis.md §1 Time). #}
{% macro to_ms(text) %}
  {%- set told = to_number(text, '1e15') -%}
  nullif(cast(round(case when {{ told }} < 1e11 then 1000 else 1 end * {{ told }}) as bigint), 0){% endmacro %}

{# A text that is used as a name: one that is empty, or has over 512 characters, is null (docs/kpis.md §1). DuckDB and
   Trino both count code points. The text is taken twice, so let it be a column. #}
{% macro name_or_null(text) %}case when length({{ text }}) between 1 and 512 then {{ text }} end{% endmacro %}

{# Addresses compare and are written in lower case. #}
{% macro normal_address(text) %}{{ ascii_lower(name_or_null(text)) }}{% endmacro %}

{# URLs compare and are written in lower case without trailing slashes; an empty one is null. #}
{% macro normal_url(text) %}nullif(trim(trailing '/' from {{ ascii_lower(name_or_null(text)) }}), ''){% endmacro %}

{# Whether a text holds one of some parts, in any case of its letters. #}
{% macro holds_any(text, parts) %}({% for part in parts %}strpos({{ ascii_lower("coalesce(" ~ text ~ ", '')") }}, '{{ part }}') > 0{{ ' or ' if not loop.last }}{% endfor %}){% endmacro %}

{# Errors that say that there was no orchestrator; that are nobody's or the user's fault; and that neither accuse nor
   excuse (docs/kpis.md §2 Outcome). #}
{% macro says_no_orchestrator(message) %}{{ holds_any(message, ['no orchestrators available']) }}{% endmacro %}
{% macro is_excused(message) %}{{ holds_any(message, [
    'no orchestrators available', 'mediamtx ingest disconnected', 'whip disconnected', 'missing video',
    'ice connection state failed', 'user disconnected', 'channel exists but sequence does not',
    'credit_exhaustion', 'non-h264 video', 'setremotedescription failed', 'error gathering tracks',
  ]) }}{% endmacro %}
{% macro is_harmless(message) %}{{ holds_any(message, ['next segment has started', 'missing next handle', 'error updating params']) }}{% endmacro %}

{# Whether a swap event is a swap: gateways send one too when a stream just ends (docs/kpis.md §2 Swaps). `request` is
   a row of request_edges. #}
{% macro is_swap(event, request) %}({{ request }}.closed_at_ms is null
        or {{ request }}.closed_at_ms - {{ event }}.envelope_ms > {{ var('swap_at_end_ms') }}
        or coalesce({{ request }}.no_orchestrator_at_ms >= {{ event }}.envelope_ms, false)){% endmacro %}

{# Logarithmic bucket of docs/kpis.md §3. #}
{% macro log_bucket(x) %}cast(ceil(ln(greatest(cast({{ x }} as double), 1.0)) / ln(1.02)) as integer){% endmacro %}

{# An amount with its unit, "2402400000000000 WEI" or "0.02 ETH", in ETH; anything else is null. #}
{% macro eth_amount(text) %}
  {%- set amount = to_number("substr(" ~ text ~ ", 1, length(" ~ text ~ ") - 4)", fee_bound()) -%}
  case
    when not {{ amount }} >= 0 then null
    when {{ ascii_lower(text) }} like '% wei' then {{ amount }} / 1e18
    when {{ ascii_lower(text) }} like '% eth' then {{ amount }}
  end{% endmacro %}

{# Amounts from here up are no fees: nobody has them, and sums of them would leave what a double holds. #}
{% macro fee_bound() %}1e30{% endmacro %}

{# The region of a gateway from the last part of its name (seeds/regions). #}
{% macro gateway_suffix(gateway) %}lower(regexp_extract({{ gateway }}, '-([A-Za-z]+)$', 1)){% endmacro %}
