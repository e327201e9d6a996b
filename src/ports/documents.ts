/** Reads the bytes of one attachment by its SHA-256 (hex). Null when the blob store does not have it. */
export type ReadDocument = (sha256: string) => Promise<Buffer | null>
/** Keeps bytes that a foreign system sent; returns their address. */
export type KeepDocument = (bytes: Buffer) => Promise<{ sha256: string; size: number }>
