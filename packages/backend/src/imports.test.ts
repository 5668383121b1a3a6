import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import {
  eachNode,
  importsOf,
  pythonSources,
  sources,
  textOf,
} from './__testUtils__/sources';

/**
 * Who may be imported by whom: a package imports those of the layers before its
 * own, and none of its own layer.
 */
const LAYERS = [
  ['packages/events', 'packages/system'],
  ['packages/ingestion', 'packages/serving'],
  // It implements what the serving layer takes gold from.
  ['packages/lakehouse'],
  ['plugins/naap-common'],
  ['plugins/naap-node'],
  [
    'packages/cli',
    'plugins/catalog-backend-module-naap',
    'plugins/naap',
    'plugins/naap-backend',
    'plugins/naap-backend-module-dbt',
    'plugins/naap-backend-module-ingestion',
    'plugins/naap-backend-module-lakehouse',
    'plugins/naap-backend-module-serving',
  ],
  ['packages/app', 'packages/backend'],
];

/** They know nothing of the portal. */
const ROOMS = ['events', 'ingestion', 'lakehouse', 'serving', 'system'];

/** What is made for a browser, and what is made of these. */
const IN_BROWSER = ['packages/app', 'plugins/naap', 'plugins/naap-common'];
/** The doors of packages that lead to nothing of Node. */
const BROWSER_DOORS = [
  '@naap/events/names',
  '@naap/plugin-naap',
  '@naap/plugin-naap-common',
  '@naap/serving/bounded',
  '@naap/serving/contract',
];

interface Engine {
  /** What it has to itself: a folder, or a module of Python, of this name. */
  folder: string;
  /** Packages that are its own. */
  modules: string[];
  /** How it is called in names and texts of the code. */
  name?: RegExp;
  /** An import of it in Python. */
  python?: RegExp;
}

const ENGINES: Engine[] = [
  {
    folder: 'duckdb',
    modules: ['@duckdb/node-api'],
    name: /duckdb/i,
    python: /^ *(?:import|from) (?:duckdb|dbt\.adapters\.duckdb)\b/m,
  },
  { folder: 'chdb', modules: ['chdb', 'chdb/connection'], name: /chdb/i },
  { folder: 'sqlite', modules: ['better-sqlite3', 'node:sqlite'] },
  { folder: 'kafka', modules: ['kafkajs', 'lz4js', 'snappyjs'] },
  { folder: 'trino', modules: ['trino-client'] },
];

/** A profile is put together of engines, the `open…` of a layer chooses one, and a package shows which it has. */
const NAMES_ENGINES =
  /\/embedded\/|\/open[A-Z]\w*\.ts$|^packages\/\w+\/src\/index\.ts$/;

/** What is outside of what its engine has to itself, and why. One that is not needed any more fails. */
const EXCEPTIONS: Record<string, string> = {
  'packages/system/src/exclusive/files/FileLocks.ts':
    'the lock that a kernel frees',
  'packages/lakehouse/python/naap_lake/coordinates.py':
    'compares in memory what was read of any lake',
  'packages/lakehouse/python/naap_lake/gold_files.py': 'of the build on DuckDB',
};

/** The only places that look at the profile, one a program. */
const COMPOSITION_ROOTS = [
  'packages/backend/src/platform/openPlatform.ts',
  'packages/cli/src/platform/openPlatform.ts',
];

const packageOf = (path: string) => path.split('/').slice(0, 2).join('/');

const files = sources('{ts,tsx}').map(path => ({
  path,
  imports: importsOf(path),
}));

/** Folder of the package that a module is of, by its name; undefined: not one of ours. */
const folders = new Map<string, string>();
for (const folder of LAYERS.flat()) {
  folders.set(JSON.parse(textOf(`${folder}/package.json`)).name, folder);
}
function folderOf(module: string): string | undefined {
  const [scope, name] = module.split('/');
  return folders.get(scope.startsWith('@') ? `${scope}/${name}` : scope);
}

/** Lines `file → module` of the imports that are not as they should be. */
function wrong(isWrong: (path: string, module: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter(module => isWrong(path, module))
      .map(module => `${path} → ${module}`),
  );
}

describe('the imports of what is shipped', () => {
  it('point one way, between packages', () => {
    const layerOf = (folder: string) =>
      LAYERS.findIndex(layer => layer.includes(folder));
    const unknown = files.map(({ path }) => packageOf(path));
    expect(unknown.filter(folder => layerOf(folder) < 0)).toEqual([]);
    expect(
      wrong((path, module) => {
        const from = packageOf(path);
        const to = folderOf(module);
        return to !== undefined && layerOf(to) >= layerOf(from);
      }),
    ).toEqual([]);
  });

  it('go through the doors of a package, not around them', () => {
    expect(
      wrong((path, module) => {
        if (!module.startsWith('.')) return /^@naap\/.*\/src\b/.test(module);
        const target = normalize(join(dirname(path), module));
        return packageOf(target) !== packageOf(path);
      }),
    ).toEqual([]);
  });

  it('keep the portal out of the layers', () => {
    expect(
      wrong(
        (path, module) =>
          ROOMS.includes(packageOf(path).slice('packages/'.length)) &&
          module.startsWith('@backstage/'),
      ),
    ).toEqual([]);
  });

  it('let nobody but the portal have a plugin of its backend', () => {
    expect(
      wrong(
        (path, module) =>
          packageOf(path) !== 'packages/backend' &&
          /^@naap\/.*-backend\b/.test(module),
      ),
    ).toEqual([]);
  });

  it('keep what needs Node out of the browser', () => {
    expect(
      wrong(
        (path, module) =>
          IN_BROWSER.includes(packageOf(path)) &&
          (module.startsWith('node:') ||
            (folderOf(module) !== undefined &&
              !BROWSER_DOORS.includes(module))),
      ),
    ).toEqual([]);
  });
});

describe('a second engine is a folder beside the first', () => {
  const isExcepted = new Set<string>();

  /** Whether an identifier or a text says it; an import says it by the names that it brings. */
  function says(path: string, name: RegExp): boolean {
    let isSaid = false;
    eachNode(path, node => {
      if (node.parent && ts.isImportDeclaration(node.parent)) return;
      const isWord =
        ts.isIdentifier(node) ||
        ts.isStringLiteralLike(node) ||
        ts.isTemplateHead(node) ||
        ts.isTemplateMiddle(node) ||
        ts.isTemplateTail(node);
      isSaid ||= isWord && name.test(node.text);
    });
    return isSaid;
  }

  it.each(ENGINES)(
    'what is of $folder alone is in its folder',
    ({ folder, modules, name, python }) => {
      const isOutside = (path: string) =>
        !path.includes(`/${folder}/`) && !path.endsWith(`/${folder}.py`);
      const found = files
        .filter(
          ({ path, imports }) =>
            imports.some(module => modules.includes(module)) ||
            (name && !NAMES_ENGINES.test(path) && says(path, name)),
        )
        .map(({ path }) => path);
      const inPython = pythonSources().filter(path =>
        python?.test(textOf(path)),
      );
      const outside = [...found, ...inPython].filter(isOutside);
      for (const path of outside) isExcepted.add(path);
      expect(outside.filter(path => !(path in EXCEPTIONS))).toEqual([]);
    },
  );

  it('has no exception that is not needed', () => {
    const unneeded = Object.keys(EXCEPTIONS).filter(
      path => !isExcepted.has(path),
    );
    expect(unneeded).toEqual([]);
  });

  it('is named by its profile in one place of a program', () => {
    const found = new Set<string>();
    for (const { path } of files) {
      eachNode(path, node => {
        const isName = ts.isStringLiteralLike(node) || ts.isIdentifier(node);
        if (isName && /^(?:embedded|distributed)$/.test(node.text)) {
          found.add(path);
        }
      });
    }
    expect([...found].sort()).toEqual(COMPOSITION_ROOTS);
  });

  it('is chosen where the platform is opened: the portal asks for its profile, the CLI whether the portal has the home too', () => {
    const choosing = wrong((_, module) =>
      /\/(?:embedded|EmbeddedPlatform|PortalPlatform)$/.test(module),
    );
    const [backend, cli] = COMPOSITION_ROOTS;
    expect(choosing.map(line => line.split(' ')[0]).sort()).toEqual([
      backend,
      cli,
      cli,
    ]);
  });
});
