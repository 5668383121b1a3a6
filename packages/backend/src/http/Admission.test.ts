import { Admission, ADMISSION_LIMITS, type Kind, kindOf } from './Admission';

const LIMITS = {
  ...ADMISSION_LIMITS,
  places: { life: 9, probe: 1, upload: 1, wait: 1, page: 1, question: 4 },
  share: 0.5,
  lateMs: 100,
  placesWhenLate: 2,
};

describe('kindOf', () => {
  it.each<[string, string, Kind]>([
    ['GET', '/api/naap/v1/health/live', 'life'],
    ['GET', '/API/naap/v1/Health/live/', 'life'],
    ['GET', '/api/naap/v1/health/ready', 'probe'],
    ['GET', '/.backstage/health/v1/readiness', 'probe'],
    ['GET', '/metrics', 'probe'],
    ['POST', '/api/naap/v1/events', 'upload'],
    ['GET', '/api/naap/v1/events', 'question'],
    ['GET', '/api/naap/v1/runs/2f0a8c1e/stream', 'wait'],
    ['GET', '/api/naap/v1/runs/2f0a8c1e/log', 'question'],
    ['POST', '/api/naap/v1/steps/build', 'wait'],
    ['POST', '/api/naap/v1/steps/build/plan', 'question'],
    ['POST', '/api/naap/v1/runs', 'question'],
    ['GET', '/api/catalog/entities', 'question'],
    ['POST', '/API/MCP-actions/v1', 'question'],
    ['GET', '/', 'page'],
    ['GET', '/naap/requests/api', 'page'],
    ['GET', '/static/main.js', 'page'],
    ['POST', '/api/auth/guest/refresh', 'page'],
    ['GET', '/api/app/x', 'page'],
    ['GET', '/api/apple', 'question'],
  ])('%s %s is a %s', (method, path, kind) => {
    expect(kindOf(method, path)).toBe(kind);
  });
});

describe('Admission', () => {
  let late: number;
  let admission: Admission;
  let askers: number;
  /** Somebody else each time. */
  const enter = (kind: Kind) => admission.enter(kind, `address-${askers++}`);

  beforeEach(() => {
    late = 0;
    askers = 0;
    admission = new Admission(() => late, LIMITS);
  });

  it('has so many places, and one more when somebody leaves', () => {
    const leave = [1, 2, 3, 4].map(() => enter('question'));
    expect(enter('question')).toBeUndefined();
    leave[0]!();
    expect(enter('question')).toBeDefined();
    expect(enter('question')).toBeUndefined();
  });

  it('has places of its own for every kind', () => {
    while (enter('question'));
    for (const kind of ['life', 'probe', 'upload', 'wait', 'page'] as const) {
      expect(enter(kind)).toBeDefined();
    }
  });

  it('has fewer places for questions, and for nothing else, while the loop is late', () => {
    late = 101;
    expect(enter('question')).toBeDefined();
    expect(enter('question')).toBeDefined();
    expect(enter('question')).toBeUndefined();
    expect(enter('wait')).toBeDefined();
    late = 100;
    expect(enter('question')).toBeDefined();
  });

  it('leaves places for others than one address', () => {
    expect(admission.enter('question', 'a')).toBeDefined();
    const leave = admission.enter('question', 'a');
    expect(admission.enter('question', 'a')).toBeUndefined();
    expect(admission.enter('question', 'b')).toBeDefined();
    leave!();
    expect(admission.enter('question', 'a')).toBeDefined();
  });

  it('always says whether the process answers', () => {
    const real = new Admission(() => 60_000);
    for (let i = 0; i < 5_000; i++) {
      expect(real.enter('life', 'one')).toBeDefined();
    }
  });
});
