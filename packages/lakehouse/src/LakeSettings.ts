/** A lake that other processes share: `args.lake` of the worker's ops. */
export interface LakeSettings {
  /** Hive Metastore, or an Iceberg REST catalog. */
  catalog: 'hive' | 'rest';
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
