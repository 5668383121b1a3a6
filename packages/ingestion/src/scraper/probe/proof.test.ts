import { X509Certificate } from 'node:crypto';
import { selfSigned } from '../../simulator/certificate';
import { isOrchestrator } from './proof';

const OWN = new X509Certificate(selfSigned('orch.example', 0, 2 ** 41).cert);

/** As Go's `http.Error` writes it. */
const notFoundOfGo = (bytes: number) => ({
  status: 404,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-length': String(bytes),
  },
});
const answer = (status: number | null, headers = {}) => ({ status, headers });

it.each([
  ['a list', answer(200), null, null],
  ['no live runners', notFoundOfGo(31), null, null],
  ['no discovery, with its own certificate', notFoundOfGo(19), null, OWN],
])('%s is of an orchestrator', (_, head, error, certificate) => {
  expect(isOrchestrator(head, error, certificate)).toBe(true);
});

it.each([
  ['nothing', null, null, null],
  ['no answer', answer(null), 'timeout', null],
  ['a page', answer(200), 'bad_json', null],
  ['a redirect', answer(302), 'redirect', OWN],
  ['a login', answer(401), 'http_status', OWN],
  ['any 404', answer(404, { 'content-length': '19' }), null, OWN],
  ['a 404 of another server in Go', notFoundOfGo(19), null, null],
  ['a longer 404 of a server in Go', notFoundOfGo(20), null, OWN],
] as const)('%s proves nothing', (_, head, error, certificate) => {
  expect(isOrchestrator(head, error, certificate)).toBe(false);
});
