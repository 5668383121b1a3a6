import { isContact, userAgentOf } from './userAgent';

it('says who, why, how to reach the operator and how to be left alone', () => {
  expect(userAgentOf('ops@naap.example')).toMatch(
    /^naap-scraper\/\d+\.\d+\.\d+ \(.*Livepeer.*; contact: ops@naap\.example; to opt out .*\/\.well-known\/naap-scraper\.txt\)$/,
  );
  expect(userAgentOf(null)).not.toContain('contact');
});

it.each([
  'https://naap.example/about#scraper',
  'ops@naap.example',
  'mailto:a.b+c@naap.example',
])('takes %s', contact => expect(isContact(contact)).toBe(true));

it.each([
  'ops@naap.example\r\nx-more: 1',
  'https://naap.example/\n',
  'https://naap.example/ü',
  'https://naap.example/)(',
  'ask around',
  'data:text/html,x',
  `https://${'x'.repeat(200)}`,
])('refuses %j', contact => expect(isContact(contact)).toBe(false));
