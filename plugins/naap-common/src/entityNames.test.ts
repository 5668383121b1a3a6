import { modelEntityName, orchestratorEntityName } from './entityNames';

const ADDRESS = '0x0074780feff1fd0277fad6ccdb5a29908df6051f';

describe('names in the catalog', () => {
  it('are the id where the catalog takes it', () => {
    expect(orchestratorEntityName(ADDRESS)).toBe(`orchestrator-${ADDRESS}`);
    expect(modelEntityName('streamdiffusion-sdxl')).toBe(
      'model-streamdiffusion-sdxl',
    );
  });

  const hostile = [
    '',
    'a',
    'A',
    'a/b',
    'a:b',
    'a-',
    '\u202egpj.exe',
    '<img src=x onerror=alert(1)>',
    '🦙'.repeat(100),
    'x'.repeat(300),
    `${'x'.repeat(299)}y`,
    // Looks like the name of another one.
    modelEntityName('A').slice('model-'.length),
  ];

  it.each(hostile)('are valid for %j', id => {
    expect(modelEntityName(id)).toMatch(/^[a-z0-9][a-z0-9\-_.]{0,61}[a-z0-9]$/);
  });

  it('differ where ids differ', () => {
    const names = hostile.map(modelEntityName);
    expect(new Set(names).size).toBe(hostile.length);
  });
});
