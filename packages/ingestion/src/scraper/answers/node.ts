import { isName, NetworkCapabilitiesEntry } from '@naap/events';
import { text } from './bounded';
import { isArray, isObject, parseJson, Reader } from './Findings';
import { parseAiSeries } from './prometheus';

/** `GET /status` of a go-livepeer node, on its command-line port. */
export const readStatus: Reader = (body, found) => {
  found.version = text(parseJson(body, isObject).Version);
};

/** `GET /metrics` of a go-livepeer node that runs with `-monitor`. */
export const readMetrics: Reader = (body, found) => {
  found.metrics = parseAiSeries(body);
};

function hasAddress(entry: unknown): entry is NetworkCapabilitiesEntry {
  return isObject(entry) && isName(entry.address);
}

/** `GET /getNetworkCapabilities` of a gateway; others say 400. */
export const readCapabilities: Reader = (body, found) => {
  const { orchestrators } = parseJson(body, isObject);
  found.capabilities = isArray(orchestrators)
    ? orchestrators.filter(hasAddress)
    : [];
};
