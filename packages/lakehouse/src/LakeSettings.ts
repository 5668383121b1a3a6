import { Settings } from '@naap/system';

const CATALOGS = ['hive', 'rest'] as const;

/** A lake that other processes share: `args.lake` of the worker's ops. */
export interface LakeSettings {
  /** Hive Metastore, or an Iceberg REST catalog. */
  catalog: (typeof CATALOGS)[number];
  /** `thrift://host:port`, or the base URL of the REST catalog. */
  uri: string;
  /** Folder or `s3://` location; for REST the name that the catalog has for it. */
  warehouse: string;
  s3?: {
    endpoint: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
  };
}

/**
 * The lake of a configuration (`naap.lake`): where each catalog would be, and which one it is.
 *
 * @throws SettingsError
 */
export function readLakeSettings(value: unknown, key: string): LakeSettings {
  const lake = new Settings(value, key);
  const catalog = lake.oneOf('catalog', CATALOGS);
  const place = lake.at(catalog);
  const s3 = lake.at('s3');
  return {
    catalog,
    uri: place.text('uri'),
    warehouse: place.text('warehouse'),
    s3: {
      endpoint: s3.text('endpoint'),
      region: s3.text('region'),
      accessKeyId: s3.text('accessKeyId'),
      secretAccessKey: s3.text('secretAccessKey'),
    },
  };
}
