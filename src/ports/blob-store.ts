/** Kho tệp: keeps the bytes of documents under their SHA-256 (lower-case hex). The same bytes are kept once. */
export interface BlobStore {
  /** Returns only after the bytes are safe against a power cut. */
  put(bytes: Uint8Array): Promise<{ sha256: string; size: number }>
  /** The bytes, checked against their address; null when they are not there. Throws when what is stored is damaged. */
  get(sha256: string): Promise<Buffer | null>
  has(sha256: string): Promise<boolean>
}
