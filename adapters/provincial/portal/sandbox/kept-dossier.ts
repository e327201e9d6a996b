/** A file as this portal keeps it; the hash is its own reckoning whenever it had the bytes. */
export interface KeptFile {
  readonly id: string
  readonly kind: 'NOP' | 'KET_QUA'
  readonly name: string
}

/** Simple fields of a record by their wire names, without the bytes of files. */
export type Fields = Readonly<Record<string, string>>

export interface KeptStep {
  readonly ref: string
  readonly fields: Fields
}

export interface KeptDossier {
  ref: string
  fields: Fields
  files: readonly KeptFile[]
  steps: KeptStep[]
}
