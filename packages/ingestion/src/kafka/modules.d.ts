declare module 'lz4js' {
  /** How many bytes a frame may be, unpacked. */
  export function decompressBound(frame: Uint8Array): number;
  export function decompress(frame: Uint8Array, maxSize?: number): Uint8Array;
  export function compress(bytes: Uint8Array): Uint8Array;
}

declare module 'snappyjs' {
  export function uncompress(block: Buffer, maxLength?: number): Buffer;
  export function compress(bytes: Buffer): Buffer;
}
