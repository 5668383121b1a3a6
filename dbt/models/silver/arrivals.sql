select topic, "partition", "offset", day, hour, arrived_ms, source, class, reason, digest, is_repeat, n
from {{ ref('arrived_messages') }}
