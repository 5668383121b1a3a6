declare module 'lz4js' {
  /** How many bytes a frame may be, unpacked. */
  export function decompressBound(frame: Uint8Array): number;
  /** Unpacks a block of `length` bytes at `from` into `to` at `at`; gives the end of it there. */
  export function decompressBlock(
    source: Uint8Array,
    to: Uint8Array,
    from: number,
    length: number,
    at: number,
  ): number;
}

declare module 'snappyjs' {
  export function uncompress(block: Buffer, maxLength?: number): Buffer;
  export function compress(bytes: Buffer): Buffer;
}
